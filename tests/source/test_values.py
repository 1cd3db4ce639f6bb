"""Values of every engine as text and as numbers, exactly."""

import pytest

from partialpool.settings import Number
from partialpool.source.counted import OUTCOME, PROBLEM, ROWS, SUCCESSES, TRIALS
from partialpool.source.counting import count_contacts
from partialpool.source.fields import NOT_A_NUMBER

from ..factories.contacts import COUNTS, NUMBERS, G, Y


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


def test_numbers_are_read(texts):
    source = texts("xgy", *((text, text, "1") for text in NUMBERS))
    counted = count_contacts(source, G, {"x": Number(column="x")}, Y)
    assert dict(zip(counted["g"], counted["x"], strict=True)) == NUMBERS
    assert counted[PROBLEM].isna().all()


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


def test_a_whole_number_is_a_count_however_it_is_written(texts):
    counts = ["7", "7.0", " 7 ", "7e0", "007", "+7", "0.7e1"]
    counted = count_contacts(texts("gst", *(("a", n, "10") for n in counts)), G, {}, COUNTS)
    found = counted[[PROBLEM, ROWS, SUCCESSES, TRIALS]].to_numpy().tolist()
    assert found == [[None, 7, 49, 70]]
