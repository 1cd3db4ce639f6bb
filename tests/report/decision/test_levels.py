"""The answer where levels are ranked: for few and for sixty, for ties, for unwelcome outcomes."""

from dataclasses import replace

import pytest

from partialpool.report.decision.answer import answer, headline
from partialpool.report.decision.levels import (
    doubt_levels,
    explain_levels,
    name_ends,
    tell_levels,
)

from ...factories.labels import labels_of
from ...factories.weighed import NOTHING, weigh

CHOICE = {"model": "one", "reason": "only", "tied": [], "barred": []}
DECISION = {"choice": CHOICE, "treatments": [], "yields": []}
FAR = {"1": (50, 1000), "2": (100, 1000), "3": (105, 1000), "4": (300, 1000)}
NEAR = {"1": (10, 100), "2": (11, 100), "3": (9, 100)}


def ranked(counts, **more):
    """The labels of hospitals, and what is found of them."""
    labels = labels_of(
        {"hospital": list(counts)}, within=None, treatment="hospital", treatment_is="level",
        verb="died", noun="deaths", **more,
    )  # fmt: skip
    return labels, weigh(counts, labels)


def test_the_ends_are_named_with_their_probabilities():
    labels, weighed = ranked(FAR)
    assert name_ends(weighed.facts["levels"], labels) == (
        "**Hospital 4 has the highest rate (probability above 99.9%), and hospital 1 the lowest "
        "(probability above 99.9%).**"
    )


def test_what_is_not_known_is_open_with_the_likeliest_named():
    labels, weighed = ranked(NEAR)
    said = name_ends(weighed.facts["levels"], labels)
    assert said.startswith("**Which hospital has the highest rate is open (most often hospital 2")
    assert "and so is which has the lowest (most often hospital 3" in said


def test_one_end_may_be_settled_and_the_other_open():
    labels, weighed = ranked(NEAR | {"4": (60, 100)})
    said = name_ends(weighed.facts["levels"], labels)
    assert said.startswith("**Hospital 4 has the highest rate (probability above 99.9%); which")
    assert "hospital has the lowest rate is open (most often hospital" in said


def test_where_a_success_is_not_welcome_the_lowest_rate_comes_first():
    labels, weighed = ranked(FAR, good=False)
    said = name_ends(weighed.facts["levels"], labels)
    assert said.startswith("**Hospital 1 has the lowest rate")
    assert "hospital 4 the highest" in said
    assert "Rank 1 has the lowest rate" in explain_levels(weighed.facts["levels"], "own", labels)


def test_levels_that_the_model_does_not_tell_apart_are_not_ranked():
    labels, weighed = ranked(FAR)
    alike = weighed.facts["levels"] | {"alike": True}
    assert name_ends(alike, labels) == (
        "**The model that answers does not tell the levels of hospital apart, so none is ranked.**"
    )
    assert tell_levels(alike, labels) == []


def test_who_is_above_and_below_the_mean_is_told_by_number_and_the_rest_is_open():
    labels, weighed = ranked(FAR)
    held, reach = tell_levels(weighed.facts["levels"], labels)
    assert held == (
        "Hospital 4 is above the mean of all 4 levels of hospital, and hospital 1, 2 and 3 are "
        "below it, each with a probability of at least 95.0%."
    )
    assert reach.startswith("The share that died reaches from 5.")
    labels, weighed = ranked(NEAR)
    assert tell_levels(weighed.facts["levels"], labels)[0] == (
        "None is above or below the mean of all 3 levels of hospital with a probability of at "
        "least 95.0%."
    )


def test_of_sixty_levels_few_are_named_and_all_are_counted():
    counts = {str(i): (20 + 8 * i, 2000) for i in range(60)}
    labels, weighed = ranked(counts)
    held = tell_levels(weighed.facts["levels"], labels)[0]
    assert "Hospital 59, 58, 57, 56, 55 and" in held
    assert "more are above" in held
    assert "Of the other " in held
    assert len(held) < 300


@pytest.mark.parametrize(("over", "said"), [("own", "contacts that it had"), ("all", "of all")])
def test_whose_contacts_the_rates_are_of_is_said(over, said):
    labels, weighed = ranked(FAR)
    text = explain_levels(weighed.facts["levels"], over, labels)
    assert said in text
    assert "Rank 1 has the highest rate" in text
    assert explain_levels(None, over, labels) == ""


def test_the_whole_answer_speaks_of_no_treatment():
    labels, weighed = ranked(FAR)
    said = " ".join(answer(DECISION, weighed, labels))
    assert said.startswith("**Hospital 4 has the highest rate")
    for word in ("lift", "offer", "reference", "treatment", "gain", "nan", "None "):
        assert word not in said


def test_where_no_model_answers_the_reason_is_the_answer():
    labels, _ = ranked(FAR)
    nobody = DECISION | {"choice": CHOICE | {"model": None, "reason": "none passed"}}
    assert headline(nobody, NOTHING, labels).startswith("**No answer yet")
    assert len(answer(nobody, NOTHING, labels)) == 1


def test_levels_that_another_model_places_otherwise_are_told_and_many_are_counted():
    labels, _ = ranked(FAR)
    rows = [{"model": "two", "level": str(i), "call": "above"} for i in (1, 2)]
    assert doubt_levels({"disagree": rows}, labels) == [
        "The two model, which predicts as well, places hospital 1 above the mean and hospital 2 "
        "above the mean."
    ]
    assert doubt_levels({"disagree": rows * 2}, labels) == [
        "The two model, which predicts as well, places 4 levels of hospital otherwise."
    ]
    assert doubt_levels({}, labels) == []


def test_levels_with_names_of_their_own_are_called_by_them():
    counts = {"Northside": (50, 1000), "Southside": (300, 1000)}
    labels, weighed = ranked(counts)
    assert "Southside has the highest rate" in name_ends(weighed.facts["levels"], labels)
    phrased = replace(labels, phrases={"hospital": {"Northside": "the clinic in the north"}})
    assert "the clinic in the north" in name_ends(weighed.facts["levels"], phrased)
