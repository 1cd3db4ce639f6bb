"""What the statement makes of a row: its values, its numbers, what is wrong with it."""

import pytest

from partialpool.settings import Factor, Number, Outcome
from partialpool.source import (
    COLUMN,
    COUNTS_MISSING,
    EXAMPLE,
    FILTERED,
    KEY,
    NOT_A_COUNT,
    NOT_A_NUMBER,
    OUTCOME,
    PROBLEM,
    ROWS,
    SUCCESSES,
    TOO_FEW_TRIALS,
    TRIALS,
    check_problems,
    count_contacts,
)

from .contacts import NO_NUMBERS, NUMBERS

ENGINES = ["csv", "sqlite", "postgresql"]
"""DuckDB and two that are asked through SQLAlchemy, one with a regular expression, one without."""
Y = Outcome(column="y")
G = {"g": Factor(column="g")}


@pytest.fixture(params=ENGINES)
def texts(request, place):
    """Put rows of text into a source of each engine."""

    def put(names, *rows, **settings):
        source = place(request.param, dict.fromkeys(names, "VARCHAR"), rows)
        return source.model_copy(update=settings)

    return put


def test_levels_are_equal_only_where_every_character_is(texts):
    levels = ["a", "A", "a ", " a", "\u00e1", "a\u0301", "\uff41", "0", "00", "0.0", "NULL"]
    levels += ["true", "\\", "'", "%s", "\t"]
    source = texts("gy", *((level, "1") for level in levels))
    counted = count_contacts(source, G, {}, Y)
    assert counted["g"].tolist() == sorted(levels)


def test_a_collation_folds_no_levels(place, server):
    source = place("postgresql", {"g": "VARCHAR", "y": "VARCHAR"}, [("a", "1"), ("A", "1")])
    server.execute(
        "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', "
        "deterministic = false)",
        "ALTER TABLE contacts ALTER g TYPE VARCHAR COLLATE folding",
    )
    assert count_contacts(source, G, {}, Y)["g"].tolist() == ["A", "a"]


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_nor_does_one_that_ignores_case(place, kind):
    columns = {"g": "VARCHAR COLLATE NOCASE", "y": "VARCHAR"}
    source = place(kind, columns, [("a", "1"), ("A", "1")])
    source = source.model_copy(update={"null_values": ("A",)})
    assert count_contacts(source, G, {}, Y)["g"].tolist() == ["a", None]


def test_an_empty_text_and_those_that_are_named_are_no_value(texts):
    rows = [("", "1"), (None, "1"), ("NA", "1"), ("na", "1"), ("it's\\%", ""), ("x", "NA")]
    source = texts("gy", *rows, null_values=("NA", "it's\\%"))
    counted = count_contacts(source, G, {}, Y)
    found = counted[["g", OUTCOME, ROWS]].to_numpy().tolist()
    assert found == [["na", "1", 1], ["x", None, 1], [None, "1", 3], [None, None, 1]]


def test_numbers_are_read(texts):
    source = texts("xgy", *((text, text, "1") for text in NUMBERS))
    counted = count_contacts(source, G, {"x": Number(column="x")}, Y)
    assert dict(zip(counted["g"], counted["x"], strict=True)) == NUMBERS
    assert counted[PROBLEM].isna().all()


def test_what_is_no_number_is_a_problem_in_every_engine(texts):
    rows = [*((text, text, "1") for text in NO_NUMBERS), ("1", "a", "1")]
    counted = count_contacts(texts("xgy", *rows), G, {"x": Number(column="x")}, Y)
    found = counted[["g", OUTCOME, PROBLEM, KEY, COLUMN, EXAMPLE, ROWS]].to_numpy().tolist()
    assert found == [
        ["a", "1", None, None, None, None, 1],
        [None, None, NOT_A_NUMBER, "numbers.x", "x", min(NO_NUMBERS), len(NO_NUMBERS)],
    ]


def test_numbers_of_a_typed_column_are_exact(place):
    values = [1 / 3, 0.1 + 0.2, 1e-5, 1e22, 123456.789012345, -2.5]
    for kind in ("parquet", "duckdb", "sqlite", "postgresql"):
        rows = [(value, "a", "1") for value in values]
        source = place(kind, {"x": "DOUBLE", "g": "VARCHAR", "y": "VARCHAR"}, rows)
        counted = count_contacts(source, G, {"x": Number(column="x")}, Y)
        assert counted["x"].tolist() == sorted(values)


@pytest.mark.parametrize("kind", ["parquet", "duckdb", "postgresql"])
def test_an_infinite_number_is_a_problem(place, kind):
    rows = [(float("inf"), "a", "1"), (float("nan"), "a", "1"), (float("-inf"), "a", "1")]
    source = place(kind, {"x": "DOUBLE", "g": "VARCHAR", "y": "VARCHAR"}, rows)
    counted = count_contacts(source, G, {"x": Number(column="x")}, Y)
    assert counted[[PROBLEM, ROWS]].to_numpy().tolist() == [[NOT_A_NUMBER, 3]]


def test_zero_has_one_sign(place):
    for kind in ("parquet", "duckdb", "sqlite", "postgresql"):
        rows = [(value, "a", "1") for value in (0.0, -0.0)]
        source = place(kind, {"x": "DOUBLE", "g": "VARCHAR", "y": "VARCHAR"}, rows)
        counted = count_contacts(source, G, {"x": Number(column="x")}, Y)
        assert [str(x) for x in counted["x"]] == ["0.0"]


def test_truth_values_are_text(place):
    for kind in ("parquet", "duckdb", "postgresql"):
        source = place(kind, {"g": "VARCHAR", "y": "BOOLEAN"}, [("a", True), ("b", False)])
        assert count_contacts(source, G, {}, Y)[OUTCOME].tolist() == ["true", "false"]


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


def test_what_cannot_be_put_into_a_bin_is_a_problem(texts):
    bins = {"age": Factor(column="x", bins=(30, 50))}
    counted = count_contacts(texts("xy", ("31", "1"), ("old", "1"), ("ancient", "0")), bins, {}, Y)
    found = counted[["age", PROBLEM, KEY, EXAMPLE, ROWS]].to_numpy().tolist()
    assert found == [
        ["30 to 50", None, None, None, 1],
        [None, NOT_A_NUMBER, "factors.age", "ancient", 2],
    ]


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


def test_what_is_filtered_out_has_no_other_problem(texts):
    rows = [("abc", "a", "1"), ("1", "b", "1")]
    source = texts("xgy", *rows, filter="g = 'b'")
    counted = count_contacts(source, G, {"x": Number(column="x")}, Y)
    assert counted[PROBLEM].tolist() == [None, FILTERED]
    check_problems(counted, source)


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


COUNTS = Outcome(successes="s", trials="t")


def test_a_whole_number_is_a_count_however_it_is_written(texts):
    counts = ["7", "7.0", " 7 ", "7e0", "007", "+7", "0.7e1"]
    counted = count_contacts(texts("gst", *(("a", n, "10") for n in counts)), G, {}, COUNTS)
    found = counted[[PROBLEM, ROWS, SUCCESSES, TRIALS]].to_numpy().tolist()
    assert found == [[None, 7, 49, 70]]


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
