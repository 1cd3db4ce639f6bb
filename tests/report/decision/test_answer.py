"""The answer says what the numbers say, first what matters most."""

from dataclasses import replace

import pytest

from partialpool.report.decision.answer import answer as open_with
from partialpool.report.decision.answer import in_sentences, lede
from partialpool.report.decision.brief import list_points
from partialpool.report.decision.limitations import list_limitations, warn_of_failures
from partialpool.report.text import MOST_NAMED

from ...factories.weighed import weighed_of


def answer(decision, labels):
    """All that is told: the answer, the sentences behind it, the points beside it."""
    weighed = weighed_of(decision, labels)
    points = [point.text for point in list_points(decision, weighed, labels)]
    return [
        *open_with(decision, weighed, labels),
        *in_sentences(decision, weighed, labels),
        *points,
    ]


def test_the_lead_names_where_the_treatment_helps_and_where_it_hurts(made):
    lead = answer(made.decision(made.season), made.labels)[0]
    assert lead == "**The bundle helps where channel is Email and hurts by mail and in the park.**"


def test_every_level_has_its_rates_its_lift_and_its_interval(made):
    said = answer(made.decision(made.season), made.labels)[3]
    assert said.startswith(
        "Where channel is Email, it raises the share that bought from 5.7% to 30.5%"
    )
    assert "**a gain of 24.8 points**" in said
    assert "89% interval +17.8 to +31.8" in said
    assert "probability of a gain above 99.9%" in said


def test_a_pooled_rate_that_all_contacts_contradict_is_called_simpsons_paradox(made):
    said = " ".join(answer(made.decision(made.season), made.labels))
    assert "looks like a gain of 9.7 points" in said
    assert "Simpson’s paradox" in said
    assert "51% were met in the park, against 22% of those with NoBundle, and there 77%" in said
    assert "a loss of 8.0 points" in said


def test_a_pooled_rate_that_only_some_levels_contradict_is_not_called_a_paradox(made):
    said = answer(made.decision(made.season, overall=0.02, reversed_=False), made.labels)[-1]
    assert "Simpson" not in said
    assert "hides the opposite by mail and in the park" in said


def test_no_paradox_is_cried_where_pooled_and_levels_agree(made):
    decision = made.decision(made.season, overall=0.05, reversed_=False, against=())
    said = " ".join(answer(decision, made.labels))
    assert "Simpson" not in said
    assert "No level of channel points the other way" in said


def test_an_open_level_is_said_to_be_open(made):
    said = answer(made.decision([made.level("Mail", 0.5, 0.52, "open")]), made.labels)
    assert said[0] == "**Whether the bundle helps is not settled by mail.**"
    assert any(
        "leave open whether the bundle helps (probability of a gain 70.0%)" in doubt
        for doubt in list_limitations(
            made.decision([made.level("Mail", 0.5, 0.52, "open")]), made.labels
        )
    )


def test_of_many_levels_the_largest_lifts_are_told_and_the_rest_counted(made):
    many = [made.level(f"Shop {i}", 0.5, 0.5 + i / 100, "gain") for i in range(1, 13)]
    said = answer(made.decision(many), made.labels)
    assert sum("it raises the share" in line for line in said) == MOST_NAMED
    assert any("Shop 12" in line for line in said)
    assert not any("is Shop 1, it raises" in line for line in said)
    assert any(f"the {MOST_NAMED} largest of 12" in line for line in said)


def test_without_a_model_that_passed_there_is_no_answer(made):
    nothing = {"choice": {"model": None, "barred": ["one"]}, "treatments": [], "yields": []}
    assert answer(nothing, made.labels)[0].startswith("**No answer yet")
    nothing["choice"] = {"model": None, "barred": [], "reason": "none scored"}
    assert "priors are flat" in answer(nothing, made.labels)[0]
    assert list_limitations(nothing, made.labels) == []


