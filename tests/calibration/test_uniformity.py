"""Tests of ranks: exact where they say so, and in step with ArviZ's simulated bands."""

import numpy as np
import pytest
from arviz_stats.ecdf_utils import get_pointwise_confidence_band, simulate_confidence_bands

from partialpool.calibration.uniformity import (
    binomial_bounds,
    count_bins,
    judge_ecdf,
    judge_histogram,
    simultaneous_band,
    trace_ecdf,
)

COUNT, RANKED = 120, 39


def even_ranks(sets, seed=1):
    return np.random.default_rng(seed).integers(0, RANKED + 1, (sets, COUNT))


def leaves(ranks, band):
    _, below = trace_ecdf(ranks, RANKED)
    return bool(((below < band[0]) | (below > band[1])).any())


def test_even_ranks_leave_the_band_as_often_as_it_says():
    band = simultaneous_band(COUNT, RANKED, 0.1)
    share = np.mean([leaves(ranks, band) for ranks in even_ranks(8000)])
    assert share == pytest.approx(0.1, abs=0.012)


def test_the_band_is_that_which_arviz_simulates():
    shares = np.arange(1, RANKED + 1) / (RANKED + 1)
    generator = np.random.default_rng(2)
    level = simulate_confidence_bands(COUNT, 1, shares, 0.9, 4000, generator)
    lower, upper = get_pointwise_confidence_band(level, COUNT, shares)
    fewest, most = simultaneous_band(COUNT, RANKED, 0.1)
    assert np.abs(COUNT * lower - fewest).max() <= 1.001
    assert np.abs(COUNT * upper - most).max() <= 1.001


def test_the_p_value_is_small_exactly_where_the_band_is_left():
    band = simultaneous_band(COUNT, RANKED, 0.2)
    for ranks in even_ranks(60, seed=3):
        assert (judge_ecdf(ranks, RANKED) <= 0.2) == leaves(ranks, band)


@pytest.mark.parametrize(
    "shape", [(0.5, 0.5), (2.5, 2.5), (1.5, 0.8), (0.8, 1.5)], ids=["narrow", "wide", "low", "high"]
)
def test_uneven_ranks_are_found(shape):
    ranks = (np.random.default_rng(4).beta(*shape, COUNT) * (RANKED + 1)).astype(int)
    assert judge_ecdf(ranks, RANKED) < 0.005


def test_the_histogram_of_even_counts_has_no_chi_square():
    ranks = np.repeat(np.arange(40), 5)
    assert judge_histogram(ranks, 39) == (pytest.approx(0), pytest.approx(1))


def test_a_histogram_with_empty_bins_is_found():
    ranks = np.tile(np.arange(20), 20)
    assert judge_histogram(ranks, 39)[1] < 1e-9


@pytest.mark.parametrize("ranked", [9, 49, 98, 99, 100])
@pytest.mark.parametrize("count", [20, 155, 300])
def test_bins_expect_all_ranks_whatever_their_number(count, ranked):
    bins = count_bins(np.random.default_rng(5).integers(0, ranked + 1, count), ranked)
    assert bins["count"].sum() == count
    assert bins["expected"].sum() == pytest.approx(count)
    assert bins["expected"].min() > 5
    assert bins["left"].iloc[0] == 0
    assert bins["right"].iloc[-1] == 1


def test_binomial_bounds_leave_out_what_they_say():
    lower, upper = binomial_bounds(300, 0.05, 0.1)
    drawn = np.random.default_rng(6).binomial(300, 0.05, 20000)
    assert 0.06 < np.mean((drawn < lower) | (drawn > upper)) <= 0.105
