"""The conclusion: who answers, what speaks against it, and how far the ranking can be trusted."""

import pandas as pd

from partialpool.cells.exploration import explore
from partialpool.cells.question import Question
from partialpool.decision.conclusion import conclude
from partialpool.settings import Decision

from ..factories.fitted import judged
from .test_answer import HONEST, cells_of, effects_of

PLAIN, NO_IDS = Decision(), {}
UNITS = {"decisive": "contact", "grouping": "channel"}


def scores(**elpd):
    rows = [
        {"model": name, "unit": "contact", "left_out": str(i), "outcome": i, "units": 50}
        | {"cells": 0, "trials": 1, "successes": i, "elpd": value / 100, "how": "importance"}
        | {"limit": 0.7, "pareto_k": 0.1, "mcse": 0.0, "p_loo": 0.0}
        for name, value in elpd.items()
        for i in (0, 1)
    ]
    return pd.DataFrame(rows)


def conclusion(passed, settings=PLAIN, ledger=NO_IDS, gaps=None, ranked=False, along=False):
    tests = pd.DataFrame([judged("promo")])
    sensitivity = pd.DataFrame(columns=["kind", "within", "treatment", "diagnosis"])
    effects, models = effects_of(HONEST), list(passed)
    tables = {
        "effects": dict.fromkeys(models, effects),
        "tests": dict.fromkeys(models, tests),
        "sensitivity": dict.fromkeys(models, sensitivity),
    }
    verdicts = {name: {"passed": ok} for name, ok in passed.items()}
    counts = explore(cells_of(HONEST), Question("promo", "channel"))
    told = counts["margins"], counts["crossing"]
    of_models = scores(**{name: -60.0 - i for i, name in enumerate(models)})
    asked = Question("promo", ranked=ranked, along=along), settings, UNITS, ledger
    tables |= {} if gaps is None else {"gaps": gaps}
    return conclude(verdicts, of_models, tables, told, *asked)


def test_the_best_model_that_passed_answers_with_what_speaks_against_it():
    found = conclusion({"one": True, "two": True})
    assert found["choice"]["model"] == "one"
    assert found["support"] == {"missed": ["promo"], "surprising": [], "leaning": []}
    assert found["ranking"]["shaky"] == {"one": 0, "two": 0}
    assert [answer["treatment"] for answer in found["treatments"]] == ["some"]


def test_where_no_model_passed_nothing_is_answered_and_the_ranking_is_told():
    found = conclusion({"one": False, "two": False})
    assert found["choice"]["barred"] == ["one", "two"]
    assert found["treatments"] == []
    assert "support" not in found
    assert found["ranking"]["unit"] == "contact"


def test_the_gaps_of_the_model_that_answers_are_told():
    gaps = {"one": [{"kind": "number"}], "two": []}
    assert conclusion({"one": True, "two": True}, gaps=gaps)["gaps"] == [{"kind": "number"}]
    assert conclusion({"one": False, "two": True}, gaps=gaps)["gaps"] == []


def test_whether_it_was_a_fair_experiment_is_told_whoever_answers():
    planned, ids = Decision(split={"none": 1, "some": 9}), {"ids": {"design_effect": 1.0}}
    for passed in (True, False):
        found = conclusion({"one": passed}, planned, ids)
        assert found["split"]["call"] == "strays"
        assert found["ids"] == ids["ids"]
    assert not {"split", "ids"} & set(conclusion({"one": True}))


def test_where_levels_are_ranked_the_model_is_chosen_alike_and_no_treatment_is_told():
    found = conclusion({"one": True, "two": True}, ranked=True)
    assert found["choice"]["model"] == "one"
    assert found["treatments"] == found["yields"] == []
    assert found["seen"]["trials"] > 0


def test_along_a_number_all_contacts_are_seen_and_no_value_is_placed():
    along = conclusion({"one": True, "two": True}, ranked=True, along=True)
    levels = conclusion({"one": True, "two": True}, ranked=True)
    assert along["seen"] == levels["seen"]
    assert along["disagree"] == []