def test_the_doubts_name_the_least_exact_level_with_its_contacts(made):
    assert (
        "least exact where channel is Email: 100 contacts"
        in list_limitations(made.decision(made.season), made.labels)[-1]
    )


def test_models_that_predict_as_well_are_named(made):
    said = list_limitations(made.decision(made.season, tied=["two"]), made.labels)[-2]
    assert said == (
        "The numbers are the one model’s. Within noise, two predicts single contacts as well."
    )


@pytest.mark.parametrize("name", ["<b>x</b>", "a*b*", "[x](y)", "`q`"])
def test_a_level_is_text_whatever_its_name(name, made):
    import mistune

    lines = answer(made.decision([made.level(name, 0.1, 0.2, "gain")], against=()), made.labels)
    html = mistune.create_markdown(escape=True)(lines[0])
    for tag in ("<b>", "<em>", "<a ", "<code>"):
        assert tag not in html


def test_a_failed_check_is_a_warning_with_the_number_its_limit_and_the_worst_parameter(made):
    check = {"check": "rhat", "found": 1.0312, "limit": 1.01, "worst": "Intercept", "passed": False}
    fine = {"check": "ebfmi", "found": 0.9, "limit": 0.3, "worst": "", "passed": True}
    said = warn_of_failures({"one": {"checks": [check, fine]}, "two": {"checks": [fine]}})
    assert len(said) == 1
    assert said[0] == (
        "**The one model takes no part in the answer.** Its draws cannot be relied on, because "
        "they failed R-hat (found 1.031 for Intercept, limit 1.01); it is shown below all the same."
    )


def test_that_a_barred_model_predicts_better_is_said_before_anything_else(made):
    decision = made.decision(made.season)
    lead = answer(decision, made.labels)
    ahead = [{"model": "two", "difference": 433.2, "difference_se": 28.1}]
    decision["choice"] |= {"barred": ["two"], "ahead": ahead}
    said = answer(decision, made.labels)
    assert said[0] == (
        "**A model that predicts better than the one model may not answer.** As the one model has "
        f"it: {lead[0].replace('**', '')}"
    )
    assert "better than the one model, beyond noise (by 433 ± 28 in" in said[1]
    assert said[2:] == lead[1:]
    assert any(
        "until two passes all checks" in line for line in list_limitations(decision, made.labels)
    )
    check = {"check": "ess_bulk", "found": 348, "limit": 400, "worst": "x", "passed": False}
    warned = warn_of_failures({"two": {"checks": [check]}}, decision["choice"])
    assert warned[0].startswith(
        "**The two model takes no part in the answer, although it predicts better than the one "
        "that answers.** Its draws"
    )


def test_several_barred_models_that_predict_better_are_named_with_the_farthest(made):
    decision = made.decision(made.season)
    rows = [("two", 433.2, 28.1), ("three", 30.0, 9.0)]
    keys = ("model", "difference", "difference_se")
    decision["choice"] |= {"ahead": [dict(zip(keys, row, strict=True)) for row in rows]}
    decision["ranking"] = {"unit": "cell", "grouping": None, "shaky": {}, "limit": 0.7}
    said = answer(decision, made.labels)[1]
    assert "The two and three models predict single cells better" in said
    assert "(the two model by 433 ± 28 in" in said


def test_an_ab_test_is_answered_in_plain_words(made):
    said = answer(made.ab_test(), made.ab)
    assert said[0] == "**The voucher helps.**"
    assert said[1] == (
        "It raises the share that came back from 10.1% to 12.3%, **a gain of 2.2 points** (89% "
        "interval +1.0 to +3.4; probability of a gain above 99.9%)."
    )
    assert said[2] == (
        "In the counts alone, 12.3% came back with the voucher and 10.1% with no voucher, a gain "
        "of 2.2 points."
    )
    assert said[3] == "- **Offer the voucher.**"
    assert said[4].startswith("- The voucher is best with probability 99.")
    assert "Choosing it now risks less than 0.01 points" in said[4]
    assert said[5].startswith(
        "- 22 more successes per 1\u202f000 contacts (89% interval +10 to +34)"
    )
    assert len(said) == 6


