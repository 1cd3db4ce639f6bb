"""How many contacts an experiment needs before there are data."""

import numpy as np
import pytest
from scipy.special import ndtri

from partialpool.calibration.plans import LIFT, NONE, find_sizes, law_of, simulate, try_size
from partialpool.errors import InputError
from partialpool.settings import Plan


def plan_of(**keys):
    return Plan(**{"title": "Pages", "rate": 0.05, "lift": 0.01, "replicates": 600} | keys)


def textbook(plan):
    """Contacts for each of two arms by the normal approximation, under priors that say nothing."""
    rates = [high for _, high in plan.rates]
    variance = sum(rate * (1 - rate) for rate in rates)
    return (ndtri(plan.probability) + ndtri(plan.share)) ** 2 * variance / plan.lift**2


def error(share, count):
    return np.sqrt(share * (1 - share) / count)


@pytest.mark.parametrize(
    "keys",
    [{}, {"rate": 0.3, "lift": 0.05, "share": 0.9, "link": "probit"}, {"probability": 0.9}],
)
def test_wide_priors_need_what_the_textbook_says(keys):
    plan = plan_of(**keys)
    table, needed = find_sizes(plan)
    assert needed["contacts"] == pytest.approx(textbook(plan), rel=0.1)
    assert needed["fewest"] < textbook(plan) < needed["most"]
    assert needed["planned"] in list(table["contacts"])
    assert 0 <= needed["planned"] - needed["contacts"] <= 0.1 * needed["contacts"]


def test_a_size_finds_the_lift_and_calls_nothing_as_often_as_the_textbook_says():
    plan = plan_of(replicates=4000)
    row = try_size(plan, round(textbook(plan)))
    assert row["called_right"] == pytest.approx(0.8, abs=4 * error(0.8, 4000) + 0.01)
    # either arm may be called, each in 1 of 20
    assert row["called_falsely"] == pytest.approx(0.1, abs=4 * error(0.1, 4000))
    assert row["called_wrong"] < 0.005
    assert row["best_ahead"] > 0.98


def test_a_narrow_prior_needs_more_and_calls_falsely_less_often():
    wide, narrow = (plan_of(priors={"slope": f"normal(0, {sd})"}) for sd in (2.5, 0.05))
    sizes = [try_size(plan, 6400) for plan in (wide, narrow)]
    assert sizes[1]["called_right"] < sizes[0]["called_right"] - 0.2
    assert sizes[1]["called_falsely"] < sizes[0]["called_falsely"] / 2


def test_a_prior_that_expects_the_lift_needs_fewer():
    believing = plan_of(priors={"slope": "normal(0.19, 0.1)"})
    assert (
        try_size(believing, 3000)["called_right"] > try_size(plan_of(), 3000)["called_right"] + 0.1
    )


def test_more_arms_need_more_and_the_best_of_them_is_named():
    two, four = (try_size(plan_of(arms=arms, rate=0.2, lift=0.05), 1000) for arms in (2, 4))
    assert four["called_right"] < two["called_right"]
    assert four["called_wrong"] < 0.02
    # of four that are alike each is best with a quarter, so one is seldom ahead by enough
    assert four["called_falsely"] < two["called_falsely"] / 2


def test_an_arm_that_is_as_good_but_for_less_than_the_lift_is_a_right_call():
    rates = {"A": 0.1, "B": 0.199, "C": 0.2}
    near = try_size(plan_of(arms=["A", "B", "C"], rate=rates, lift=0.01), 3000)
    apart = try_size(plan_of(arms=["A", "B", "C"], rate=rates, lift=0.0005), 3000)
    assert near["called_right"] > 0
    assert near["called_wrong"] == 0
    assert apart["called_wrong"] > 0
    assert near["best_ahead"] == 1 > apart["best_ahead"]


def test_a_range_of_rates_is_one_rate_that_all_arms_share():
    lifted, none = (simulate(plan_of(rate=[0.03, 0.07]), [100], world) for world in (LIFT, NONE))
    assert lifted.rates[:, 1] - lifted.rates[:, 0] == pytest.approx(np.full(600, 0.01))
    assert (none.rates[:, 1] == none.rates[:, 0]).all()
    assert 0.03 <= none.rates.min() < 0.0305
    assert 0.0695 < none.rates.max() <= 0.07


def test_counts_of_a_later_look_hold_those_of_an_earlier_one():
    """A first look after all but a contact tells what the last one does."""
    found = simulate(plan_of(replicates=200), [4999, 5000], LIFT)
    assert found.chances[0] == pytest.approx(found.chances[1], abs=0.06)
    assert np.corrcoef(found.chances[:, :, 0])[0, 1] > 0.995


def test_the_sizes_that_are_named_are_tried_and_none_is_guessed():
    table, needed = find_sizes(plan_of(contacts=[500, 200], replicates=200))
    assert list(table["contacts"]) == [200, 500]
    assert needed["contacts"] is None
    assert needed["planned"] == 500


def test_a_size_far_from_the_first_guess_is_found():
    sure = plan_of(priors={"slope": "normal(0, 0.02)"}, replicates=200)
    assert find_sizes(sure)[1]["contacts"] > 3 * textbook(sure)
    easy = plan_of(rate={"A": 0.1, "B": 0.9}, lift=0.01, replicates=200)
    assert find_sizes(easy)[1]["contacts"] < 20


def test_money_is_weighed_where_a_success_has_a_value():
    keys = {"value": 30, "campaign": 100_000, "cost": 0.2, "rate": 0.2, "lift": 0.05}
    row = try_size(plan_of(**keys), 2000)
    assert row["gain"] == pytest.approx(30 * 100_000 * 0.05 * row["best_ahead"])
    assert row["cost"] == 0.2 * 4000
    assert row["net"] == row["gain"] - row["cost"]
    assert "net" not in try_size(plan_of(), 50)


def test_the_same_plan_gives_the_same_numbers_and_another_seed_others():
    first, again, other = (try_size(plan_of(seed=seed), 3000) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("priors", "said"),
    [
        ({"intercept": "flat"}, "priors: found a flat prior"),
        ({"slope": "rate_ratio(3)", "intercept": "normal(0, 1)"}, "priors.slope: found rate_ratio"),
    ],
)
def test_priors_that_cannot_be_are_refused(priors, said):
    with pytest.raises(InputError, match=said):
        law_of(plan_of(priors=priors))


def test_the_prior_of_one_arm_is_its_own():
    own = {"coefficients": {"arm[C]": "normal(1, 2)", "Intercept": "normal(-3, 1)"}}
    law = law_of(plan_of(arms=3, priors=own))
    assert [str(prior) for prior in law.priors] == [
        "normal(-3, 1)",
        "normal(0, 2.5)",
        "normal(1, 2)",
    ]
