"""Lifts that stand alone: which models have them, what chance calls of them, and pooled ones."""

import numpy as np
import pytest

from partialpool.cells.question import ALL, Question
from partialpool.decision.pooling import (
    count_by_chance,
    find_alone,
    is_many,
    pool,
    pool_strata,
    prefer_pooled,
    stand_alone,
)
from partialpool.decision.strata import average
from partialpool.model.formula import parse_formula

from ..factories.strata import simulate, strata_of

QUESTION = Question("offer", "shop")
FACTORS = ["offer", "shop", "city", "age"]


def pooled(lifts, seed=1):
    generator = np.random.default_rng(seed)
    return pool(lifts, generator.permutation(len(lifts)), generator)


def normal(mean, sd, draws=4000, seed=2):
    return np.random.default_rng(seed).normal(mean, sd, (draws, len(mean)))


def log_ratios(strata):
    log_odds = average(strata, "shop").log_odds[:, :-1]
    return log_odds[:, :, 1:] - log_odds[:, :, :1]


def sure(draws):
    above = (draws > 0).mean(axis=0)
    return int((np.maximum(above, 1 - above) >= 0.95).sum())


@pytest.mark.parametrize(
    ("formula", "alone"),
    [
        ("offer * shop", True),
        ("offer + shop + offer:shop", True),
        ("shop / offer", True),
        ("(offer + age + shop)^2", True),
        ("C(offer) * shop", True),
        ("offer * shop + (1 | city)", True),
        ("offer * shop + (1 + offer | city)", True),
        ("offer * shop + (1 | shop)", True),
        ("offer * shop - offer:shop", False),
        ("offer + shop", False),
        ("offer * city + shop", False),
        ("offer + (1 + offer | shop)", False),
        ("offer * shop + (0 + offer | shop)", False),
        ("offer * shop + (1 | shop:offer)", False),
        ("offer * shop + (offer | city/shop)", False),
        ("1 + (1 | shop)", False),
    ],
)
def test_lifts_stand_alone_where_an_interaction_does_not_vary(formula, alone):
    assert stand_alone(parse_formula(formula, FACTORS), QUESTION) is alone
    assert not stand_alone(parse_formula(formula, FACTORS), Question("offer"))


def test_models_whose_lifts_stand_alone_are_found_by_name():
    formulas = {"one": "offer * shop", "two": "offer + (1 + offer | shop)"}
    assert find_alone(formulas, FACTORS, QUESTION) == ["one"]


def test_chance_calls_a_tenth_of_lifts_at_the_usual_probability():
    found = count_by_chance(50, 0.95, 0.89)
    assert found["expected"] == pytest.approx(5)
    # of 50 with probability .1 at most 1 has .034, 2 .112, 8 .942 and 9 .975
    assert (found["least"], found["most"]) == (2, 9)
    assert count_by_chance(1, 0.99, 0.89)["most"] == 0


@pytest.mark.parametrize(
    ("places", "arms", "many"), [(10, 2, True), (9, 2, False), (5, 3, True), (2, 20, False)]
)
def test_lifts_are_many_where_chance_calls_one(places, arms, many):
    assert is_many(places, arms, 0.95) is many


def test_few_lifts_stay_as_they_are():
    strata = strata_of(*(np.full((4, 2), n) for n in (30, 300)))
    assert prefer_pooled(strata, "shop", 0.95, 1) is strata
    assert prefer_pooled(strata, None, 0.95, 1) is strata


def test_pooled_lifts_have_the_moments_of_the_eight_schools():
    """Gelman et al. 2013, table 5.3: medians and standard deviations, roughly, in points."""
    effects = np.array([28, 8, -3, 7, -1, 1, 18, 12.0])
    errors = np.array([15, 10, 16, 11, 9, 11, 10, 18.0])
    # the unit is chosen such that the half-Cauchy prior is flat where the spread may be
    found = 1000 * pooled(normal(effects, errors, 20000) / 1000)
    expected = np.array([11, 8, 6.5, 8, 5, 6, 10.5, 8.5])
    np.testing.assert_allclose(np.median(found, axis=0), expected, atol=1.5)
    assert found[:, 0].std() == pytest.approx(8.3, abs=1.2)


