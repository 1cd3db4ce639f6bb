"""An unfair experiment is said first, in plain words; a fair one in a line."""

import pandas as pd
import pytest

from partialpool.decision.split import hold_split
from partialpool.report.decision.answer import answer
from partialpool.report.decision.fairness import doubt_fairness, tell_split, warn_of_split
from partialpool.report.decision.limitations import list_limitations

from ...factories.weighed import weighed_of

PLAN, EVEN = {"NoBundle": 80, "Bundle": 20}, {"NoBundle": 1, "Bundle": 1}


def split(planned, design_effect=1.0, **places):
    rows = [
        {"within": place, "treatment": arm, "trials": n}
        for place, counts in places.items()
        for arm, n in zip(("NoBundle", "Bundle"), counts, strict=True)
    ]
    return {"split": hold_split(planned, pd.DataFrame(rows), design_effect)}


def test_a_split_that_strays_comes_before_any_lift(made):
    decision = made.decision(made.season) | split(PLAN, Mail=(335, 165), Email=(335, 165))
    first, then, *rest = answer(decision, weighed_of(decision, made.labels), made.labels)
    assert first.startswith("**The contacts were not split as planned")
    assert "Planned were 80% NoBundle and 20% the bundle" in first
    assert "1\u202f000 contacts came as 67% NoBundle and 33% the bundle" in first
    assert "p below 0.001; Bayes factor against the plan above 1\u202f000" in first
    assert "the assignment or the logging is broken" in first
    assert "before acting" in first
    assert then.startswith("**The contacts were not split as planned.** As the one model has it:")
    plain = made.decision(made.season)
    assert rest == answer(plain, weighed_of(plain, made.labels), made.labels)[1:]


@pytest.mark.parametrize("reason", ["none scored", "none passed"])
def test_and_is_said_where_no_model_answers(made, reason):
    decision = made.decision(made.season, model=None, reason=reason)
    decision |= split(PLAN, Mail=(670, 330))
    first, _ = answer(decision, weighed_of(decision, made.labels), made.labels)
    assert "not split as planned" in first


def test_places_that_stray_are_named_with_what_came(made):
    decision = split(
        {"NoBundle": 1, "Bundle": 1}, Mail=(700, 300), Park=(500, 500), Email=(300, 700)
    )
    (said,) = warn_of_split(decision, made.labels)
    assert said.startswith("**The contacts were not split as planned by mail and where channel is")
    assert "by mail 70% NoBundle and 30% the bundle" in said
    assert "where channel is Email 30% NoBundle and 70% the bundle" in said
    assert "counted for all 3 places" in said
    assert "in the park" not in said


def test_of_many_places_that_stray_the_clearest_are_told_and_the_rest_counted(made):
    places = {
        str(i): counts for i in range(1, 31) for counts in [(700, 300), (300, 700)][i % 2 :][:1]
    }
    (said,) = warn_of_split(split(EVEN, **places), made.by_district)
    assert "and 27 more stray" in said
    assert len(said) < 1000


def test_a_split_by_chance_is_one_line_that_is_not_among_the_doubts(made):
    decision = made.decision(made.season) | split(PLAN, Mail=(405, 95), Email=(396, 104))
    assert warn_of_split(decision, made.labels) == doubt_fairness(decision, made.labels) == []
    assert tell_split(decision, made.labels) == (
        "Planned were 80.0% NoBundle and 20.0% the bundle, and what came was 80.1% NoBundle and "
        "19.9% the bundle: no further off than chance explains, over all and in every place "
        "(chi-square test: p = 0.937; Bayes factor against the plan 0.6)."
    )


def test_a_split_of_which_only_one_measure_doubts_is_among_the_doubts(made):
    n = 10**9
    given = split(EVEN, **{"": (n // 2 + 53_000, n // 2 - 53_000)})
    decision = made.decision(made.season) | given
    said = list_limitations(decision, made.labels)
    doubt = next(line for line in said if "planned" in line)
    assert "50.0053% NoBundle and 49.9947% the bundle came" in doubt
    assert "is in doubt (chi-square test: p below 0.001; Bayes factor against the plan 1." in doubt
    assert warn_of_split(decision, made.labels) == []
    assert tell_split(decision, made.labels) == ""


def test_without_a_plan_nothing_is_said(made):
    decision = made.decision(made.season)
    assert warn_of_split(decision, made.labels) == doubt_fairness(decision, made.labels) == []
    assert tell_split(decision, made.labels) == ""


def test_contacts_of_one_customer_are_said_to_be_counted_together(made):
    (said,) = warn_of_split(split(PLAN, 3.0, Mail=(670, 330)), made.labels)
    assert "the contacts of one customer taken as assigned together" in said


IDS = {"column": "customer_id", "distinct": 880, "most": 5, "repeated": 120, "crossing": 30}
IDS |= {"alike": 7, "unnamed": 0, "design_effect": 1.69}


def test_contacts_of_one_customer_are_a_doubt_with_what_to_do(made):
    decision = made.decision(made.season) | {"ids": IDS}
    repeated, crossing = [line for line in list_limitations(decision, made.labels) if "880" in line]
    assert (
        "880 different values of customer\\_id, 120 have more than one contact, up to 5" in repeated
    )
    assert "at worst they should be about 1.3 times as wide" in repeated
    assert "Make each customer\\_id one row" in repeated
    assert "30 were given more than one level of promo" in crossing


def test_a_trait_is_not_given(made):
    said = doubt_fairness({"ids": IDS | {"crossing": 1}}, made.trait)
    assert "1 is found under more than one level of promo" in said[1]
    assert "given" not in " ".join(said)


def test_a_customer_for_every_contact_is_no_doubt(made):
    once = IDS | {"most": 1, "repeated": 0, "crossing": 0, "design_effect": 1.0}
    assert doubt_fairness({"ids": once}, made.labels) == []
