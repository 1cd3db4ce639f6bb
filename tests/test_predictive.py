"""Predictive checks: replicates have the binomial's moments, and odd cells stand out."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logit

from partialpool.predictive import bin_rates, check_cells, simulate_successes


def replicates(rates, trials, count=20_000, seed=1):
    log_odds = np.tile(logit(rates), (count, 1))
    return simulate_successes(log_odds, np.asarray(trials), np.random.default_rng(seed))


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
