"""Parameters as they act: whatever the unit and the origin of numbers, on the link's scale."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from partialpool.checks.acting import act_on_predictor
from partialpool.checks.diagnostics import diagnose_parameters, judge_precision
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws
from partialpool.posterior.predictor import linear_predictor
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import load_engine
from partialpool.settings import Priors, Sampling, Verdict
from partialpool.shortfalls import find_shortfalls

CHAINS, COUNT = 4, 500
LIFT = 0.09
"""By which an offer raises the rate, in the data of `offers`."""


def offers(origin=2015.0, step=1.0):
    """Sales of eleven years, rising, with a quarter more contacts in every later one."""
    random, rows = np.random.default_rng(5), []
    for year in range(11):
        for offer in ("none", "some"):
            rate = 0.3 + LIFT * (offer == "some") + 0.02 * (year - 5)
            trials = 400 + 100 * year
            rows.append((offer, origin + step * year, random.binomial(trials, rate), trials))
    cells = pd.DataFrame(rows, columns=["offer", "year", "successes", "trials"])
    cells["offer"] = pd.Categorical(cells["offer"], ["none", "some"])
    cells["shop"] = pd.Categorical([f"{i % 3}" for i in range(len(cells))])
    return cells


def model(formula, cells):
    design = learn_design(formula, cells)
    data = assemble_stan_data(design, cells, Priors(), "cells", "auto")
    return design, name_parameters(design, LOGISTIC), data


def invented(design, names, seed=1):
    """Draws of every parameter, whatever they are."""
    random = np.random.default_rng(seed)
    arrays = {}
    for kind, of in names.groupby("kind", sort=False):
        values = random.standard_normal((CHAINS, COUNT, len(of)))
        if kind == "sd":
            values = np.exp(values)
        if kind == "correlation":
            values = np.tanh(values)
        arrays[kind] = (("chain", "draw", f"{kind}_name"), values)
    places = {f"{k}_name": list(of["parameter"]) for k, of in names.groupby("kind")}
    return xr.Dataset(arrays, places)


@pytest.mark.parametrize(
    "formula", ["offer + year", "offer * year", "0 + offer + year", "offer + poly(year, 2)"]
)
def test_coefficients_that_act_are_worth_what_they_add_to_the_contacts(formula):
    cells = offers()
    design, names, data = model(formula, cells)
    draws = invented(design, names)
    acting = act_on_predictor(draws, names, data)
    assert list(acting) == list(names["parameter"])
    eta = linear_predictor(draws, design, cells)
    squares = np.square(eta) @ (cells["trials"] / cells["trials"].sum())
    total = sum(np.square(values).ravel() for values in acting.values())
    np.testing.assert_allclose(total, squares, rtol=1e-6)


def test_phi_and_what_only_a_program_has_count_relative_to_their_means():
    cells = offers()
    _, names, data = model("1 + (1 | shop)", cells)
    values = 100 + np.random.default_rng(1).standard_normal((CHAINS, COUNT, 1))
    arrays = {kind: (("chain", "draw", f"{kind}_name"), -values) for kind in ("phi", "other")}
    draws = xr.Dataset(arrays, {"phi_name": ["phi"], "other_name": ["own[1]"]})
    acting = act_on_predictor(draws, names, data)
    assert list(acting) == ["phi", "own[1]"]
    np.testing.assert_allclose(acting["own[1]"], -values[..., 0] / values.mean())


def test_the_intercept_acts_at_the_mean_of_the_contacts_and_a_slope_over_their_spread():
    cells = offers()
    design, names, data = model("1 + year", cells)
    draws = invented(design, names)
    acting = act_on_predictor(draws, names, data)
    intercept, slope = np.moveaxis(draws["population"].values, -1, 0)
    mean = np.average(cells["year"], weights=cells["trials"])
    sd = np.sqrt(np.average(np.square(cells["year"] - mean), weights=cells["trials"]))
    np.testing.assert_allclose(np.abs(acting["Intercept"]), np.abs(intercept + mean * slope))
    np.testing.assert_allclose(np.abs(acting["year"]), np.abs(sd * slope), rtol=1e-9)


def test_effects_and_their_spreads_act_at_the_mean_too():
    cells = offers()
    design, names, data = model("year + (1 + year | shop)", cells)
    draws = invented(design, names)
    acting = act_on_predictor(draws, names, data)
    mean = np.average(cells["year"], weights=cells["trials"])
    one, other = (draws["effect"].sel(effect_name=f"r_shop[2, {c}]") for c in ("Intercept", "year"))
    np.testing.assert_allclose(np.abs(acting["r_shop[2, Intercept]"]), np.abs(one + mean * other))
    a, b = np.moveaxis(draws["sd"].values, -1, 0)
    together = draws["correlation"].values[..., 0]
    spread = np.sqrt(a**2 + (mean * b) ** 2 + 2 * mean * a * b * together)
    np.testing.assert_allclose(acting["sd_shop[Intercept]"], spread, rtol=1e-6)


@pytest.mark.parametrize("formula", ["year + (1 + year || shop)", "1 + (0 + offer | shop)"])
def test_terms_of_one_grouping_factor_act_together(formula):
    cells = offers()
    design, names, data = model(formula, cells)
    draws = invented(design, names)
    acting = act_on_predictor(draws, names, data)
    only = draws.copy(deep=True)
    only["population"] = 0 * only["population"]
    eta = linear_predictor(only, design, cells)
    weights = (cells["trials"] / cells["trials"].sum()).to_numpy()
    effects = [values for name, values in acting.items() if name.startswith("r_")]
    assert len(effects) == (names["kind"] == "effect").sum()
    assert np.isfinite(np.stack(effects)).all()
    # a level with contacts like all others' would have just this; sums over levels are near it
    total = sum(np.square(values).ravel() for values in effects) / 3
    assert np.median(total / (np.square(eta) @ weights)) == pytest.approx(1, abs=0.25)


def test_what_acts_as_it_is_keeps_its_own_draws():
    cells = offers()
    design, names, data = model("1 + (1 | shop)", cells)
    draws = invented(design, names)
    assert list(act_on_predictor(draws, names, data)) == ["Intercept"]


@pytest.mark.parametrize(("origin", "step"), [(0.0, 1.0), (2015.0, 1.0), (2.015e6, 1000.0)])
def test_the_monte_carlo_error_that_is_judged_knows_no_unit_and_no_origin(origin, step):
    values = np.random.default_rng(2).standard_normal((CHAINS, COUNT, 3))
    values *= [0.02, 0.02, 0.002]  # an additive model's draws about the mean
    cells = offers(origin, step)
    _, names, data = model("offer + year", cells)
    mean = np.average(cells["year"], weights=cells["trials"])
    values[..., 2] /= step
    values[..., 0] -= mean * values[..., 2]
    draws = xr.Dataset(
        {"population": (("chain", "draw", "population_name"), values)},
        {"population_name": list(names["parameter"])},
    )
    table = diagnose_parameters(draws, act_on_predictor(draws, names, data))
    np.testing.assert_allclose(table["mcse"], [0.0005, 0.0002, 0.0001], atol=2e-4)


def test_years_far_from_0_pass_and_give_the_lift_that_centred_ones_give(compiled):
    cells, found = offers(), {}
    for formula in ("offer + year", "offer + center(year)"):
        design, names, data = model(formula, cells)
        draws = load_engine("stanli").sample(compiled("stanli"), data, Sampling(), 3, 2)
        assert find_shortfalls(draws, names, data, Verdict()) == []
        posterior = label_draws(draws, names)["posterior"].to_dataset()
        rates = 1 / (1 + np.exp(-linear_predictor(posterior, design, cells)))
        some = (cells["offer"] == "some").to_numpy()
        weights = cells["trials"][some].to_numpy()
        found[formula] = (rates[:, some] - rates[:, ~some]) @ (weights / weights.sum())
        table = diagnose_parameters(posterior)
        failed = [c["check"] for c in judge_precision(table, Verdict()) if not c["passed"]]
        assert failed == (["mcse"] if formula == "offer + year" else [])
    plain, centred = found.values()
    error = np.hypot(plain.std(), centred.std()) / np.sqrt(1000)
    assert abs(plain.mean() - centred.mean()) < 4 * error
    assert abs(plain.mean() - LIFT) < 3 * plain.std()
