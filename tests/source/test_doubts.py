"""What is wrong with a row is said of it once, and the row is counted apart."""

import pytest

from partialpool.settings import Factor, Number
from partialpool.source.counted import (
    COLUMN,
    EXAMPLE,
    KEY,
    OUTCOME,
    PROBLEM,
    ROWS,
    SUCCESSES,
    TRIALS,
    check_problems,
)
from partialpool.source.counting import count_contacts
from partialpool.source.fields import FILTERED, NOT_A_COUNT, NOT_A_NUMBER, TOO_FEW_TRIALS

from ..factories.contacts import COUNTS, NO_NUMBERS, G, Y


def test_what_is_no_number_is_a_problem_in_every_engine(texts):
    rows = [*((text, text, "1") for text in NO_NUMBERS), ("1", "a", "1")]
    counted = count_contacts(texts("xgy", *rows), G, {"x": Number(column="x")}, Y)
    found = counted[["g", OUTCOME, PROBLEM, KEY, COLUMN, EXAMPLE, ROWS]].to_numpy().tolist()
    assert found == [
        ["a", "1", None, None, None, None, 1],
        [None, None, NOT_A_NUMBER, "numbers.x", "x", min(NO_NUMBERS), len(NO_NUMBERS)],
    ]


def test_what_cannot_be_put_into_a_bin_is_a_problem(texts):
    bins = {"age": Factor(column="x", bins=(30, 50))}
    counted = count_contacts(texts("xy", ("31", "1"), ("old", "1"), ("ancient", "0")), bins, {}, Y)
    found = counted[["age", PROBLEM, KEY, EXAMPLE, ROWS]].to_numpy().tolist()
    assert found == [
        ["30 to 50", None, None, None, 1],
        [None, NOT_A_NUMBER, "factors.age", "ancient", 2],
    ]


def test_what_is_filtered_out_has_no_other_problem(texts):
    rows = [("abc", "a", "1"), ("1", "b", "1")]
    source = texts("xgy", *rows, filter="g = 'b'")
    counted = count_contacts(source, G, {"x": Number(column="x")}, Y)
    assert counted[PROBLEM].tolist() == [None, FILTERED]
    check_problems(counted, source)


@pytest.mark.parametrize("column", ["s", "t"])
def test_anything_else_is_a_problem(texts, column):
    counts = ["seven", "7.5", "-1", "-0.5", "1e13", "1e199", "1e999", "nan"]
    rows = [("a", n, "9") if column == "s" else ("a", "0", n) for n in counts]
    counted = count_contacts(texts("gst", *rows, ("b", "1", "2")), G, {}, COUNTS)
    found = counted[["g", PROBLEM, KEY, COLUMN, EXAMPLE, ROWS, SUCCESSES, TRIALS]]
    key = {"s": "outcome.successes", "t": "outcome.trials"}[column]
    assert found.to_numpy().tolist() == [
        ["b", None, None, None, None, 1, 1, 2],
        [None, NOT_A_COUNT, key, column, "-0.5", 8, 0, 0],
    ]


def test_more_successes_than_trials_are_a_problem(texts):
    rows = [("a", "3", "2"), ("b", "3", "3"), ("c", "0", "0"), ("d", "9", "8")]
    counted = count_contacts(texts("gst", *rows), G, {}, COUNTS)
    found = counted[["g", PROBLEM, COLUMN, EXAMPLE, ROWS, SUCCESSES, TRIALS]]
    assert found.to_numpy().tolist() == [
        ["b", None, None, None, 1, 3, 3],
        ["c", None, None, None, 1, 0, 0],
        [None, TOO_FEW_TRIALS, "s", "3 of 2", 2, 0, 0],
    ]


def test_rows_with_problems_do_not_multiply_the_groups(texts):
    rows = [(f"no {i}", f"g{i}", f"{i}.5", "100") for i in range(100)]
    rows += [(str(i), f"g{i}", f"{i}.5", "100") for i in range(50)] + [("1", "a", "1", "1")]
    x = {"x": Number(column="x")}
    counted = count_contacts(texts("xgst", *rows), G, x, COUNTS)
    assert counted[[PROBLEM, EXAMPLE, ROWS]].to_numpy().tolist() == [
        [None, None, 1],
        [NOT_A_COUNT, "0.5", 50],
        [NOT_A_NUMBER, "no 0", 100],
    ]
