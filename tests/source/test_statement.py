"""What the statement makes of a row: its values, its numbers, what is wrong with it."""

import pytest

from partialpool.settings import Factor, Number
from partialpool.source.counted import COUNTS_MISSING, OUTCOME, PROBLEM, ROWS, SUCCESSES, TRIALS
from partialpool.source.counting import count_contacts
from partialpool.source.fields import FILTERED

from ..factories.contacts import COUNTS, G, Y


def test_an_empty_text_and_those_that_are_named_are_no_value(texts):
    rows = [("", "1"), (None, "1"), ("NA", "1"), ("na", "1"), ("it's\\%", ""), ("x", "NA")]
    source = texts("gy", *rows, null_values=("NA", "it's\\%"))
    counted = count_contacts(source, G, {}, Y)
    found = counted[["g", OUTCOME, ROWS]].to_numpy().tolist()
    assert found == [["na", "1", 1], ["x", None, 1], [None, "1", 3], [None, None, 1]]


def test_a_bin_reaches_from_one_edge_to_just_below_the_next(texts):
    ages = ["29.999", "30", "49.9", "50", "-1e6", "1e6", None, "NA", "30 "]
    bins = {"age": Factor(column="x", bins=(30, 50))}
    source = texts("xy", *((age, "1") for age in ages), null_values=("NA",))
    counted = count_contacts(source, bins, {}, Y)
    found = counted[["age", ROWS]].to_numpy().tolist()
    assert found == [["30 to 50", 3], ["50 and above", 2], ["below 30", 2], [None, 2]]


def test_bins_may_have_names_with_anything_in_them(texts):
    levels = ("it's low", "100% :x", "\\ {high} ${HOME} ?")
    bins = {"age": Factor(column="x", bins=(0.5, 1.5), levels=levels)}
    counted = count_contacts(texts("xy", ("0", "1"), ("1", "1"), ("2", "1")), bins, {}, Y)
    assert set(counted["age"]) == set(levels)


def test_a_column_may_be_a_factor_and_a_number(texts):
    bins = {"age": Factor(column="x", bins=(30,)), "as_it_is": Factor(column="x")}
    counted = count_contacts(texts("xy", ("07", "1")), bins, {"x": Number(column="x")}, Y)
    found = counted[["age", "as_it_is", "x"]].to_numpy().tolist()
    assert found == [["below 30", "07", 7.0]]


@pytest.mark.parametrize(
    "condition",
    [
        "x <> 'b'",
        "x NOT LIKE 'b%' -- as of 12:30; 100%",
        "x IN ('a', ':a', '{a}', '%s', '?', '\\')",
        "x = 'a' OR x = 'a'",
        "\"x\" = 'a'",
    ],
)
def test_a_filter_leaves_out_what_does_not_meet_it_or_where_it_is_unknown(texts, condition):
    source = texts("xgy", *((x, "g", "1") for x in ("a", "a", "b", None)), filter=condition)
    counted = count_contacts(source, G, {}, Y)
    found = counted[["g", OUTCOME, PROBLEM, ROWS]].to_numpy().tolist()
    assert found == [["g", "1", None, 2], [None, None, FILTERED, 2]]


def test_a_filter_that_the_source_does_not_understand_is_refused(texts, refused):
    source = texts("xy", ("a", "1"))
    for condition in ("x ===", "nothing = 1", "'", "x = 'a' AND"):
        asked = source.model_copy(update={"filter": condition})
        said = refused(count_contacts, asked, {"x": Factor(column="x")}, {}, Y)
        assert said.startswith(f"source.filter: {source.shown}: ")


def test_a_filter_that_fails_on_a_value_is_refused(place, refused):
    for kind in ("csv", "duckdb", "postgresql"):
        source = place(kind, {"x": "VARCHAR", "y": "VARCHAR"}, [("1", "1"), ("abc", "1")])
        source = source.model_copy(update={"filter": "CAST(x AS INTEGER) > 0"})
        said = refused(count_contacts, source, {"x": Factor(column="x")}, {}, Y)
        assert said.startswith("source.filter: ")
        assert "abc" in said


def test_a_missing_count_keeps_its_values_and_counts_nothing(texts):
    rows = [("a", None, "2"), ("a", "1", "NA"), ("a", "", ""), ("a", "1", "2")]
    counted = count_contacts(texts("gst", *rows, null_values=("NA",)), G, {}, COUNTS)
    found = counted[["g", COUNTS_MISSING, PROBLEM, ROWS, SUCCESSES, TRIALS]]
    assert found.to_numpy().tolist() == [
        ["a", "s", None, 2, 0, 0],
        ["a", "t", None, 1, 0, 0],
        ["a", None, None, 1, 1, 2],
    ]


def test_the_sum_of_large_counts_is_exact(texts):
    rows = [("a", str(10**12 - i), str(10**12)) for i in range(100)]
    counted = count_contacts(texts("gst", *rows), G, {}, COUNTS)
    assert counted[SUCCESSES].tolist() == [sum(int(row[1]) for row in rows)]
