"""Answers that are not to be acted on say so first, wherever they stand."""

import pytest

from partialpool.report.decision.answer import headline
from partialpool.report.decision.hedges import doubt_answer, hedge, tell_extremes

from ...factories.weighed import weighed_of


def supported(made, *missed):
    support = {"missed": list(missed), "surprising": [], "leaning": []}
    return made.decision(made.season) | {"support": support}


@pytest.mark.parametrize("margin", ["promo", "channel", "promo:channel"])
def test_a_model_that_misses_what_it_answers_about_gives_no_plain_headline(made, margin):
    decision = supported(made, margin)
    said = headline(decision, weighed_of(decision, made.labels), made.labels)
    assert said.startswith("**The one model does not reproduce the counts by ")
    assert "by by" not in said
    assert said.endswith(
        "As the one model has it: The bundle helps where channel is Email and hurts by mail and in "
        "the park."
    )


def test_a_margin_that_the_answer_does_not_tell_apart_is_no_reason_to_hedge(made):
    decision = supported(made, "age")
    assert doubt_answer(decision, made.labels) == ""
    assert hedge("**Yes.**", decision, made.labels) == "**Yes.**"


def test_a_better_model_that_may_not_answer_is_named_first(made):
    decision = supported(made)
    decision["choice"] |= {"ahead": [{"model": "two", "difference": 9, "difference_se": 1}]}
    assert doubt_answer(decision, made.labels).startswith("A model that predicts better than")


def test_without_a_model_there_is_nothing_to_hedge(made):
    assert doubt_answer({"choice": {"model": None}}, made.labels) == ""


@pytest.mark.parametrize(
    ("successes", "said"), [(0, "**Nobody bought.**"), (50, "**Everybody bought.**"), (7, "")]
)
def test_that_nobody_or_everybody_did_is_said_first(made, successes, said):
    seen = {"seen": {"successes": successes, "trials": 50}}
    assert tell_extremes(seen, made.labels).startswith(said)
    assert (tell_extremes(seen, made.labels) == "") == (said == "")
