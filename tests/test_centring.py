"""Centring: dense groups are sampled as themselves, sparse ones rather standardised."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from partialpool.centring import choose_centring, run_pilot
from partialpool.design import Design
from partialpool.formula import parse_formula
from partialpool.levels import with_levels
from partialpool.likelihood import LOGISTIC, Likelihood
from partialpool.settings import Priors
from partialpool.stan_data import stan_data


def data_of(
    trials,
    spread=1.0,
    formula="(1 | shop)",
    centring="auto",
    seed=1,
    coefficient=0.0,
    likelihood=LOGISTIC,
    phi=None,
):
    """Stan data of shops of a known spread, each with so many trials under each promo."""
    random = np.random.default_rng(seed)
    levels = {"promo": ["none", "some"], "shop": [f"s{i}" for i in range(len(trials))]}
    cells = pd.DataFrame(
        [(p, s, n) for p in levels["promo"] for s, n in zip(levels["shop"], trials, strict=True)],
        columns=["promo", "shop", "trials"],
    )
    log_odds = np.tile(spread * random.standard_normal(len(trials)), 2)
    log_odds = log_odds + coefficient * (cells["promo"] == "some")
    eta, phi = log_odds.to_numpy()[None], None if phi is None else np.array([phi])
    cells["successes"] = likelihood.simulate(eta, cells["trials"].to_numpy(), phi, random)[0]
    cells = with_levels(cells, levels)
    design = Design(parse_formula(formula, levels), cells)
    return stan_data(design, cells, Priors(), "cells", centring, likelihood)


def test_effects_with_much_data_are_centred():
    assert min(data_of([500] * 8)["centring"]) > 0.95


def test_effects_with_little_data_are_not():
    assert max(data_of([1] * 30)["centring"]) < 0.4


def test_effects_between_are_centred_by_the_share_that_their_data_tell():
    data = data_of([30] * 60)
    variance = run_pilot(data)[0].variance[0, 0]
    information = 60 * 0.2  # two cells of 30 trials, with p (1 - p) a little below .25
    told = variance / (variance + 1 / information)
    assert np.mean(data["centring"]) == pytest.approx(told, rel=0.05)
    assert 0.8 < told < 0.95


def test_effects_are_centred_less_where_few_levels_tell_of_their_spread():
    few, many = (np.mean(data_of([30] * levels)["centring"]) for levels in (4, 60))
    assert few < many - 0.1


def test_each_level_is_judged_by_its_own_data():
    centring = np.reshape(data_of([800, 1] * 10)["centring"], (10, 2))
    assert centring[:, 0].min() > 0.97
    assert centring[:, 1].max() < 0.4


def test_centring_stands_in_the_order_of_the_effects():
    centring = data_of([2000, 2] * 6, formula="(1 + promo | shop)", seed=3, spread=1.5)["centring"]
    intercepts = np.reshape(centring[:12], (6, 2))
    assert intercepts[:, 0].min() > 0.97 > 0.9 > intercepts[:, 1].max()


@pytest.mark.parametrize(("wanted", "value"), [("centred", 1.0), ("non-centred", 0.0)])
def test_the_choice_may_be_forced(wanted, value):
    data = data_of([800, 1] * 3, centring=wanted)
    assert (data["centring"], data["unit"]) == ([value] * 6, [1.0])


def test_effects_are_measured_in_the_spread_that_the_pilot_finds():
    data = data_of([400] * 200, spread=0.7)
    assert data["unit"] == pytest.approx([0.7], rel=0.15)


def test_a_model_without_groups_has_nothing_to_centre():
    data = data_of([50] * 3, formula="promo")
    assert choose_centring(data, "auto") == {"centring": [], "unit": []}
    assert run_pilot(data) == []


def test_the_pilot_finds_the_spread_that_the_data_have():
    data = data_of([400] * 200, spread=0.7, formula="promo + (1 | shop)", coefficient=0.5)
    term = run_pilot(data)[0]
    assert term.variance[0, 0] == pytest.approx(0.49, rel=0.25)


def test_the_pilot_is_at_the_mode_of_the_penalised_likelihood():
    data = data_of([40, 3, 200, 15], formula="promo + (1 | shop)", coefficient=0.8)
    term = run_pilot(data)[0]
    promo, shop = np.ravel(data["X"]), np.asarray(data["level"][0]) - 1
    successes, trials = np.asarray(data["successes"]), np.asarray(data["trials"])

    def negative(parameters):
        fixed, effects = parameters[:2], parameters[2:]
        log_odds = fixed[0] + fixed[1] * promo + effects[shop]
        likelihood = successes @ log_odds - trials @ np.logaddexp(0, log_odds)
        return fixed @ fixed / 2 + effects @ effects / (2 * term.variance[0, 0]) - likelihood

    mode = minimize(negative, np.zeros(6), method="BFGS", options={"gtol": 1e-8}).x
    np.testing.assert_allclose(term.effect[:, 0], mode[2:], atol=1e-3)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
@pytest.mark.parametrize("phi", [None, 20.0])
def test_the_pilot_finds_the_spread_on_the_scale_of_the_link(link, phi):
    likelihood = Likelihood("beta_binomial" if phi else "binomial", link)
    given = {"spread": 0.7, "formula": "promo + (1 | shop)", "coefficient": -0.5}
    data = data_of([400] * 200, likelihood=likelihood, phi=phi, **given)
    assert run_pilot(data)[0].variance[0, 0] == pytest.approx(0.49, rel=0.3)


def test_effects_of_overdispersed_cells_are_known_less_well():
    """Each cell tells as much as phi + 1 contacts at most, however many it has."""
    given = {"spread": 0.7, "formula": "promo + (1 | shop)"}
    overdispersed = Likelihood("beta_binomial")
    variances = [
        run_pilot(data_of([2000] * 100, likelihood=likelihood, phi=phi, **given))[
            0
        ].posterior.mean()
        for likelihood, phi in ((LOGISTIC, None), (overdispersed, 30.0))
    ]
    assert variances[1] > 10 * variances[0]


def test_cells_that_are_left_out_tell_the_pilot_nothing():
    given = {"likelihood": Likelihood("beta_binomial"), "phi": 20.0}
    data = data_of([40] * 12, **given)
    left_out = {name: [0, *data[name][1:]] for name in ("trials", "successes")}
    centring = np.array(choose_centring(data | left_out, "auto")["centring"])
    assert np.isfinite(centring).all()
    assert centring[0] < np.median(centring[1:]) - 0.1
