"""The counts themselves: numbers, pooled rates, and the mix of contacts."""

import pytest

from partialpool.cells.exploration import (
    compare_mix,
    cross,
    pool,
    tabulate_margins,
    tabulate_numbers,
)
from partialpool.cells.question import ALL, Question

from ..factories.cells import listed

LEVELS = {"offer": ["none", "some"], "shop": ["a", "b"]}


def cells_of(*rows):
    return listed(rows, LEVELS, ["age"])


CELLS = cells_of(("none", "a", 20.0, 1, 10), ("none", "b", 30.0, 5, 10), ("some", "b", 50.0, 9, 20))


def test_numbers_have_their_ends_and_their_mean_over_contacts():
    row = tabulate_numbers(CELLS).iloc[0]
    assert row.tolist() == ["age", 20.0, pytest.approx(37.5), 50.0]


def test_without_numbers_there_is_an_empty_table():
    table = tabulate_numbers(CELLS.drop(columns="age"))
    assert table.empty
    assert list(table) == ["number", "least", "mean", "greatest"]


def test_the_pooled_rates_are_those_of_all_contacts():
    margins = tabulate_margins(CELLS.drop(columns="age"))
    pooled = pool(margins[margins["factor"] == "offer"], "some", "none")
    assert pooled == {
        "rate_reference": pytest.approx(0.3),
        "rate_treated": pytest.approx(0.45),
        "lift": pytest.approx(0.15),
    }


def test_the_mix_is_compared_inside_levels_and_a_level_without_a_treatment_has_no_share():
    mix = compare_mix(cross(CELLS, Question("offer", "shop")), "some", "none")
    assert [row["within"] for row in mix] == ["a", "b"]
    assert [row["share_treated"] for row in mix] == [0, 1]
    assert [row["share_reference"] for row in mix] == [0.5, 0.5]
    assert [row["rate"] for row in mix] == pytest.approx([0.1, 14 / 30])


def test_where_nothing_is_compared_within_there_is_no_mix():
    crossing = cross(CELLS, Question("offer"))
    assert set(crossing["within"]) == {ALL}
    assert compare_mix(crossing, "some", "none") == []


def test_along_a_number_all_contacts_are_one():
    crossing = cross(CELLS, Question("age", ranked=True, along=True))
    assert crossing[["within", "treatment", "trials"]].to_numpy().tolist() == [[ALL, ALL, 40]]
