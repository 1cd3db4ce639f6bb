"""The answer where the treatment is a number, from seeded contacts whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from partialpool.decision.weighed import Weighed
from partialpool.report.decision.answer import answer, headline, title_decision
from partialpool.report.decision.brief import list_points
from partialpool.report.decision.curve import (
    explain_curve,
    name_curve,
    spell_value,
    tell_curve,
)
from partialpool.report.decision.curve_doubts import doubt_curve
from partialpool.report.decision.curve_figures import draw_curves
from partialpool.report.decision.curve_table import tabulate_points, tabulate_rises

from ...factories.doses import dosed, flat, followed, opposed, rising, turning
from ...factories.labels import labels_of

CHOICE = {"model": "one", "reason": "only", "tied": [], "barred": []}
DECISION = {"choice": CHOICE, "treatments": [], "yields": []}
MANY = (900, 300)


@pytest.fixture(scope="module")
def rises():
    return followed(dosed(rising, trials=MANY), "dose + region")


def curve_of(found):
    return found[1].facts["curve"]


def told(weighed, labels):
    """The answer, and the points beside it."""
    points = [point.text for point in list_points(DECISION, weighed, labels)]
    return [*answer(DECISION, weighed, labels), *points]


def falls(**more):
    return followed(dosed(lambda d, r: -rising(d, r) - 2, trials=MANY), "dose + region", **more)


def test_the_headline_says_that_the_rate_rises_between_the_ends_that_were_seen(rises):
    labels, weighed = rises
    said = headline(DECISION, weighed, labels)
    assert said.startswith("**The rate rises with dose: from 13")  # the truth is 13.1%
    assert "% at 0 to 39" in said  # the truth is 40.2%
    assert said.endswith("at 10 (probability above 99.9%).**")
    assert headline(DECISION, Weighed({}, weighed.facts), labels) == said  # as the index has it
    assert title_decision(labels) == "How the rate runs along dose"


def test_the_answer_tells_rates_and_the_lift_of_a_step_as_the_draws_have_them(rises):
    labels, weighed = rises
    said, found = " ".join(told(weighed, labels)), curve_of(rises)["places"][-1]
    middle = found["points"]["middle"]
    assert f"{100 * middle['mean']:.1f}% at 5 ({100 * middle['lower']:.1f}% to" in said
    assert (
        f"From 2 to 8, the quartiles over the contacts, it changes by "
        f"+{100 * found['step']['mean']:.1f} points" in said
    )
    assert f"+{100 * found['per_unit']['mean']:.2f} points" in said
    assert "whether a higher value would have a rate above it is not known" in said


def test_of_a_flat_curve_nothing_is_settled():
    labels, weighed = followed(dosed(flat), "dose + region")
    said = headline(DECISION, weighed, labels)
    assert "Nothing settles whether the rate rises or falls with dose" in said
    assert "rises with" not in said


def test_a_formula_without_the_number_says_nothing_of_it():
    labels, weighed = followed(dosed(rising), "region")
    assert "gives the same rate at every dose" in headline(DECISION, weighed, labels)
    assert len(told(weighed, labels)) == 1
    assert tabulate_rises(weighed.facts["curve"], labels) is None


def test_a_curve_that_turns_is_told_by_its_highest_point_against_both_ends():
    labels, weighed = followed(dosed(turning, trials=(600, 600)), "region + poly(dose, 2)")
    found = curve_of((labels, weighed))["places"][-1]
    said = name_curve(curve_of((labels, weighed)), labels)
    assert said.startswith("**The rate is highest in between: ")
    assert f"at dose {found['turn']['at']:g}, above that at 0 (" in said
    assert doubt_curve(weighed.facts["curve"], labels, "one") == []


def test_where_less_is_better_the_lowest_rate_is_the_best_one():
    labels, weighed = falls(good=False)
    said = " ".join(told(weighed, labels))
    assert "The rate falls with dose" in said
    assert "The dose with the lowest rate, of those seen, is 10" in said
    assert "whether a higher value would have a rate below it is not known" in said
    assert "Less is better here." in said
    assert "lowest at" in tabulate_rises(weighed.facts["curve"], labels).frame
    welcome = " ".join(told(weighed, replace(labels, good=True)))
    assert "The dose with the highest rate, of those seen, is 0" in welcome
    assert "Less is better" not in welcome


def test_each_place_is_told_how_its_own_curve_runs():
    labels, weighed = followed(dosed(opposed, trials=MANY), "dose * region", apart="region")
    said = tell_curve(curve_of((labels, weighed)), labels)[-1]
    assert "Where region is North (above 99.9%) the rate rises." in said
    assert "Where region is South (above 99.9%) the rate falls." in said
    rises = tabulate_rises(weighed.facts["curve"], labels).frame
    assert rises.loc["North", "rises"] == "above 99.9%"
    assert rises.loc["South", "rises"] == "below 0.1%"
    points = tabulate_points(weighed.facts["curve"], labels).frame
    assert list(points.index.unique(0)) == ["North", "South", "all contacts"]
    alt = draw_curves(weighed.facts["curve"], weighed.tables, labels).alt
    assert "North: " in alt
    assert "all contacts" not in alt


def test_the_first_screen_has_the_rate_at_the_ends_and_between(rises):
    labels, weighed = rises
    table, places = tabulate_points(weighed.facts["curve"], labels), curve_of(rises)["places"]
    assert list(table.frame.index) == ["0", "2", "5", "8", "10"]
    means = [point["mean"] for point in places[-1]["points"].values()]
    assert table.frame["rate"].tolist() == sorted(means)
    assert "0 lowest seen, 2 a quarter below" in table.note


def test_a_straight_line_is_a_doubt_and_a_model_that_may_bend_is_named(rises):
    labels, weighed = rises
    (said,) = doubt_curve(weighed.facts["curve"], labels, "one")
    assert "The one model takes log-odds for a straight line in dose" in said
    assert "`poly(dose, 2)`" in said
    (other,) = doubt_curve(weighed.facts["curve"] | {"bending": ["bent"]}, labels, "one")
    assert "The bent model, which may bend, may not answer or predict no better" in other
    assert "poly(" not in other


def test_few_values_and_traits_are_doubts_and_a_failed_choice_has_none():
    labels, weighed = followed(dosed(rising, [0, 2, 7]), "C(dose) + region", along="trait")
    said = doubt_curve(weighed.facts["curve"], labels, "one")
    assert said[0].startswith("Only 3 values of dose were seen (0, 2 and 7)")
    assert said[1].startswith("Nobody was given a dose")
    assert doubt_curve(weighed.facts["curve"], labels, None) == []
    assert doubt_curve(None, labels_of({"promo": ["no", "yes"]}), "one") == []


def test_a_place_that_saw_less_of_the_number_is_named():
    cells = dosed(rising)
    cells = cells[(cells["region"] == "North") | (cells["dose"] <= 3)]
    labels, weighed = followed(cells, "bs(dose, df=3) + region", apart="region")
    (said,) = doubt_curve(weighed.facts["curve"], labels, "one")
    assert "Where region is South (0 to 3) fewer values of dose were seen" in said


def test_models_and_mixes_that_find_otherwise_are_named():
    labels, weighed = followed(dosed(opposed, trials=(900, 100)), "dose * region", apart="region")
    one = [{"model": "line", "call": "open", "turn": None}]
    said = doubt_curve(weighed.facts["curve"] | {"disagree": one}, labels, "one")
    assert (
        "The line model, which predicts as well, finds that it is open whether the rate rises or "
        "falls." in said
    )
    assert any("with all levels of region weighing the same" in line for line in said)


def test_the_section_says_where_the_curve_ends_and_that_money_needs_levels(rises):
    labels, weighed = rises
    said = explain_curve(weighed.facts["curve"], labels)
    assert "all 11 values that were seen, 0 to 10" in said
    assert "`bins`" in said
    assert explain_curve(None, labels) == ""


def test_the_picture_holds_every_value_and_needs_a_number(rises):
    labels, weighed = rises
    assert draw_curves(weighed.facts["curve"], weighed.tables, labels).alt.count("% at ") == 11
    assert draw_curves(None, {}, labels) is None
    assert tabulate_points(None, labels) is None
    assert tabulate_rises(None, labels) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [(2.0, "2"), (0.5, "0.5"), (-3, "−3"), (1 / 3, "0.33333"), (20260105, "20260105")],
)
def test_a_value_is_as_short_as_it_can_be_read(value, said):
    assert spell_value(np.float64(value)) == said


def test_cells_that_the_model_misses_come_before_the_headline(rises):
    labels, weighed = rises
    missed = DECISION | {"support": {"missed": [""], "surprising": [], "leaning": []}}
    said = headline(missed, weighed, labels)
    assert said.startswith("**The one model does not reproduce the counts cell by cell.**")
