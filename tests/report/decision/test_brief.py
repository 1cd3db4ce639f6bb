"""What stands beside the answer: what to do, how sure, what it is worth."""

from dataclasses import replace

from partialpool.report.decision.brief import list_points

from ...factories.weighed import weighed_of


def points(decision, labels):
    found = list_points(decision, weighed_of(decision, labels), labels)
    return {point.title: point.text for point in found}


def test_a_season_is_told_in_four_points(made):
    told = points(made.decision(made.season), made.labels)
    assert list(told) == [
        "What to do",
        "How sure",
        "What it is worth",
        "What the counts alone say",
    ]
    assert "- **By mail and in the park**: offer NoBundle." in told["What to do"]


def test_places_that_are_as_sure_share_a_line(made):
    sure = points(made.decision(made.season), made.labels)["How sure"].splitlines()
    assert sure[0] == "- By mail and in the park: probability of a loss above 99.9%."
    assert sure[2:] == ["- All this unless the doubt below applies."]


def test_only_of_mixes_that_differ_it_is_said_that_a_doubt_may_apply(made):
    assert "doubt" not in points(made.ab_test(), made.ab)["How sure"]


def test_without_money_a_lift_is_told_as_successes_of_a_thousand(made):
    worth = points(made.ab_test(), made.ab)["What it is worth"]
    assert worth == (
        "- 22 more successes per 1\u202f000 contacts (89% interval +10 to +34) with the voucher "
        "instead of no voucher."
    )
    fewer = points(made.ab_test(0.12, 0.1, "loss"), made.ab)["What it is worth"]
    assert fewer.startswith("- 20 fewer successes per 1\u202f000 contacts (89% interval −")


def test_of_many_places_the_least_sure_that_is_settled_is_told(made):
    sure = points(made.districts(), made.by_district)["How sure"]
    assert "It is settled in 16 of the 60 levels of district." in sure
    assert "Of those it is least sure" in sure
    worth = points(made.districts(), made.by_district)["What it is worth"]
    assert "smaller ones are in a table below" in worth


def test_a_trait_is_not_weighed(made):
    told = points(made.decision(made.season), made.trait)
    assert "What it is worth" not in told
    assert "What differs" in told


def test_without_a_model_that_answers_there_is_no_point(made):
    nothing = {"choice": {"model": None, "reason": "none scored"}, "treatments": []}
    assert points(nothing, made.labels) == {}


def test_counts_that_mislead_nobody_are_no_point(made):
    decision = made.decision(made.season, overall=0.05, reversed_=False, against=())
    assert "What the counts alone say" not in points(decision, replace(made.labels))
