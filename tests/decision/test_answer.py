"""Decisions: who answers, what is called, and where the pooled rate misleads."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.exploration import cross, tabulate_margins
from partialpool.cells.levels import COUNTS, with_levels
from partialpool.cells.question import ALL, Question
from partialpool.decision.answer import call, choose_model, decide, judge_ranking
from partialpool.decision.effects import estimate_effects, standardised_rates
from partialpool.settings import Decision

from ..factories.cells import listed
from ..factories.draws import given

UNITS = 100
SPREAD = np.repeat([1, -1], UNITS // 2) / np.sqrt(UNITS * UNITS / (UNITS - 1))
"""What gives the sum over the units a standard error of 1."""
LEVELS = {"promo": ["none", "some"], "channel": ["mail", "shop"]}


def scores(**rows):
    """Scores of some units: name = (elpd, standard error of the difference from the first)."""
    told = {"unit": "cell", "units": 1, "cells": 1, "trials": 9, "successes": 3}
    judged = {"p_loo": 1, "pareto_k": 0.1, "mcse": 0.1, "how": "importance"}
    units = {"left_out": [f"{unit}" for unit in range(UNITS)]} | told | judged
    return {
        name: pd.DataFrame(units | {"elpd": elpd / UNITS + error * SPREAD})
        for name, (elpd, error) in rows.items()
    }


def answer(counts, tied=(), other=None, sign=1):
    """The decision from cells by (channel, promo): (successes, trials), each cell its own rate."""
    effects = {"own": effects_of(counts)} | ({"other": effects_of(other)} if other else {})
    cells = cells_of(counts)
    margins = tabulate_margins(cells)
    choice = {"model": "own", "reason": "best", "tied": list(tied), "barred": []}
    question = Question("promo", "channel")
    of_promo = margins[margins["factor"] == "promo"]
    return decide(effects, choice, cross(cells, question), of_promo, Decision(), sign)


def cells_of(counts):
    rows = [(promo, channel, *counts[channel, promo]) for channel, promo in counts]
    return listed(rows, LEVELS)


def effects_of(counts):
    """Effects from exact posteriors of independent rates under a uniform prior."""
    random = np.random.default_rng(1)
    draws = {k: random.beta(1 + y, 1 + n - y, 4000) for k, (y, n) in counts.items()}

    def predict(rows):
        pairs = rows[["channel", "promo"]].astype(str).to_numpy()
        rates = np.column_stack([draws[tuple(pair)] for pair in pairs])
        yield slice(0, len(rows)), np.log(rates) - np.log1p(-rates)

    rates = standardised_rates(given(cells_of(counts), predict), Question("promo", "channel"))
    return estimate_effects(rates, "none", 0.89)


PARADOX = {  # worse everywhere, but given where most buy
    ("mail", "none"): (300, 1000),
    ("mail", "some"): (20, 100),
    ("shop", "none"): (80, 100),
    ("shop", "some"): (700, 1000),
}
HONEST = {
    ("mail", "none"): (200, 1000),
    ("mail", "some"): (300, 1000),
    ("shop", "none"): (500, 1000),
    ("shop", "some"): (600, 1000),
}


@pytest.mark.parametrize(
    ("probability", "called"),
    [
        (1, "gain"),
        (0.95, "gain"),
        (0.94, "open"),
        (0.5, "open"),
        (0.06, "open"),
        (0.05, "loss"),
        (0, "loss"),
    ],
)
def test_a_lift_is_called_when_it_is_probable_enough(probability, called):
    assert call(probability, 0.95) == called


def test_simpsons_paradox_is_detected_from_the_numbers():
    treatment = answer(PARADOX)["treatments"][0]
    assert treatment["crude"]["lift"] == pytest.approx(720 / 1100 - 380 / 1100)
    assert [row["call"] for row in treatment["levels"]] == ["loss", "loss"]
    assert treatment["misleading"] == {"levels": ["mail", "shop"], "reversed": True}


def test_simpsons_paradox_is_detected_the_other_way_round():
    swapped = {(c, {"none": "some", "some": "none"}[p]): v for (c, p), v in PARADOX.items()}
    treatment = answer(swapped)["treatments"][0]
    assert treatment["crude"]["lift"] < 0
    assert [row["call"] for row in treatment["levels"]] == ["gain", "gain"]
    assert treatment["misleading"] == {"levels": ["mail", "shop"], "reversed": True}


def test_no_paradox_is_cried_where_there_is_none():
    treatment = answer(HONEST)["treatments"][0]
    assert treatment["overall"]["call"] == "gain"
    assert treatment["misleading"] == {"levels": [], "reversed": False}


def test_no_paradox_is_cried_for_a_level_that_is_only_uncertain():
    counts = HONEST | {("mail", "none"): (3, 10), ("mail", "some"): (2, 10)}
    treatment = answer(counts)["treatments"][0]
    assert [row["call"] for row in treatment["levels"]] == ["open", "gain"]
    assert treatment["misleading"]["levels"] == []


def test_a_level_that_points_the_other_way_is_named_without_a_reversal_overall():
    counts = HONEST | {("mail", "none"): (300, 1000), ("mail", "some"): (240, 1000)}
    treatment = answer(counts)["treatments"][0]
    assert treatment["misleading"] == {"levels": ["mail"], "reversed": False}


def test_levels_are_answered_with_their_own_numbers():
    decision = answer(PARADOX)
    treatment = decision["treatments"][0]
    assert [row["within"] for row in treatment["levels"]] == ["mail", "shop"]
    assert treatment["overall"]["within"] == ALL
    mail = treatment["levels"][0]
    assert mail["rate_reference"]["mean"] == pytest.approx(0.3, abs=0.01)
    assert mail["rate_treated"]["mean"] == pytest.approx(0.2, abs=0.02)
    assert mail["lift"]["mean"] == pytest.approx(-0.1, abs=0.02)
    assert mail["probability_of_gain"] < 0.05
    mix = next(row for row in treatment["mix"] if row["within"] == "mail")
    assert mix["share_reference"] == pytest.approx(1000 / 1100)
    assert mix["share_treated"] == pytest.approx(100 / 1100)


def test_a_tied_model_that_calls_otherwise_is_reported():
    counts = PARADOX | {("mail", "some"): (30, 100)}
    disagree = answer(PARADOX, tied=["other"], other=counts)["treatments"][0]["disagree"]
    assert {"model": "other", "within": "mail", "call": "open"} in disagree
    assert answer(PARADOX, tied=[], other=counts)["treatments"][0]["disagree"] == []


def test_the_best_model_that_passed_answers():
    table = scores(a=(-100, 0), b=(-130, 5), c=(-101, 2))
    choice = choose_model(table, {"a": True, "b": True, "c": True}, None)
    assert choice == {
        "model": "a",
        "reason": "best",
        "tied": ["c"],
        "unranked": [],
        "barred": [],
        "ahead": [],
    }


def test_a_barred_model_never_answers_and_is_never_tied():
    table = scores(a=(-100, 0), b=(-130, 5), c=(-101, 2))
    choice = choose_model(table, {"a": False, "b": True, "c": True}, None)
    assert (choice["model"], choice["tied"], choice["barred"]) == ("c", [], ["a"])
    assert "b" not in choice["tied"]
    choice = choose_model(table, {"a": True, "b": True, "c": False}, None)
    assert (choice["model"], choice["tied"], choice["barred"]) == ("a", [], ["c"])


def test_a_barred_model_that_predicts_better_beyond_noise_is_ahead_of_the_one_that_answers():
    table = scores(a=(-100, 0), b=(-533, 28), c=(-540, 28))
    choice = choose_model(table, {"a": False, "b": True, "c": False}, None)
    assert (choice["model"], choice["barred"]) == ("b", ["a", "c"])
    assert choice["ahead"] == [
        {
            "model": "a",
            "difference": pytest.approx(433),
            "difference_se": pytest.approx(28),
        }
    ]


def test_several_barred_models_are_ahead_the_farthest_first():
    table = scores(near=(-130, 3), far=(-100, 0), own=(-200, 6))
    choice = choose_model(table, {"near": False, "far": False, "own": True}, None)
    assert [row["model"] for row in choice["ahead"]] == ["far", "near"]


@pytest.mark.parametrize(
    ("barred", "why"),
    [
        ((-100, 0), "a tie"),
        ((-98, 2), "within noise"),
        ((-300, 5), "behind"),
        ((np.nan, 0), "without a score"),
    ],
)
def test_a_barred_model_is_not_ahead_that_is(barred, why):
    table = scores(own=(-100, 0), barred=barred)
    choice = choose_model(table, {"own": True, "barred": False}, None)
    assert (choice["model"], choice["ahead"]) == ("own", []), why


def test_a_barred_model_may_be_ahead_of_the_one_that_the_configuration_names():
    table = scores(a=(-100, 0), b=(-130, 5), c=(-101, 2))
    choice = choose_model(table, {"a": True, "b": True, "c": False}, "b")
    assert [row["model"] for row in choice["ahead"]] == ["c"]


def test_nobody_is_ahead_where_nobody_answers():
    table = scores(a=(-100, 0), b=(-130, 5))
    assert choose_model(table, {"a": False, "b": False}, None)["ahead"] == []
    assert choose_model(table, {"a": True, "b": False}, "b")["ahead"] == []


def test_a_barred_model_is_not_ahead_of_one_without_a_score():
    table = scores(a=(-100, 0), flat=(np.nan, 0))
    choice = choose_model(table, {"a": False, "flat": True}, None)
    assert (choice["model"], choice["ahead"]) == ("flat", [])


def test_when_no_model_passed_nobody_answers():
    table = scores(a=(-100, 0), b=(-130, 5))
    choice = choose_model(table, {"a": False, "b": False}, None)
    assert (choice["model"], choice["reason"]) == (None, "none passed")
    assert choice["barred"] == ["a", "b"]
    decision = decide({}, choice, pd.DataFrame(), pd.DataFrame(), Decision())
    assert decision["treatments"] == []


def test_the_model_that_the_configuration_names_answers_unless_it_failed():
    table = scores(a=(-100, 0), b=(-130, 5), c=(-101, 2))
    passed = {"a": True, "b": True, "c": True}
    choice = choose_model(table, passed, "b")
    assert (choice["model"], choice["reason"], choice["tied"]) == ("b", "named", [])
    assert choose_model(table, passed, "c")["tied"] == ["a"]
    assert choose_model(table, passed | {"b": False}, "b")["model"] is None


@pytest.mark.parametrize(("error", "tied"), [(4.9, []), (5.1, ["b"])])
def test_models_tie_within_two_standard_errors(error, tied):
    table = scores(a=(-100, 0), b=(-110, error))
    assert choose_model(table, {"a": True, "b": True}, None)["tied"] == tied


def alone(counts):
    """The decision of an A/B test, {treatment: (successes, trials)}, each rate learned alone."""
    frame = pd.DataFrame([(k, *v) for k, v in counts.items()], columns=["promo", *COUNTS])
    cells = with_levels(frame, {"promo": list(counts)})
    random, question = np.random.default_rng(1), Question("promo")
    draws = {k: random.beta(1 + y, 1 + n - y, 4000) for k, (y, n) in counts.items()}

    def predict(rows):
        rates = np.column_stack([draws[name] for name in rows["promo"].astype(str)])
        yield slice(0, len(rows)), np.log(rates) - np.log1p(-rates)

    rates = standardised_rates(given(cells, predict), question)
    effects = {"own": estimate_effects(rates, next(iter(counts)), 0.89)}
    margins = tabulate_margins(cells)
    choice = {"model": "own", "reason": "only", "tied": [], "barred": []}
    of_promo = margins[margins["factor"] == "promo"]
    return decide(effects, choice, cross(cells, question), of_promo, Decision())


def test_an_ab_test_has_no_levels_and_an_overall_call():
    decision = alone({"none": (606, 6000), "some": (738, 6000)})
    treatment = decision["treatments"][0]
    assert treatment["levels"] == []
    assert treatment["mix"] == []
    assert treatment["misleading"] == {"levels": [], "reversed": False}
    overall = treatment["overall"]
    assert (overall["within"], overall["call"], overall["contacts"]) == (ALL, "gain", 6000)
    assert overall["lift"]["mean"] == pytest.approx(0.022, abs=0.001)


def test_an_ab_test_weighs_what_a_success_takes_under_each_treatment():
    yields = alone({"none": (606, 6000), "some": (738, 6000)})["yields"]
    assert [(row["within"], row["treatment"]) for row in yields] == [(ALL, "some"), (ALL, "none")]
    assert yields[1]["median"] == pytest.approx(6000 / 606, rel=0.01)


def test_an_ab_test_that_settles_nothing_is_open():
    treatment = alone({"none": (10, 100), "some": (11, 100)})["treatments"][0]
    assert treatment["overall"]["call"] == "open"


def test_a_single_model_is_chosen_because_it_is_the_only_one():
    assert choose_model(scores(a=(-100, 0)), {"a": True}, None)["reason"] == "only"


@pytest.mark.parametrize(("unit", "grouping"), [("contact", None), ("group", "channel")])
def test_a_ranking_is_as_shaky_as_the_scores_that_it_rests_on(unit, grouping):
    how = ["importance", "high_k", "refit", "failed"]
    units = pd.DataFrame({"how": how, "units": [6, 2, 1, 1], "limit": 0.65})
    assert judge_ranking({"a": units}, unit, grouping) == {
        "unit": unit,
        "grouping": grouping,
        "limit": 0.65,
        "shaky": {"a": pytest.approx(0.3)},
    }


def test_a_model_without_a_score_does_not_answer_unless_it_is_named():
    both = scores(a=(-100, 0), flat=(np.nan, 0))
    passed = {"a": True, "flat": True}
    choice = choose_model(both, passed, None)
    assert (choice["model"], choice["tied"]) == ("a", [])
    assert choose_model(both, passed, "flat")["model"] == "flat"
    neither = {"flat": both["flat"], "flatter": both["flat"]}
    choice = choose_model(neither, dict.fromkeys(neither, True), None)
    assert (choice["model"], choice["reason"]) == (None, "none scored")


def with_how(how, p_loo=0.0, **models):
    table = scores(**models)
    return {name: units.assign(how=how, p_loo=p_loo) for name, units in table.items()}


def test_a_model_that_may_predict_better_is_told_and_never_tied_or_best():
    exact, passed = scores(a=(-100, 0), c=(-130, 5)), dict.fromkeys("abc", True)
    loose = with_how("high_k", b=(-60, 5))
    choice = choose_model(exact | loose, passed, None)
    assert (choice["model"], choice["tied"], choice["unranked"]) == ("a", [], ["b"])
    barred = choose_model(exact | loose, passed | {"b": False}, None)
    assert (barred["model"], barred["unranked"], barred["ahead"]) == ("a", ["b"], [])
    behind = choose_model(exact | with_how("high_k", b=(-300, 5)), passed, None)
    assert behind["unranked"] == []


def test_where_the_model_that_is_named_has_no_trusted_score_none_is_ranked():
    both = scores(a=(-100, 0)) | with_how("failed", b=(-60, 5))
    passed = dict.fromkeys("ab", True)
    choice = choose_model(both, passed, "b")
    assert (choice["model"], choice["tied"], choice["unranked"]) == ("b", [], ["a"])
    neither = with_how("high_k", a=(-100, 0), b=(-60, 5))
    choice = choose_model(neither, passed, None)
    assert (choice["model"], choice["reason"]) == (None, "none trusted")


def test_swapping_success_and_failure_of_what_is_not_welcome_gives_the_mirrored_answer():
    swapped = {key: (n - y, n) for key, (y, n) in HONEST.items()}
    good, bad = answer(HONEST)["treatments"][0], answer(swapped, sign=-1)["treatments"][0]
    for one, other in zip(
        [*good["levels"], good["overall"]], [*bad["levels"], bad["overall"]], strict=True
    ):
        assert one["call"] == other["call"]
        assert one["lift"]["mean"] == pytest.approx(-other["lift"]["mean"], abs=0.01)
        gains = (one["probability_of_gain"], other["probability_of_gain"])
        assert gains[0] == pytest.approx(gains[1], abs=0.02)
    assert good["misleading"] == bad["misleading"]


def test_of_what_is_not_welcome_the_rarest_is_told_first():
    takes = answer(HONEST, sign=-1)["yields"]
    medians = [row["median"] for row in takes]
    assert medians == sorted(medians, reverse=True)
