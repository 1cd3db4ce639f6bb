"""Doubts and warnings say what the numbers say, each once."""

import pytest

from partialpool.report.decision.limitations import list_limitations, warn_of_failures


def test_the_doubt_of_an_ab_test_is_how_far_its_lift_may_be(made):
    assert list_limitations(made.ab_test(), made.ab) == [
        "6\u202f000 contacts had the voucher. The 89% interval of the lift reaches from +1.0 to "
        "+3.4 points."
    ]


def test_many_open_levels_are_counted_in_one_doubt(made):
    said = list_limitations(made.districts(), made.by_district)
    assert (
        "In 44 of the 60 levels of district the data leave open whether the bundle helps." in said
    )
    assert len(said) < 5


def test_few_open_levels_have_a_doubt_each(made):
    rows = [made.level("Mail", 0.5, 0.51, "open"), made.level("Email", 0.5, 0.52, "open")]
    said = list_limitations(made.decision(rows, against=()), made.labels)
    assert said[1].startswith("By mail the data leave open whether the bundle helps")
    assert said[2].startswith("Where channel is Email, the data leave open")


def test_a_doubt_that_two_treatments_share_is_said_once(made):
    decision = made.decision(made.season)
    decision["treatments"] *= 2
    decision["treatments"][1] = decision["treatments"][1] | {"treatment": "Bundle"}
    said = list_limitations(decision, made.labels)
    assert len(said) == len(set(said))


def test_a_model_that_cannot_tell_levels_apart_is_said_to_say_the_same_of_each(made):
    rows = [made.level(name, 0.4, 0.5, "gain") for name in ("Mail", "Park")]
    said = list_limitations(made.decision(rows, against=()), made.labels)
    assert (
        "The one model does not tell the levels of channel apart, so it says the same of each."
    ) in said
    assert "does not tell" not in " ".join(
        list_limitations(made.decision(made.season), made.labels)
    )


def test_many_disagreements_of_a_model_are_counted(made):
    decision = made.districts()
    decision["treatments"][0]["disagree"] = [
        {"model": "two", "within": str(i), "call": "open"} for i in range(1, 9)
    ]
    said = list_limitations(decision, made.by_district)
    assert (
        "The two model, which predicts as well, calls the effect otherwise in 8 of the 60 levels "
        "of district." in said
    )


def test_a_disagreement_of_an_ab_test_names_no_place(made):
    decision = made.ab_test()
    decision["treatments"][0]["disagree"] = [{"model": "two", "within": "", "call": "open"}]
    assert "The two model, which predicts as well, calls the effect open." in list_limitations(
        decision, made.ab
    )


@pytest.mark.parametrize(("shaky", "share"), [(0.3, "up to 30%"), (0.002, "up to less than 1%")])
@pytest.mark.parametrize("hidden", [["two"], []])
def test_that_another_model_may_predict_better_is_a_doubt(shaky, share, hidden, made):
    ranking = {"unit": "cell", "limit": 0.7, "shaky": {"one": 0.0, "two": shaky}}
    decision = made.decision(made.season, unranked=hidden) | {"ranking": ranking}
    said = " ".join(list_limitations(decision, made.labels))
    expected = f"cannot be trusted for {share} of the cells (Pareto k above 0.7)"
    assert (expected in said) == bool(hidden)
    assert ("Whether two predicts better than the one model is not known" in said) == bool(hidden)


def test_a_single_model_has_no_ranking_to_doubt(made):
    ranking = {"unit": "cell", "limit": 0.7, "shaky": {"simple": 1.0}}
    assert len(list_limitations(made.ab_test() | {"ranking": ranking}, made.ab)) == 1


def test_the_unit_that_models_tie_at_is_named(made):
    decision = made.decision(made.season, tied=["two"])
    decision |= {"ranking": {"unit": "cell", "limit": 0.7, "shaky": {}}}
    assert list_limitations(decision, made.labels)[-2].endswith(
        "two predicts single cells as well."
    )


def test_the_gravest_doubt_comes_first_and_what_is_least_exact_last(made):
    said = list_limitations(made.decision(made.season, tied=["two"]), made.labels)
    assert said[0].startswith("The offers went to different mixes of contacts")
    assert said[-1].startswith("The answer is least exact")


def test_a_level_is_named_by_its_factor(made):
    ranking = {"unit": "group", "grouping": "channel", "limit": 0.6969, "shaky": {"a": 0.5, "b": 0}}
    said = " ".join(
        list_limitations(
            made.decision(made.season, tied=["two"], unranked=["a", "b"]) | {"ranking": ranking},
            made.labels,
        )
    )
    assert "leaving out one level of channel at a time" in said
    assert "up to 50% of the levels of channel (Pareto k above 0.7)" in said
    assert "predicts single levels of channel as well" in said


def test_traits_are_spread_and_not_handed_out(made):
    said = " ".join(list_limitations(made.decision(made.season), made.trait))
    assert "Women are spread over channel in another way than men." in said
    assert "offer" not in said


def test_a_check_that_is_no_number_is_said_to_be_none():
    check = {"check": "rhat", "found": float("nan"), "limit": 1.01, "worst": "x", "passed": False}
    assert "R-hat (found not a number for x" in warn_of_failures({"one": {"checks": [check]}})[0]
