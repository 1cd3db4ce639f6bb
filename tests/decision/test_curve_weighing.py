"""What is said of a number, of seeded contacts whose truth is known."""

import numpy as np
import pytest
from scipy.special import expit

from partialpool.cells.cells import write_cells
from partialpool.cells.levels import write_levels
from partialpool.cells.question import ALL, Question
from partialpool.decision.along import stratify_along
from partialpool.decision.curve_weighing import weigh_curves
from partialpool.decision.strata import reweigh, write_strata
from partialpool.decision.weighed import COLUMNS
from partialpool.decision.weighing import weigh_answer
from partialpool.settings import Decision

from ..factories.doses import DOSES, dosed, fit_to, flat, followed, opposed, rising, turning

ASKED = ("dose", "region")


def over_all(log_odds, formula, **more):
    return followed(dosed(log_odds, **more), formula)[1].facts["curve"]["places"][-1]


def test_a_rising_curve_is_found_and_holds_the_true_rates():
    found = followed(dosed(rising, trials=(3000, 1000)), "dose + region")[1]
    curve = found.tables["curve"]
    truth = [0.75 * expit(rising(d, "North")) + 0.25 * expit(rising(d, "South")) for d in DOSES]
    assert np.abs(curve["mean"].to_numpy() - truth).max() < 0.01
    assert ((curve["mean"] - truth).abs() < 3 * curve["sd"]).all()
    told = found.facts["curve"]["places"][-1]
    assert (told["call"], told["turn"]) == ("rises", None)
    assert told["always_up"] == 1
    assert told["highest"]["at"] == 10


def test_a_flat_curve_is_open():
    told = over_all(flat, "dose + region")
    assert told["call"] == "open"
    assert told["turn"] is None
    assert 0.05 < told["lift"]["above_null"] < 0.95


@pytest.mark.parametrize("formula", ["region + poly(dose, 2)", "region + bs(dose, df=4)"])
def test_a_curve_that_turns_is_found_where_the_formula_lets_it(formula):
    told = over_all(turning, formula, trials=(600, 600))
    assert told["turn"]["kind"] == "highest"
    assert 4 <= told["turn"]["at"] <= 6
    assert told["highest"]["lower"] <= 5 <= told["highest"]["upper"]
    assert told["always_up"] == told["always_down"] == 0
    assert over_all(turning, "region + dose", trials=(600, 600))["turn"] is None


def test_places_have_curves_of_their_own():
    _, found = followed(dosed(opposed, trials=(900, 900)), "dose * region", apart="region")
    calls = {row["within"]: row["call"] for row in found.facts["curve"]["places"]}
    assert (calls["North"], calls["South"]) == ("rises", "falls")
    assert set(found.tables["curve"]["within"]) == {"North", "South", ALL}


def test_the_curve_of_a_place_ends_where_its_own_contacts_end():
    cells = dosed(rising)
    cells = cells[(cells["region"] == "North") | (cells["dose"] <= 3)]
    _, found = followed(cells, "dose + region", apart="region")
    curve = found.tables["curve"]
    reached = curve[curve["mix"] == "observed"].groupby("within")["at"].max()
    assert dict(reached) == {"North": 10, "South": 3, ALL: 10}
    south = found.facts["curve"]["places"][1]
    assert south["points"]["highest"]["at"] == south["points"]["three_quarters"]["at"] == 3
    assert found.facts["curve"]["short"] == [{"within": "South", "least": 0.0, "greatest": 3.0}]


def test_all_contacts_are_told_under_every_mix_and_a_target_answers():
    cells = dosed(opposed, trials=(900, 100))
    strata = stratify_along(fit_to(cells, "dose * region"), "dose", ["region"])
    here = weigh_curves(strata, cells, ASKED, 0.95, 0.89)
    assert here.facts["curve"]["mix"] == "observed"
    assert here.facts["curve"]["places"][-1]["call"] == "rises"
    assert {row["mix"]: row["call"] for row in here.facts["curve"]["mixes"]} == {"equal": "open"}
    target = reweigh(strata, np.array([0.0, 1000]))
    there = weigh_curves(target, cells, ASKED, 0.95, 0.89)
    assert there.facts["curve"]["places"][-1]["call"] == "falls"
    everybody = there.tables["curve"].query("within == ''")
    assert set(everybody["mix"]) == {"observed", "equal", "target"}


def test_models_that_predict_as_well_and_find_otherwise_are_told(tmp_path):
    cells = dosed(turning, trials=(600, 600))
    formulas = {"bent": "region + poly(dose, 2)", "line": "region + dose"}
    files = {name: tmp_path / f"{name}.nc" for name in formulas}
    for name, formula in formulas.items():
        write_strata(stratify_along(fit_to(cells, formula), "dose", ["region"]), files[name])

    counted = tmp_path / "cells.csv", tmp_path / "levels.json"
    write_cells(cells, counted[0])
    write_levels(cells, counted[1])

    def told(model, tied):
        asked = Question("dose", ranked=True, along=True, apart="region"), Decision(), 0.89, 1
        return weigh_answer(model, files, *asked, counted, others=(formulas, tied))

    bent = told("bent", ["line"]).facts["curve"]
    assert bent["shape"] == "bends"
    assert bent["disagree"] == [{"model": "line", "call": "open", "turn": None}]
    line = told("line", []).facts["curve"]
    assert (line["shape"], line["bending"], line["disagree"]) == ("straight", ["bent"], [])
    nothing = told(None, [])
    assert "curve" not in nothing.facts
    assert {name: list(table) for name, table in nothing.tables.items()} == {
        name: list(columns) for name, columns in COLUMNS.items()
    }
