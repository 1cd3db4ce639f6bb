"""The answer says what the numbers say, first what matters most."""

import pytest

from partialpool.wording.answer import answer
from partialpool.wording.doubts import doubts, warnings
from partialpool.wording.text import MOST_NAMED


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
    said = answer(made.decision(made.season), made.labels)[-1]
    assert "looks like a gain of 9.7 points" in said
    assert "Simpson’s paradox" in said
    assert "51% were met in the park, against 22% of those with NoBundle, and there 77%" in said
    assert "a loss of 8.0 points" in said


def test_a_pooled_rate_that_only_some_levels_contradict_is_not_called_a_paradox(made):
    said = answer(made.decision(made.season, overall=0.02, reversed_=False), made.labels)[-1]
    assert "Simpson" not in said
    assert "hides the opposite by mail and in the park" in said


def test_no_paradox_is_cried_where_pooled_and_levels_agree(made):
    said = answer(
        made.decision(made.season, overall=0.05, reversed_=False, against=()), made.labels
    )[-1]
    assert "Simpson" not in said
    assert "No level of channel points the other way" in said


def test_an_open_level_is_said_to_be_open(made):
    said = answer(made.decision([made.level("Mail", 0.5, 0.52, "open")]), made.labels)
    assert said[0] == "**Whether the bundle helps is not settled by mail.**"
    assert any(
        "leave open whether the bundle helps (probability of a gain 70.0%)" in doubt
        for doubt in doubts(made.decision([made.level("Mail", 0.5, 0.52, "open")]), made.labels)
    )


def test_of_many_levels_the_largest_lifts_are_told_and_the_rest_counted(made):
    many = [made.level(f"Shop {i}", 0.5, 0.5 + i / 100, "gain") for i in range(1, 13)]
    said = answer(made.decision(many), made.labels)
    assert sum("it raises the share" in line for line in said) == MOST_NAMED
    assert any("Shop 12" in line for line in said)
    assert not any("is Shop 1," in line for line in said)
    assert any(f"the {MOST_NAMED} largest of 12" in line for line in said)


def test_without_a_model_that_passed_there_is_no_answer(made):
    nothing = {"choice": {"model": None, "barred": ["one"]}, "treatments": [], "yields": []}
    assert answer(nothing, made.labels)[0].startswith("**No answer yet")
    assert doubts(nothing, made.labels) == []


def test_the_doubts_name_the_least_exact_level_with_its_contacts(made):
    assert (
        "least exact where channel is Email: 100 contacts"
        in doubts(made.decision(made.season), made.labels)[0]
    )


def test_models_that_predict_as_well_are_named(made):
    said = doubts(made.decision(made.season, tied=["two"]), made.labels)[-1]
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
    said = warnings({"one": {"checks": [check, fine]}, "two": {"checks": [fine]}})
    assert len(said) == 1
    assert "one model failed R-hat (found 1.031 for Intercept, limit 1.01)" in said[0]
