"""What speaks against the model that answers: counts that it misses, priors that move it."""

import pytest

from partialpool.report.decision.doubts import doubt_support
from partialpool.report.decision.limitations import list_limitations

CONFLICT, WEAK = "they and the data pull apart", "the data say little of"


def leans(within, diagnosis, kind="lift", treatment="Bundle"):
    return {"kind": kind, "within": within, "treatment": treatment, "diagnosis": diagnosis}


def doubts(made, leaning=(), missed=(), surprising=(), decision=None, labels=None):
    decision = decision or made.decision(made.season)
    support = {"missed": [*missed], "surprising": [*surprising], "leaning": [*leaning]}
    decision["support"] = support
    said = doubt_support(decision, labels or made.labels)
    assert set(said) <= set(list_limitations(decision, labels or made.labels))
    return said


def test_margins_that_the_model_misses_are_a_doubt(made):
    (said,) = doubts(made, missed=["channel", "promo:channel"])
    assert said == (
        "The one model, which answers, does not reproduce the counts that were observed by "
        "channel and by promo and channel, so what it says may be off there."
    )


def test_lifts_that_lean_on_the_priors_are_a_doubt_with_the_reason(made):
    leaning = [leans("Mail", "conflict"), leans("Email", "conflict"), leans("Park", "weak")]
    first, second = doubts(made, leaning)
    assert first.startswith("The lift of the bundle by mail and where channel is Email depends on ")
    assert CONFLICT in first
    assert second.startswith("The lift of the bundle in the park depends on the priors: ")
    assert f"{WEAK} it" in second
    assert "costs" not in first + second


def test_rates_of_either_treatment_and_costs_that_lean_are_said_beside_lifts(made):
    leaning = [
        leans("Mail", "weak", "ratio"),
        leans("Mail", "weak", "rate"),
        leans("Mail", "weak", "rate", "NoBundle"),
    ]
    (said,) = doubts(made, leaning)
    for named in ("rate with NoBundle by mail", "rate with the bundle by mail", "the ratio"):
        assert named in said
    assert "depend on the priors, and so does what a success costs: " in said
    assert f"{WEAK} them" in said
    assert "lift" not in said


def test_of_a_trait_nothing_is_said_of_costs(made):
    (said,) = doubts(made, [leans("Mail", "conflict", "rate")], labels=made.trait)
    assert "rate of women" in said
    assert "cost" not in said


def test_many_that_lean_are_counted(made):
    everywhere = [
        leans(str(i), "weak", kind, treatment)
        for kind, treatment in (("lift", "Bundle"), ("rate", "Bundle"), ("rate", "NoBundle"))
        for i in range(1, 61)
    ]
    (said,) = doubts(made, everywhere, decision=made.districts(), labels=made.by_district)
    assert "more" in said
    assert len(said) < 600


def test_counts_that_the_priors_held_for_all_but_impossible_are_a_doubt(made):
    (said,) = doubts(made, surprising=["", "channel"])
    assert "priors of the one model held the counts cell by cell and by channel for all" in said
    assert "outside the central 99%" in said


def test_an_ab_test_has_its_doubt_without_a_place(made):
    row = leans("", "weak", treatment="voucher")
    said = doubts(made, [row], decision=made.ab_test(), labels=made.ab)
    assert said == [
        "The lift of the voucher depends on the priors: the data say little of it that the priors "
        "had not said."
    ]


@pytest.mark.parametrize("without", ["support", "model"])
def test_nothing_is_said_without_cause(made, without):
    decision = made.decision(made.season)
    if without == "model":
        decision["support"] = {"missed": ["channel"], "surprising": [], "leaning": []}
        decision["choice"]["model"] = None
    assert doubt_support(decision, made.labels) == []
    assert doubts(made) == []
