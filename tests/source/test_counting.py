"""Contacts are counted to the contact, in one pass, whatever kind of source they are in."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source import counting
from partialpool.source.counted import (
    COLUMN,
    COUNTS_MISSING,
    EXAMPLE,
    KEY,
    OUTCOME,
    PROBLEM,
    ROWS,
    SUCCESSES,
    TRIALS,
)
from partialpool.source.counting import count_contacts, glimpse
from partialpool.source.duck import DuckDB
from partialpool.source.fields import FILTERED

from ..factories.contacts import BOUGHT, COLUMNS, CONTACTS, FACTORS, KINDS, SOLD, SPEND

AGES = {"age": Factor(column="age", bins=(30, 50))}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_contacts_give_the_same_counts_in_every_kind_of_source(place, kind):
    counted = count_contacts(place(kind, COLUMNS, CONTACTS), FACTORS, SPEND, BOUGHT)
    expected = Counter((row[0], row[1], row[3], row[4]) for row in CONTACTS)
    assert counts_of(counted, [*FACTORS, *SPEND, OUTCOME]) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_and_the_same_frame(place, kind):
    request = (FACTORS | AGES, SPEND, SOLD)
    settings = {"null_values": ("NA", "64")}
    source = place(kind, COLUMNS, CONTACTS).model_copy(update=settings)
    counted = count_contacts(source, *request)
    expected = count_contacts(place("csv", COLUMNS, CONTACTS).model_copy(update=settings), *request)
    pd.testing.assert_frame_equal(counted, expected)


def test_the_frame_holds_what_the_documentation_says(place):
    counted = count_contacts(place("csv", COLUMNS, CONTACTS), FACTORS | AGES, SPEND, SOLD)
    about = [COUNTS_MISSING, PROBLEM, KEY, COLUMN, EXAMPLE, ROWS, SUCCESSES, TRIALS]
    assert list(counted) == ["promo", "channel", "age", "spend", *about]
    assert counted["spend"].dtype == np.float64
    assert {counted[name].dtype for name in (ROWS, SUCCESSES, TRIALS)} == {np.dtype(np.int64)}
    texts = counted[["promo", "channel", "age", COUNTS_MISSING, PROBLEM, KEY, COLUMN, EXAMPLE]]
    assert {type(value) for value in texts.to_numpy().ravel()} == {str, type(None)}


def test_contacts_that_are_counted_already_are_summed(place):
    counted = count_contacts(place("csv", COLUMNS, CONTACTS), FACTORS, {}, SOLD)
    table = counted.set_index("promo")[[COUNTS_MISSING, ROWS, SUCCESSES, TRIALS]]
    assert table.loc["NA"].tolist() == [None, 1, 5, 9]
    assert table.loc["Bundle"].to_numpy().tolist() == [[None, 1, 2, 2], [None, 3, 4, 8]]
    assert table.loc["bundle"].tolist() == ["offered", 1, 0, 0]
    assert table.loc["bundle "].tolist() == ["sold", 1, 0, 0]


def test_failures_stand_for_trials(write):
    source = Source(path=str(write("g,yes,no\na,3,4\na,1,0\n")))
    outcome = Outcome(successes="yes", failures="no")
    counted = count_contacts(source, {"g": Factor(column="g")}, {}, outcome)
    assert counted[[SUCCESSES, TRIALS]].to_numpy().tolist() == [[4, 8]]


def test_counts_are_sorted_by_their_values_missing_ones_last(write):
    rows = [[g, x, y] for g in ["b", "", "é", "a", "B"] for x in ["10", "9", ""] for y in "yn"]
    source = Source(path=str(write([["g", "x", "y"], *rows])))
    counted = count_contacts(
        source, {"g": Factor(column="g")}, {"x": Number(column="x")}, Outcome(column="y")
    )
    found = list(counts_of(counted, ["g", "x", OUTCOME]))
    groups = ["B", "a", "b", "é", None]
    assert found == [(g, x, y) for g in groups for x in [9.0, 10.0, None] for y in "ny"]


def test_the_contacts_are_read_in_one_pass(place, monkeypatch):
    asked = []
    ask = DuckDB.ask
    monkeypatch.setattr(DuckDB, "ask", lambda *given: asked.append(given[1]) or ask(*given))
    source = place("csv", COLUMNS, CONTACTS).model_copy(update={"filter": "age <> '29'"})
    count_contacts(source, FACTORS | AGES, SPEND, SOLD)
    *checks, last = map(str, asked)
    assert all("WHERE 1 = 0" in check for check in checks)
    assert last.count("contacts") == 1


def test_only_groups_cross_the_wire_of_a_database(place, server):
    rows = [contact for contact in CONTACTS for _ in range(1000)]
    source = place("postgresql", COLUMNS, rows).model_copy(update={"filter": "age > 29"})
    server.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    server.execute("SELECT pg_stat_statements_reset()")
    counted = count_contacts(source, FACTORS, SPEND, BOUGHT)
    assert counted[ROWS].sum() == 8000
    seen = server.execute(
        "SELECT calls, rows FROM pg_stat_statements WHERE query ~ 'SELECT' AND query ~ 'contacts'"
    )
    header, check, count = sorted(seen)
    assert header == check == (1, 0)
    assert count == (1, len(counted))
    assert len(counted) < 10


def test_a_database_is_asked_in_a_transaction_that_only_reads(place, server, refused):
    source = place("postgresql", COLUMNS, CONTACTS)
    server.execute(
        "CREATE FUNCTION spoil() RETURNS boolean LANGUAGE sql AS "
        "$$ DELETE FROM contacts RETURNING true $$"
    )
    spoiling = source.model_copy(update={"filter": "spoil()"})
    said = refused(count_contacts, spoiling, FACTORS, {}, BOUGHT)
    assert said.endswith("cannot execute DELETE in a read-only transaction")
    assert server.execute("SELECT count(*) FROM contacts") == [(len(CONTACTS),)]


@pytest.mark.parametrize("kind", ["csv", "duckdb", "sqlite", "postgresql"])
def test_too_many_combinations_are_refused_before_they_are_taken(place, kind, monkeypatch, refused):
    taken = []
    frame_of = counting.frame_of
    monkeypatch.setattr(counting, "MOST_CELLS", 20)
    monkeypatch.setattr(
        counting, "frame_of", lambda rows, *more: taken.append(len(rows)) or frame_of(rows, *more)
    )
    columns = {"id": "INTEGER", "g": "VARCHAR", "y": "VARCHAR"}
    source = place(kind, columns, [(i, "ab"[i % 2], "yes") for i in range(50)])
    few, many = {"g": Factor(column="g")}, {"who": Factor(column="id")}
    said = refused(count_contacts, source, few | many, {}, Outcome(column="y"))
    assert said == (
        f"factors.who: {source.shown} has more than 20 combinations of values, the most in column "
        "'id' (21 or more), expected columns with few values; bins make few of many numbers"
    )
    assert taken == [21]
    assert len(count_contacts(source, few, {}, Outcome(column="y"))) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_without_rows_is_refused(place, kind, refused):
    source = place(kind, COLUMNS, [])
    said = refused(count_contacts, source, FACTORS, {}, BOUGHT)
    assert said.endswith(f"{source.shown} has no rows, expected one for each contact")


def test_contacts_that_are_all_filtered_out_are_no_source_without_rows(place):
    source = place("csv", COLUMNS, CONTACTS).model_copy(update={"filter": "1 = 2"})
    counted = count_contacts(source, FACTORS, {}, BOUGHT)
    assert counted[[PROBLEM, ROWS]].to_numpy().tolist() == [[FILTERED, len(CONTACTS)]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_glimpse_is_the_first_rows_as_text(place, kind):
    first = glimpse(place(kind, COLUMNS, CONTACTS), rows=3)
    if kind == "query":
        assert first.pop("other").tolist() == ["%:x"] * 3
    as_text = [tuple(str(value) for value in row) for row in CONTACTS]
    wanted = as_text[:3] if kind != "pattern" else as_text[1:6:2]
    found = [tuple(map(str, row)) for row in first.itertuples(index=False)]
    assert list(first) == list(COLUMNS)
    assert found == wanted


def test_a_glimpse_of_rows_that_are_not_sure_is_refused(write, refused):
    source = Source(path=str(write('g,y\na,1\nb,"2\nc,3\n')))
    assert "line 3 has a quote that is not closed" in refused(glimpse, source)


def counts_of(counted, names):
    """Rows by tuples of values."""
    values = counted[names].itertuples(index=False, name=None)
    keys = [tuple(None if pd.isna(value) else value for value in row) for row in values]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, counted[ROWS], strict=True))
