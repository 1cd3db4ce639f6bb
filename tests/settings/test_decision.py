"""Settings of the answer: amounts by level and range, what may be chosen, planned splits."""

import pytest

from partialpool.errors import InputError
from partialpool.settings.decision import Decision, amounts_by_level
from partialpool.settings.reading import read_settings

from ..factories.configurations import SALES, SMALL, edited, mistake

BLOCK = f"{SALES}.decision"


def decision(**keys):
    return read_settings(edited(SMALL, {BLOCK: keys})).analyses["sales"]


def test_an_amount_is_a_number_a_range_or_either_by_level():
    analysis = decision(value={"promo": {"none": 10, "some": [8, 9]}}, cost=[0.1, 0.2])
    given = list(amounts_by_level(analysis.decision.value))
    assert given == [("promo", "none", 10), ("promo", "some", (8, 9))]
    assert list(amounts_by_level(analysis.decision.cost)) == [(None, None, (0.1, 0.2))]


def test_the_answer_tells_places_apart_and_what_amounts_go_by():
    assert decision().strata == ["channel"]
    assert decision(value={"promo": {"none": 1, "some": 2}}).strata == ["channel"]
    config = edited(
        SMALL, {f"{SALES}.within": ..., BLOCK: {"cost": {"channel": {"mail": 1, "shop": 2}}}}
    )
    assert read_settings(config).analyses["sales"].strata == ["channel"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"value": {"region": {"a": 1}}}, "decision.value: found 'region', expected one of promo"),
        ({"cost": {"promo": {"none": 1}}}, "decision.cost.promo: found nothing for 'some'"),
        ({"cost": {"promo": {"none": 1, "much": 2}}}, "decision.cost.promo: found 'much'"),
        ({"candidates": ["none", "much"]}, "decision.candidates: found 'much', expected one of"),
        ({"candidates": ["none"]}, "expected two different levels"),
        ({"split": {"none": 0.5}}, "decision.split: found nothing for 'some'"),
        ({"split": {"none": 0.5, "some": 0}}, "greater than 0"),
        ({"value": [3, 2]}, "decision.value: found [3, 2], expected a number, a range"),
        ({"cost": {"promo": "dear"}}, "decision.cost: found {'promo': 'dear'}, expected a number"),
        ({"cost": {"promo": {"none": 1, "some": [1, 2, 3]}}}, "found [1, 2, 3], expected a"),
    ],
)
def test_what_does_not_exist_is_named(keys, said):
    assert said in mistake(BLOCK, keys)


def test_a_planned_arm_may_be_one_that_nobody_was_given():
    split = {"none": 50, "some": 30, "more": 20}
    assert decision(split=split).decision.split == split


def test_a_split_of_a_trait_is_refused():
    config = edited(
        SMALL,
        {f"{SALES}.treatment_is": "trait", BLOCK: {"split": {"none": 1, "some": 1}}},
    )
    with pytest.raises(InputError, match=r"decision\.split: found one for a trait, which nobody"):
        read_settings(config)


def test_levels_that_the_source_will_tell_are_not_checked_before():
    Decision(candidates=("a", "b")).check_levels("offer", {"offer": None})
