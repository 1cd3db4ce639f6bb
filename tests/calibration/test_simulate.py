"""Simulated cells have the rates of their truth, and effects the spread that is asked for."""

import numpy as np
import pytest

from partialpool.calibration.simulate import simulate_cells
from partialpool.errors import InputError
from partialpool.model.likelihood import Likelihood

LEVELS = {"promo": ["none", "some"], "shop": [f"s{i}" for i in range(2000)]}
VALUES = {
    "Intercept": -1.0,
    "promo[some]": 0.5,
    "sd_shop[Intercept]": 0.8,
    "sd_shop[promo[some]]": 0.4,
    "cor_shop[Intercept, promo[some]]": -0.6,
}


@pytest.fixture(scope="module")
def simulated():
    formula = "promo + (1 + promo | shop)"
    return simulate_cells(formula, LEVELS, 50, VALUES, np.random.default_rng(1))


def effects(simulated, coefficient):
    return [simulated.truth[f"r_shop[{shop}, {coefficient}]"] for shop in LEVELS["shop"]]


def test_effects_have_the_spread_and_correlation_that_is_asked_for(simulated):
    both = np.array([effects(simulated, c) for c in ("Intercept", "promo[some]")])
    np.testing.assert_allclose(both.std(axis=1), [0.8, 0.4], rtol=0.05)
    assert np.corrcoef(both)[0, 1] == pytest.approx(-0.6, abs=0.05)


def test_the_linear_predictor_is_the_sum_of_its_parts(simulated):
    truth, shops = simulated.truth, simulated.cells["shop"].astype(str)
    some = (simulated.cells["promo"] == "some").to_numpy()
    expected = -1.0 + np.array([truth[f"r_shop[{shop}, Intercept]"] for shop in shops])
    slope = np.array([truth[f"r_shop[{shop}, promo[some]]"] for shop in shops])
    np.testing.assert_allclose(simulated.eta, expected + some * (0.5 + slope))


def test_successes_have_their_rates(simulated):
    rate = 1 / (1 + np.exp(-simulated.eta))
    deviation = simulated.cells["successes"] - 50 * rate
    assert deviation.mean() == pytest.approx(0, abs=0.2)
    assert deviation.var() == pytest.approx((50 * rate * (1 - rate)).mean(), rel=0.1)


def test_overdispersed_cells_vary_as_much_as_their_precision_says():
    likelihood = Likelihood("beta_binomial", "cloglog")
    values = {"Intercept": -1.0, "phi": 4.0}
    given = ({"shop": LEVELS["shop"]}, 50, values, np.random.default_rng(2), likelihood)
    simulated = simulate_cells("1", *given)
    rate = 1 - np.exp(-np.exp(-1))
    expected = 50 * rate * (1 - rate) * (1 + 49 / 5)
    assert simulated.cells["successes"].var() == pytest.approx(expected, rel=0.1)
    assert simulated.truth["phi"] == 4


def test_some_combinations_alone_may_be_cells():
    levels = LEVELS | {"week": ["1", "2", "3"]}
    given = ("promo + (1 | shop)", levels, 5, {}, np.random.default_rng(3))
    cells = simulate_cells(*given, count=700).cells
    assert len(cells) == len(cells.drop_duplicates(list(levels))) == 700
    assert cells["week"].value_counts().min() > 150


def test_the_same_seed_gives_the_same_cells():
    given = ("promo", LEVELS, 5)
    first, again = (
        simulate_cells(*given, {"Intercept": 0.3}, np.random.default_rng(4)).cells for _ in "ab"
    )
    assert first.equals(again)


def test_a_value_of_what_the_model_does_not_have_is_refused():
    with pytest.raises(InputError, match=r"found a value of sd_shop\[Intercept\], expected"):
        simulate_cells("promo", LEVELS, 5, VALUES, np.random.default_rng(5))
