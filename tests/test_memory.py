"""Draws x cells are never held at once: memory stays bounded however many cells there are."""

import tracemalloc
from functools import partial
from itertools import product

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from partialpool.calibration.simulate import simulate_cells
from partialpool.cells.levels import with_levels
from partialpool.cells.question import Question
from partialpool.checks.acting import act_on_predictor
from partialpool.checks.oracle.agreement import consult
from partialpool.checks.predictive import check_predictive, predict_cells
from partialpool.checks.sensitivity import log_likelihood, log_prior
from partialpool.comparison import exclusive
from partialpool.comparison.loo import score_contacts, score_sets
from partialpool.decision.effects import standardised_rates
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.posterior import predictor
from partialpool.posterior.fit import Fit
from partialpool.sampling import pilot
from partialpool.sampling.assembly import assemble_stan_data, check_flat_priors
from partialpool.sampling.stan_data import read_stan_data, write_stan_data
from partialpool.settings import Oracle, Priors

FORMULA = "promo + (1 + promo | shop)"
VALUES = {"Intercept": -1.0, "sd_shop[Intercept]": 0.5, "phi": 30.0}
LIKELIHOOD = Likelihood("beta_binomial")


class Many:
    """Draws of a beta-binomial model for many cells, in one chain after the other."""

    def __init__(self, cells, draws):
        levels = {"promo": ["a", "b"], "shop": [f"s{i}" for i in range(50)]}
        levels["week"] = [f"w{i}" for i in range(cells // 100)]
        random = np.random.default_rng(1)
        self.cells = simulate_cells(FORMULA, levels, 20, VALUES, random, LIKELIHOOD).cells
        design = learn_design(FORMULA, self.cells)
        kinds = {"population": 2, "effect": 100, "phi": 1}
        values = {k: 0.3 * random.standard_normal((2, draws // 2, n)) for k, n in kinds.items()}
        values["phi"] = 30 * np.exp(values["phi"])
        draws = xr.Dataset({k: (("chain", "draw", f"{k}_name"), v) for k, v in values.items()})
        self.fit = Fit(self.cells, design, LIKELIHOOD, draws)

    def check(self):
        return check_predictive(self.fit, 0.89, np.random.default_rng(1))

    def foresee(self):
        return predict_cells(self.fit, 100, 0.89, np.random.default_rng(1))

    def standardise(self):
        return standardised_rates(self.fit, Question("promo"))

    def leave_out_contacts(self):
        return score_contacts(self.fit)

    def leave_out_cells(self):
        order = np.arange(len(self.cells))
        return score_sets(self.fit, order, order // 3)


STEPS = (Many.check, Many.foresee, Many.standardise, Many.leave_out_contacts, Many.leave_out_cells)


def peak(work):
    """The most bytes that were held beyond those held before."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def held(step, cells, draws, monkeypatch, at_once=50_000):
    """Bytes that a step holds with small chunks, and those of draws x cells."""
    many = Many(cells, draws)
    monkeypatch.setattr(predictor, "AT_ONCE", at_once)
    step(many)  # what is imported and cached on the way is no part of it
    return peak(partial(step, many)), 8 * cells * draws


def called(step):
    return step.__name__


@pytest.mark.parametrize("step", STEPS[:3], ids=called)
def test_memory_is_a_few_chunks_whatever_the_number_of_cells(step, monkeypatch):
    most, whole = held(step, 1000, 1000, monkeypatch)
    assert most < 12 * 8 * 50_000 < whole


@pytest.mark.parametrize("step", STEPS[3:], ids=called)
def test_leaving_out_takes_a_few_chunks_too(step, monkeypatch):
    most, whole = held(step, 100, 5000, monkeypatch)
    assert most < 8 * 8 * 50_000 < whole


@pytest.mark.large
@pytest.mark.parametrize("step", STEPS[:3], ids=called)
def test_a_hundred_thousand_cells_take_half_a_gigabyte(step):
    """Four thousand draws of all of them would be 3.2 GB."""
    assert peak(partial(step, Many(cells=100_000, draws=4000))) < 500e6


@pytest.mark.large
@pytest.mark.parametrize("step", STEPS[3:], ids=called)
def test_leaving_out_of_many_draws_takes_half_a_gigabyte(step):
    """Twenty thousand draws of all the cells would be 1.6 GB."""
    assert peak(partial(step, Many(cells=10_000, draws=20_000))) < 500e6


def cross(levels, trials=20):
    """A cell for every combination of levels."""
    cells = pd.DataFrame(list(product(*levels.values())), columns=list(levels))
    random = np.random.default_rng(1)
    counts = {"trials": trials, "successes": random.binomial(trials, 0.3, len(cells))}
    return with_levels(cells.assign(**counts), levels)


def some_draws(names, draws):
    """Draws of every parameter, of any values: what they are does not matter to memory."""
    random, by_kind = np.random.default_rng(1), {}
    for kind in names["kind"].unique():
        of = of_kind(names, kind)
        values = np.abs(random.normal(0, 0.2, (1, draws, len(of))))
        by_kind[kind] = (("chain", "draw", f"{kind}_name"), values, of)
    coordinates = {f"{kind}_name": of for kind, (_, _, of) in by_kind.items()}
    return xr.Dataset({k: (dims, v) for k, (dims, v, _) in by_kind.items()}, coordinates)


def test_a_model_of_a_thousand_levels_takes_memory_as_its_cells_do(monkeypatch, tmp_path):
    """Cells x levels alone would be 840 MB; what is linear in the cells is some 10 MB a column."""
    monkeypatch.setattr(pilot, "ITERATIONS", 3)  # each the same arrays again
    levels = {"promo": ["a", "b"], "shop": [f"s{i}" for i in range(50)]}
    cells = cross(levels | {"week": [f"w{i}" for i in range(1000)]})
    assert len(cells) == 100_000

    def build_to_checks():
        design = learn_design("promo + (1 + promo | shop) + (1 | week)", cells)
        data = assemble_stan_data(design, cells, Priors(), "contacts", "auto")
        check_flat_priors(data, design)
        write_stan_data(data, tmp_path / "data.json")
        data, names = read_stan_data(tmp_path / "data.json"), name_parameters(design, LOGISTIC)
        draws = some_draws(names, 20)
        act_on_predictor(draws, names, data)
        log_prior(data, draws)
        log_likelihood(Fit(cells, design, LOGISTIC, draws))
        return consult(data, names, draws, Oracle(), seed=1)[1]["reason"]

    refused = []
    assert peak(lambda: refused.append(build_to_checks())) < 150e6
    assert refused == ["dimensions"]


@pytest.mark.parametrize(
    ("formula", "unit", "effects"),
    [("(1 | shop)", 4000, 1), ("(1 | shop/week)", 100, 51)],
    ids=["one effect of many cells", "an effect for every few cells"],
)
def test_integrating_a_large_unit_takes_bounded_memory(monkeypatch, formula, unit, effects):
    weeks = [f"w{i}" for i in range(unit // 2)]
    cells = cross({"promo": ["a", "b"], "shop": ["one", "other"], "week": weeks})
    design = learn_design(f"promo + {formula}", cells)
    names = name_parameters(design, LOGISTIC)
    fit = Fit(cells, design, LOGISTIC, some_draws(names, 400))
    monkeypatch.setattr(exclusive, "FEWEST_DRAWS", 10)
    monkeypatch.setattr(exclusive, "MOST_VALUES", 100_000)
    members = np.flatnonzero(cells["shop"] == "one")
    found = []
    most = peak(lambda: found.append(exclusive.integrate_units(fit, {"one": members})["one"]))
    assert most < 8 * 100_000 * 12
    assert 8 * 400 * unit * effects > 8 * 100_000 * 12
    assert np.isfinite(found[0]).all()
    assert 10 <= found[0].shape[1] <= 25
    monkeypatch.setattr(exclusive, "MOST_VALUES", 9 * unit * effects)
    assert exclusive.integrate_units(fit, {"one": members}) == {"one": None}