def test_lifts_that_are_surely_different_stay_what_they_are():
    apart = normal(np.array([-2.0, 0, 2, 3]), np.full(4, 0.02))
    np.testing.assert_allclose(pooled(apart).mean(axis=0), apart.mean(axis=0), atol=0.005)
    np.testing.assert_allclose(pooled(apart).std(axis=0), apart.std(axis=0), rtol=0.05)


def test_fifty_places_without_an_effect_have_five_calls_alone_and_none_pooled():
    alone, together = [], []
    for seed in range(12):
        strata = strata_of(simulate(seed)[0], 400, draws=1000, seed=seed)
        alone.append(sure(log_ratios(strata)[:, :, 0]))
        together.append(sure(log_ratios(pool_strata(strata, "shop", seed))[:, :, 0]))
    assert np.mean(alone) == pytest.approx(5, abs=4 * np.sqrt(4.5 / 12))
    assert np.mean(together) < 0.5


def test_intervals_of_pooled_lifts_hold_a_true_spread_as_often_as_they_say():
    held = []
    for seed in range(12):
        successes, rates = simulate(seed, contacts=1000, spread=0.3)
        strata = pool_strata(strata_of(successes, 1000, draws=1000, seed=seed), "shop", seed)
        lifts = average(strata, "shop").rates[:, :-1]
        ends = np.quantile(lifts[:, :, 1] - lifts[:, :, 0], [0.055, 0.945], axis=0)
        truth = rates[:, 1] - rates[:, 0]
        held.append(((ends[0] <= truth) & (truth <= ends[1])).mean())
    assert np.mean(held) == pytest.approx(0.89, abs=4 * np.sqrt(0.89 * 0.11 / 600))


def test_over_all_places_the_model_itself_answers():
    strata = strata_of(simulate(3)[0], 400)
    before, after = average(strata, "shop"), average(pool_strata(strata, "shop", 1), "shop")
    assert after.names[-1] == ALL
    np.testing.assert_array_equal(after.rates[:, -1], before.rates[:, -1])
    assert not np.allclose(after.rates[:, 0], before.rates[:, 0])


def test_arms_are_pooled_by_themselves_and_stay_joint():
    """The second arm does nothing anywhere, the third another thing in each place."""
    successes, _ = simulate(4, places=20, arms=3)
    successes[:, 2] = np.resize([20, 90], 20)
    strata = strata_of(successes, 400)
    before, after = log_ratios(strata), log_ratios(pool_strata(strata, "shop", 1))
    kept = after.mean(axis=0).std(axis=0) / before.mean(axis=0).std(axis=0)
    assert kept[0] < 0.4
    assert kept[1] > 0.85
    # both arms are held to the same draws of the reference
    assert np.corrcoef(after[:, 0].T)[0, 1] > 0.1


def test_a_reference_moves_with_the_lifts_that_are_held_to_it():
    """One place stands out by chance: pooled, its two rates come together from both sides."""
    successes = np.full((30, 2), 40)
    successes[0] = [28, 52]
    strata = strata_of(successes, 400)
    before = average(strata, "shop").rates[:, 0].mean(axis=0)
    after = average(pool_strata(strata, "shop", 1), "shop").rates[:, 0].mean(axis=0)
    assert before[0] + 0.01 < after[0] < after[1] < before[1] - 0.01
    assert after.mean() == pytest.approx(before.mean(), abs=0.004)


def test_strata_of_a_place_move_together():
    strata = strata_of(simulate(5)[0], 400)
    levels = strata.levels.assign(shop=np.repeat([f"b{i}" for i in range(10)], 5), city="x")
    strata = strata_of(simulate(5)[0], 400, levels=levels[["shop", "city"]])
    moved = pool_strata(strata, "shop", 1)
    shift = (moved.log_success - moved.log_failure) - (strata.log_success - strata.log_failure)
    np.testing.assert_allclose(shift[:, 0], shift[:, 4], atol=1e-9)
    assert np.abs(shift[:, 0] - shift[:, 5]).max() > 0.01


def test_the_same_seed_pools_alike():
    strata = strata_of(simulate(3)[0], 400, draws=200)
    one, two, other = (pool_strata(strata, "shop", seed).rates for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)
