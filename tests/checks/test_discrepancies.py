"""Discrepancies call what is truly off, and true models no more often than they say."""

import numpy as np
import pytest

from partialpool.checks.discrepancies import ALARM, join_discrepancies, measure_discrepancies

DRAWS = 1000
CASES = {
    "100 cells of 1 contact": (100, 1, 0.5),
    "1,000 cells of 1 contact": (1000, 1, 0.4),
    "1,000 cells of 10 contacts at 5%": (1000, 10, 0.05),
    "2,800 cells of 1 contact at 70%": (2800, 1, 0.7),
    "6 cells of 500 contacts": (6, 500, 0.3),
    "300 cells where next to nobody buys": (300, 3, 0.02),
    "1,000 cells of a success in 10,000": (1000, 1000, 0.0001),
    "one cell": (1, 1000, 0.3),
}


def measured(observed, replicated):
    lower, upper = np.quantile(replicated, [0.055, 0.945], axis=0)
    return measure_discrepancies(replicated, observed, lower, upper)


def probability(random, rates, truth, trials, draws=DRAWS):
    """The probability of counts drawn from some rates under a model that has others."""
    observed = random.binomial(trials, truth)
    return measured(observed, random.binomial(trials, rates, (draws, len(rates)))).probability()


@pytest.mark.parametrize("case", CASES)
def test_counts_drawn_from_the_model_itself_are_called_off_as_seldom_as_is_said(case):
    cells, trials, rate = CASES[case]
    random, rates = np.random.default_rng(len(case)), np.full(cells, rate)
    found = [probability(random, rates, rates, trials, 600) for _ in range(60)]
    # of 60 data sets more than 3 have a probability of 3 in 1,000 where the share is 1%
    assert np.sum(np.less(found, ALARM)) <= 3


def test_scatter_beyond_the_binomial_is_found_in_small_counts():
    random, rates = np.random.default_rng(1), np.full(1000, 0.05)
    found = []
    for _ in range(20):
        truth = 1 / (1 + np.exp(-(np.log(0.05 / 0.95) + 0.7 * random.standard_normal(1000))))
        found.append(probability(random, rates, truth, 10))
    assert np.mean(np.less(found, ALARM)) >= 0.9


def test_a_factor_that_the_model_lacks_is_found_in_its_levels():
    random, rates = np.random.default_rng(2), np.full(20, 0.1)
    truth = np.where(np.arange(20) % 2, 0.08, 0.12)
    found = [probability(random, rates, truth, 2000) for _ in range(20)]
    assert np.mean(np.less(found, ALARM)) == 1


def test_one_level_far_off_among_many_is_found():
    random, rates = np.random.default_rng(3), np.full(200, 0.3)
    truth = np.where(np.arange(200) == 7, 0.5, 0.3)
    found = [probability(random, rates, truth, 400) for _ in range(20)]
    assert np.mean(np.less(found, ALARM)) == 1


def test_counts_that_are_all_a_little_to_one_side_are_found():
    random, rates = np.random.default_rng(4), np.full(100, 0.3)
    found = [probability(random, rates, rates + 0.02, 400) for _ in range(20)]
    assert np.mean(np.less(found, ALARM)) == 1


def test_a_count_that_no_replicate_came_near_is_no_miss_where_that_is_usual():
    # a success in 10,000 contacts: some cell has one where its own replicates have none
    random, rates = np.random.default_rng(5), np.full(2000, 1e-4)
    found = [probability(random, rates, rates, 10, 400) for _ in range(40)]
    assert np.sum(np.less(found, ALARM)) <= 2


def test_parts_of_the_counts_join_to_the_whole():
    random = np.random.default_rng(6)
    replicated, observed = random.binomial(50, 0.4, (300, 30)), random.binomial(50, 0.4, 30)
    whole = measured(observed, replicated)
    parts = [measured(observed[i : i + 7], replicated[:, i : i + 7]) for i in range(0, 30, 7)]
    joined = join_discrepancies(parts)
    for name in ("uncovered", "farthest", "scatter", "shift"):
        np.testing.assert_allclose(getattr(joined, name), getattr(whole, name))


def test_a_fit_that_is_too_good_is_no_miss():
    replicated = np.random.default_rng(7).binomial(100, 0.5, (DRAWS, 50))
    assert measured(np.full(50, 50), replicated).probability() == 1
