"""Tables read back from a page: what a program gets of them."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from partialpool.report.formats import percent, points
from partialpool.report.grid import read_grid
from partialpool.report.table import Table


def grid(frame, **more):
    return read_grid(Table(frame, "Rates.", **more)._repr_html_())


def test_headers_over_several_columns_and_rows_are_said_for_each():
    columns = pd.MultiIndex.from_tuples([("", "contacts"), ("89% interval", "from"), ("", "call")])
    index = pd.MultiIndex.from_tuples(
        [("Mail", "a"), ("Mail", "b"), ("Park", "a")], names=["channel", "model"]
    )
    found = grid(pd.DataFrame([[1, 0.5, "gain"]] * 3, index=index, columns=columns))
    assert list(found) == ["channel", "model", "contacts", "89% interval from", "call"]
    assert found["channel"].tolist() == ["Mail", "Mail", "Park"]
    assert found["model"].tolist() == ["a", "b", "a"]


def test_what_explains_a_word_is_no_part_of_a_header():
    shown = Table(pd.DataFrame({"level": ["x"], "lift, points": [1]}), "Rates.")._repr_html_()
    term = (
        '<span class="term">lift<span role="tooltip"><b>What</b> <span>it</span> is.</span></span>'
    )
    assert list(read_grid(shown.replace(">lift,", f">{term},"))) == ["level", "lift, points"]


def test_columns_of_one_name_are_told_apart():
    frame = pd.DataFrame([["x", 1, 2]], columns=["level", "to", "to"])
    assert list(grid(frame)) == ["level", "to", "to 2"]


def test_what_is_missing_is_empty():
    frame = pd.DataFrame({"level": ["x", "y"], "rate": [None, 0.5]})
    assert grid(frame)["rate"].tolist() == ["", "0.5"]


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=6))
def test_numbers_come_back_to_the_last_bit_however_they_are_shown(values):
    frame = pd.DataFrame({"level": list(map(str, range(len(values)))), "rate": values})
    found = grid(frame, formats={"rate": percent()})
    assert list(map(float, found["rate"])) == values


def test_points_come_back_as_points():
    frame = pd.DataFrame({"level": ["x"], "lift, points": [0.2287123456789]})
    assert grid(frame, formats={"lift, points": points()}).iloc[0, 1] == "22.87123456789"


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True))
def test_levels_of_any_name_come_back_but_for_their_white_space(names):
    frame = pd.DataFrame({"level": names, "n": range(len(names))})
    expected = ["" if name == "\N{EN DASH}" else " ".join(name.split()) for name in names]
    assert grid(frame)["level"].tolist() == expected
