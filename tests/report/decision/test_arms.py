"""The choice at a glance, and all arms in tables and one picture."""

from dataclasses import replace

import pytest

from partialpool.report.decision.arms import tabulate_arms, tabulate_choices

from ...factories.labels import labels_of
from ...factories.weighed import weigh
from .test_choices import IN_SHOPS, OF_PAGES, PAGES, SHOPS


def test_without_places_every_arm_has_a_row_the_best_first():
    frame = tabulate_choices(weigh(PAGES, OF_PAGES), OF_PAGES).frame
    assert frame.index.tolist() == ["D", "B", "C", "A"]
    assert str(frame.loc["D", "lift over A, points"]) == "+1.28"
    assert frame.loc["D", "lift over A, points"].value == pytest.approx(1.28, abs=0.005)
    assert str(frame.loc["D", "relative lift"]) == "16%"
    assert frame.loc["A", "relative lift"] == "–"
    assert str(frame.loc["B", "risk"]).startswith("0.5")


def test_with_places_each_has_its_best_and_how_far_that_is_ahead():
    frame = tabulate_choices(weigh(SHOPS, IN_SHOPS), IN_SHOPS).frame
    assert frame.index.tolist() == ["x", "y", "z", "all, same mix"]
    assert frame["best"].tolist()[:2] == ["B", "A"]
    assert str(frame.loc["x", "ahead by, points"]).startswith("+")
    assert str(frame.loc["x", "probability"]) == "above 99.9%"


def test_profit_stands_beside_and_says_that_it_is_assumed():
    weighed = weigh(SHOPS, IN_SHOPS, value=10, illustrative=True)
    table = tabulate_choices(weighed, IN_SHOPS)
    assert "profit per contact, assumed" in table.frame
    assert "assumptions" in table.note


def test_of_a_trait_no_risk_is_told():
    labels = replace(OF_PAGES, treatment_is="trait")
    assert "risk" not in tabulate_choices(weigh(PAGES, labels), labels).frame


def test_arms_that_no_draw_tells_apart_have_no_best():
    same = {"A": (5, 100), "B": (5, 100)}
    labels = labels_of({"page": ["A", "B"], "shop": ["x", "y"]}, treatment="page")
    weighed = weigh({"x": same, "y": same}, labels)
    for row in weighed.facts["advice"]:
        row["leader"] = None
    frame = tabulate_choices(weighed, labels).frame
    assert set(frame["best"]) == {"not told apart"}
    assert set(frame["ahead by, points"]) == {"–"}


def test_every_arm_in_every_place_is_tabled():
    weighed = weigh(SHOPS, IN_SHOPS)
    assert len(tabulate_arms(weighed, IN_SHOPS).frame) == 4 * 3


def test_of_twelve_arms_the_best_are_shown():
    arms = {f"page {i}": (100 + i, 1000) for i in range(12)}
    labels = labels_of({"page": list(arms)}, within=None, treatment="page")
    weighed = weigh(arms, labels)
    assert len(tabulate_choices(weighed, labels).frame) == 8
    assert "4 more levels of page" in tabulate_choices(weighed, labels).note


def test_of_fifty_places_those_far_apart_are_shown():
    names = [str(i) for i in range(50)]
    labels = labels_of({"page": ["A", "B"], "shop": names}, treatment="page")
    rows = [{"A": (100, 1000), "B": (100 + 2 * i, 1000)} for i in range(50)]
    weighed = weigh(dict(zip(names, rows, strict=True)), labels)
    table = tabulate_choices(weighed, labels)
    assert len(table.frame) == 8
    assert "49" in table.frame.index
    assert "43 more levels of shop" in table.note
