"""How levels differ from their mean, from joint draws of their rates."""

import numpy as np
import pytest

from partialpool.decision.levels import rank_levels, sum_up

NAMES = ("a", "b", "c", "d")


def draws(successes, trials=400, count=4000, seed=1):
    return np.random.default_rng(seed).beta(
        successes, trials - np.array(successes), (count, len(successes))
    )


def by_level(rates, sign=1, names=NAMES):
    return rank_levels(rates, names, 0.89, 0.95, sign).set_index("treatment")


def test_levels_far_apart_have_certain_ranks_and_stand_above_or_below_their_mean():
    found = by_level(draws([40, 80, 160, 320]))
    assert found["expected_rank"].tolist() == pytest.approx([4, 3, 2, 1], abs=0.01)
    assert found["rank_lower"].tolist() == found["rank_upper"].tolist() == [4, 3, 2, 1]
    assert found["call"].tolist() == ["below", "below", "open", "above"]
    assert found.loc["d", "highest"] == found.loc["a", "lowest"] == 1
    assert found["from_mean"].sum() == pytest.approx(0)


def test_what_is_rare_gives_intervals_of_ranks_and_shared_chances():
    found = by_level(draws([6, 7, 8, 9], 60))
    assert (found["rank_lower"] <= 2).all()
    assert (found["rank_upper"] >= 3).all()
    assert found["highest"].sum() == pytest.approx(1)
    assert found["lowest"].sum() == pytest.approx(1)
    assert set(found["call"]) == {"open"}


def test_where_less_is_better_the_lowest_has_rank_1_and_no_rate_changes():
    rates = draws([40, 80, 160, 320])
    more, less = by_level(rates), by_level(rates, -1)
    assert (more["expected_rank"] + less["expected_rank"]).tolist() == pytest.approx([5] * 4)
    same = ["mean", "lower", "upper", "highest", "lowest", "above_mean", "call"]
    assert more[same].equals(less[same])


def test_levels_that_differ_by_rounding_alone_share_everything():
    rates = draws([40])[:, [0, 0, 0, 0]] * (1 + np.array([0, 2e-16, -2e-16, 0]))
    found = by_level(rates)
    assert set(found["highest"]) == set(found["lowest"]) == {0.25}
    assert set(found["expected_rank"]) == {2.5}
    assert set(found["above_mean"]) == {0.5}
    told = sum_up(found.reset_index(), 0.95)
    assert told["alike"]
    assert not told["above"]
    assert not told["below"]


def test_a_level_alone_is_its_own_mean():
    found = by_level(draws([40]), names=("only",))
    assert found.loc["only", ["highest", "lowest", "expected_rank"]].tolist() == [1, 1, 1]
    assert sum_up(found.reset_index(), 0.95)["alike"]


def test_the_sum_names_the_ends_and_those_that_are_called_the_farthest_first():
    found = rank_levels(draws([40, 80, 160, 320]), NAMES, 0.89, 0.95)
    told = sum_up(found, 0.95)
    assert told["above"] == ["d"]
    assert told["below"] == ["a", "b"]
    assert (told["highest"]["level"], told["lowest"]["level"]) == ("d", "a")
    assert told["mean"] == pytest.approx(0.375, abs=0.01)


def test_a_thousand_levels_are_ranked():
    rates = np.random.default_rng(1).beta(5, 50, (500, 1000))
    found = rank_levels(rates, tuple(map(str, range(1000))), 0.89, 0.95)
    assert found["expected_rank"].mean() == pytest.approx(500.5)
