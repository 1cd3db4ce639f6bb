"""What an analysis asks: a treatment that is compared, or levels that are ranked."""

import pytest

from partialpool.cells.question import Question
from partialpool.settings.described import describe_assessment, describe_labels
from partialpool.settings.reading import read_settings

from ..factories.configurations import SALES, SMALL, edited, refused

ALONG = {f"{SALES}.numbers": {"dose": {"column": "Dose"}}, f"{SALES}.treatment": "dose"}
RANKED = {f"{SALES}.treatment": ..., f"{SALES}.within": "channel"}


def test_without_a_treatment_the_levels_of_within_are_ranked():
    analysis = read_settings(edited(SMALL, RANKED)).analyses["sales"]
    assert analysis.ranked
    assert analysis.arms == "channel"
    assert analysis.strata == []
    assert analysis.compared == {
        "treatment": "channel",
        "within": None,
        "ranked": True,
        "along": False,
        "good": True,
    }
    assert analysis.over == "own"
    asked = describe_assessment(analysis, "plain")
    assert asked["own"]
    assert asked["treatment"] == "channel"


def test_ranked_levels_may_be_held_to_the_contacts_of_all_or_of_a_mix():
    over_all = edited(SMALL, RANKED | {f"{SALES}.rates_over": "all"})
    assert not describe_assessment(read_settings(over_all).analyses["sales"], "plain")["own"]
    of_mix = edited(SMALL, RANKED | {f"{SALES}.decision.mix": "mix.csv"})
    assert read_settings(of_mix).analyses["sales"].over == "mix"


def test_an_analysis_with_a_treatment_is_asked_as_before():
    analysis = read_settings(SMALL).analyses["sales"]
    assert not analysis.ranked
    assert analysis.arms == "promo"
    assert not describe_assessment(analysis, "plain")["own"]


def test_a_number_as_the_treatment_is_followed_and_not_divided_into_arms():
    analysis = read_settings(edited(SMALL, ALONG)).analyses["sales"]
    assert analysis.along
    assert analysis.ranked
    assert analysis.arms == "dose"
    assert analysis.strata == ["channel"]
    assert Question(**analysis.asked) == Question(
        "dose", ranked=True, along=True, apart="channel", good=True
    )
    assert describe_assessment(analysis, "plain")["along"]
    assert not describe_assessment(analysis, "plain")["own"]
    labels = describe_labels(analysis)
    assert (labels["along"], labels["apart"], labels["within"]) == ("offer", "channel", None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({f"{SALES}.treatment": ..., f"{SALES}.within": ...}, "treatment: missing, expected the"),
        (RANKED | {f"{SALES}.decision.value": 3}, "decision.value: found in an analysis without"),
        (RANKED | {f"{SALES}.decision.split": {"mail": 1, "shop": 1}}, "decision.split: found in"),
        (RANKED | {f"{SALES}.decision.campaign": 5}, "decision.campaign: found in an analysis"),
        (RANKED | {f"{SALES}.between": "promo"}, "between: found in an analysis without"),
        (RANKED | {f"{SALES}.within": "region"}, "within: found 'region', expected one of promo"),
        (RANKED | {f"{SALES}.rates_over": "some"}, "expected 'own' or 'all'"),
        (
            {f"{SALES}.numbers": {"dose": {"column": "Dose"}}, f"{SALES}.within": "dose"},
            "within: found the number 'dose', expected a factor; list its column under "
            "factors too, with `bins` to divide it at",
        ),
        (ALONG | {f"{SALES}.decision.value": 3}, "decision.value: found with the number 'dose'"),
        (ALONG | {f"{SALES}.decision.candidates": ["1", "2"]}, "decision.candidates: found with"),
        (ALONG | {f"{SALES}.between": "promo"}, "between: found with the number 'dose' as the"),
        (ALONG | {f"{SALES}.source.id": "Who"}, "source.id: found with the number 'dose' as the"),
        ({f"{SALES}.outcome.good": "maybe"}, "outcome.good: found 'maybe', expected"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_one_line(changes, said):
    message = refused(edited(SMALL, changes))
    assert said in message
    assert len(message.splitlines()) == 1