@pytest.mark.parametrize(("call", "lead"), [("loss", "The voucher hurts."), ("open", "Whether")])
def test_an_ab_test_may_go_any_way(call, lead, made):
    said = answer(made.ab_test(0.12, 0.1, call), made.ab)
    assert said[0].startswith(f"**{lead}")
    assert ("a difference of −2.0 points" in said[1]) == (call == "open")


def test_no_sentence_of_an_ab_test_speaks_of_levels(made):
    decision = made.ab_test()
    said = " ".join([*answer(decision, made.ab), *list_limitations(decision, made.ab)])
    assert [word for word in made.words_of_levels if word in said] == []


def test_counts_that_a_model_with_covariates_turns_are_said_to_mislead(made):
    said = " ".join(answer(made.ab_test(reversed_=True), made.ab))
    assert "**The counts alone mislead**: for the same contacts, the model finds" in said
    assert "Simpson" not in said


def test_of_60_districts_the_lead_counts_and_the_overall_effect_follows(made):
    said = answer(made.districts(), made.by_district)
    assert said[0] == (
        "**The bundle helps in 15 and hurts in 1 of the 60 levels of district.** In the other 44 "
        "it is not settled."
    )
    assert said[1].startswith("With all contacts taken together, it raises the share")
    assert sum(line.startswith("Where district is") for line in said) == MOST_NAMED
    assert "These are the 6 largest of 60; decision.json has all." in said


def test_small_rates_keep_their_digits(made):
    said = answer(made.ab_test(0.0004, 0.0007, half=0.0001), made.ab)
    assert "from 0.040% to 0.070%, **a gain of 0.030 points**" in said[1]


def test_of_many_treatments_the_best_is_named_first_and_held_to_the_reference(made):
    one = made.ab_test()["treatments"][0]
    rows = [
        one | {"treatment": f"offer {i}", "overall": made.level("", 0.1, 0.1 + i / 50, "gain")}
        for i in range(1, 10)
    ]
    said = answer(made.ab_test() | {"treatments": rows}, made.ab)
    assert said[0] == "**Offer 9 is best so far, but offer 8 is not ruled out.**"
    assert said[1].startswith("With offer 9, 28.0% came back (89% interval 26.4% to 29.6%): 18.")
    assert "points more than with no voucher (89% interval" in said[1]
    assert said[2] == "- **Keep comparing offer 9 and offer 8.**"
    assert said[3].startswith("- Offer 9 is best with probability 9")
    assert "choosing offer 8" in said[3]
    assert said[4].startswith("- 180 more successes per 1\u202f000 contacts")
    assert len(said) == 5


def test_a_trait_is_compared_and_not_praised(made):
    said = answer(made.decision(made.season), made.trait)
    assert said[0] == (
        "**The rate is higher where channel is Email and lower by mail and in the park for women "
        "than for men.**"
    )
    assert said[1].startswith(
        "By mail, 35.3% of women bought and 56.2% of men, **20.9 points less** (89% interval"
    )
    assert "probability of a lower rate above 99.9%" in said[1]
    assert any("Of women, 51% were met in the park, against 22% of men" in line for line in said)
    assert not any(word in " ".join(said) for word in ("helps", "hurts", "offer", "a gain"))


def test_places_that_all_agree_are_not_named_one_by_one(made):
    rows = [made.level(str(i), 0.2, 0.3, "gain") for i in range(1, 61)]
    labels = replace(
        made.by_district, factors=made.by_district.factors | {"district": list("1234")}
    )
    lead = answer(made.decision(rows[:4], against=()), labels)[0]
    assert lead == "**The bundle helps in each of the 4 levels of district.**"


def test_a_report_opens_with_how_much_it_rests_on(made):
    assert lede({"contacts": 3156, "cells": 6}, made.labels) == "3\u202f156 contacts in 6 cells."
