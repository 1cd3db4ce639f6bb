"""What is said of cells: replicates have the likelihood's moments, and odd cells stand out."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit, logit

from partialpool.cells.levels import with_levels
from partialpool.checks import predictive
from partialpool.checks.predictive import bin_rates, check_cells, check_predictive, predict_cells
from partialpool.model.likelihood import LOGISTIC, Likelihood

from ..factories.draws import given, in_chunks


def replicates(rates, trials, count=20_000, seed=1):
    log_odds = np.tile(logit(rates), (count, 1))
    return LOGISTIC.simulate(log_odds, np.asarray(trials), None, np.random.default_rng(seed))


def test_replicates_are_binomial():
    drawn = replicates([0.1, 0.7], [40, 300])
    assert drawn.shape == (20_000, 2)
    np.testing.assert_allclose(drawn.mean(axis=0), [4, 210], rtol=0.02)
    np.testing.assert_allclose(drawn.var(axis=0), [3.6, 63], rtol=0.05)


def test_each_cell_is_held_against_its_own_replicates():
    drawn = replicates([0.1, 0.7], [40, 300])
    table = check_cells(drawn, np.array([4, 150]), np.array([40, 300]), 0.89)
    assert table["covered"].tolist() == [True, False]
    assert table["mean"].tolist() == pytest.approx([4, 210], rel=0.02)
    assert table[["successes", "trials"]].to_numpy().tolist() == [[4, 40], [150, 300]]


def test_pit_counts_half_of_the_ties():
    table = check_cells(np.array([[1], [2], [2], [3]]), np.array([2]), np.array([5]), 0.5)
    assert table["pit"].tolist() == [0.25 + 0.5 * 0.5]


def test_pit_is_the_binomials_mid_probability():
    below, equal = stats.binom(40, 0.1).cdf(2), stats.binom(40, 0.1).pmf(3)
    table = check_cells(replicates([0.1], [40]), np.array([3]), np.array([40]), 0.89)
    assert table["pit"].iloc[0] == pytest.approx(below + equal / 2, abs=0.01)


def test_binned_rates_hold_every_draw_once():
    drawn = np.array([[0, 10], [1, 10], [2, 5], [2, 10]])
    table = bin_rates(drawn, np.array([2, 10]), ["a", "b"])
    assert table.groupby("cell")["share"].sum().to_dict() == {"a": 1, "b": 1}
    shares = table.set_index(["cell", "left"])["share"]
    last = table["left"].max()
    assert shares["a", 0.0] == 0.25
    assert shares["a", 0.5] == 0.25
    assert shares["a", last] == 0.5
    assert shares["b", last] == 0.75


LABELS = ["a", "b", "c"]
COUNTS = pd.DataFrame({"successes": [4, 150, 9], "trials": [40, 300, 20]})
CELLS = with_levels(COUNTS.assign(shop=LABELS), {"shop": LABELS})


def fit_of(eta, size, likelihood=LOGISTIC, phi=None):
    """A fit to the first cells whose linear predictor, draws x cells, comes in chunks."""
    return given(CELLS[: eta.shape[1]], lambda _: in_chunks(eta, size), likelihood, phi)


def etas(count=4000, seed=2):
    return np.random.default_rng(seed).normal(logit([0.1, 0.7, 0.4]), 0.2, (count, 3))


@pytest.mark.parametrize("phi", [None, 30.0])
def test_every_cell_is_checked_in_whatever_chunks_it_comes(phi):
    likelihood = Likelihood("beta_binomial" if phi else "binomial")
    precision = None if phi is None else np.full(4000, phi)
    tables = {}
    for size in (1, 2, 3):
        fit = fit_of(etas(), size, likelihood, precision)
        tables[size] = check_predictive(fit, 0.89, np.random.default_rng(7))
    for checks, rates in tables.values():
        assert checks["cell"].tolist() == LABELS
        assert checks[["successes", "trials"]].equals(COUNTS)
        assert rates.groupby("cell")["share"].sum().tolist() == pytest.approx([1, 1, 1])
        np.testing.assert_allclose(checks["mean"], tables[3][0]["mean"], rtol=0.03)
    expected = [40 * 0.1, 300 * 0.7, 20 * 0.4]
    np.testing.assert_allclose(tables[3][0]["mean"], expected, rtol=0.03)


def test_the_rates_of_the_first_cells_alone_are_binned(monkeypatch):
    monkeypatch.setattr(predictive, "MOST_BINNED", 2)
    for size in (1, 2, 3):
        _, rates = check_predictive(fit_of(etas(50), size), 0.89, np.random.default_rng(1))
        assert list(dict.fromkeys(rates["cell"])) == ["a", "b"]


def predicted(eta, likelihood=LOGISTIC, phi=None):
    return predict_cells(fit_of(eta, 1, likelihood, phi), 50, 0.89, np.random.default_rng(5))


def test_future_successes_are_as_uncertain_as_rate_and_chance_together():
    log_odds = np.random.default_rng(5).normal(0.4, 0.3, (40_000, 1))
    table = predicted(log_odds).set_index("quantity")
    rate = expit(log_odds)
    variance = np.mean(50 * rate * (1 - rate)) + 50**2 * rate.var()
    assert table.loc["rate", "sd"] == pytest.approx(rate.std(ddof=1))
    assert table.loc["future_successes", "mean"] == pytest.approx(50 * rate.mean(), rel=0.01)
    assert table.loc["future_successes", "sd"] == pytest.approx(np.sqrt(variance), rel=0.02)


def test_future_contacts_of_a_beta_binomial_are_a_new_cell():
    eta, phi = np.zeros((40_000, 1)), np.full(40_000, 9.0)
    table = predicted(eta, Likelihood("beta_binomial"), phi).set_index("quantity")
    expected = stats.betabinom(50, 4.5, 4.5)
    assert table.loc["rate", "sd"] == 0
    assert table.loc["future_successes", "sd"] == pytest.approx(expected.std(), rel=0.02)


def test_every_cell_has_its_rate_and_its_future_successes():
    table = predicted(etas())
    pairs = list(zip(table["cell"], table["quantity"], strict=True))
    assert pairs == [(c, q) for c in LABELS for q in ("rate", "future_successes")]
    assert table["mean"][::2].tolist() == pytest.approx([0.1, 0.7, 0.4], rel=0.05)
