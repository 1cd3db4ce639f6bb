"""The first and the last date of the contacts are found in the pass that counts them."""

import random

import pytest

from partialpool.cells.cells import make_cells
from partialpool.settings import Factor, Outcome
from partialpool.source.counted import check_problems
from partialpool.source.counting import count_contacts
from partialpool.source.duck import DuckDB

from ..factories.contacts import KINDS

FACTORS = {"promo": Factor(column="promo", missing="drop")}
BOUGHT = Outcome(column="bought", success="yes", failure="no")
SOLD = Outcome(successes="sold", trials="offered")
COLUMNS = {"promo": "VARCHAR", "day": "VARCHAR", "bought": "VARCHAR", "customer": "VARCHAR"}
ROWS = [
    ("Bundle", "2026-10-03", "yes", "a"),
    ("none", "2026-10-31T09:15:00", "no", "a"),
    ("none", "2026-10-04 10:00", "no", "b"),
    ("Bundle", None, "no", "c"),
    ("Bundle", "", "yes", "c"),
    (None, "2026-11-20", "no", "d"),
    ("out", "2025-01-01", "no", "d"),
]
PERIOD = {"column": "day", "first": "2026-10-03", "last": "2026-10-31", "undated": 2}


def asking(source, **more):
    return source.model_copy(update={"date": "day", "filter": "promo <> 'out'"} | more)


def booked(source, outcome=BOUGHT):
    counted = count_contacts(source, FACTORS, {}, outcome, "promo" if source.id else None)
    check_problems(counted, source)
    _, ledger = make_cells(counted, FACTORS, {}, outcome, source.missing, source)
    return ledger.get("period")


@pytest.mark.parametrize("kind", KINDS)
def test_the_period_is_that_of_the_rows_that_are_used_in_every_kind_of_source(place, kind):
    source = asking(place(kind, COLUMNS, ROWS), filter="promo <> 'out' OR promo IS NULL")
    assert booked(source) == PERIOD


def test_a_column_of_true_dates_is_read_as_one_of_text_is(place):
    rows = [("none", f"2026-{month:02}-28", "no", "a") for month in (2, 9, 10, 12)]
    typed = place("parquet", COLUMNS | {"day": "DATE"}, [("out", None, "yes", "a"), *rows])
    ends = {"first": "2026-02-28", "last": "2026-12-28", "undated": 1}
    assert booked(asking(typed, filter="")) == {"column": "day"} | ends


def test_ids_and_dates_are_told_of_the_same_pass(place, monkeypatch):
    asked = []
    ask = DuckDB.ask
    monkeypatch.setattr(DuckDB, "ask", lambda *given: (asked.append(str(given[1])), ask(*given))[1])
    source = asking(place("csv", COLUMNS, ROWS), id="customer")
    assert booked(source) == PERIOD
    *checks, last = asked
    assert all("WHERE 1 = 0" in check for check in checks)
    assert last.count("FROM contacts") == 1


def test_rows_that_are_counts_have_a_period_too(place):
    columns = {"promo": "VARCHAR", "sold": "INTEGER", "offered": "INTEGER", "day": "VARCHAR"}
    rows = [("a", 1, 2, "2026-03-01"), ("b", 0, 3, "2026-02-01"), ("b", 0, 0, "2025-01-01")]
    period = booked(asking(place("csv", columns, rows)), SOLD)
    assert (period["first"], period["last"]) == ("2026-02-01", "2026-03-01")


@pytest.mark.parametrize("dates", [True, False])
def test_dates_change_no_count(place, dates):
    generator = random.Random(3)
    rows = [
        (generator.choice("ab"), f"2026-01-{generator.randint(1, 28):02}", "yes", "x")
        for _ in range(50)
    ]
    source = place("csv", COLUMNS, rows).model_copy(update={"date": "day" if dates else None})
    cells, _ = make_cells(
        count_contacts(source, FACTORS, {}, BOUGHT), FACTORS, {}, BOUGHT, "error", source
    )
    assert dict(zip(cells["promo"], cells["trials"], strict=True)) == {
        level: sum(row[0] == level for row in rows) for level in "ab"
    }


@pytest.mark.parametrize("text", ["31.10.2026", "10/31/2026", "Oct 31", "2026-10"])
def test_what_is_no_date_is_shown(place, refused, text):
    source = asking(place("csv", COLUMNS, [*ROWS, ("none", text, "no", "z")]))
    said = refused(booked, source)
    assert said.startswith("source.date: column 'day' of ")
    assert repr(text) in said
    assert said.endswith("expected a date as 2026-10-31, alone or before a time")


def test_a_day_that_no_calendar_has_is_shown_where_it_would_end_the_period(place, refused):
    source = asking(place("csv", COLUMNS, [*ROWS, ("none", "2026-19-45", "no", "z")]))
    assert "holds '2026-19-45', expected a date" in refused(booked, source)


def test_a_missing_column_of_dates_is_named(place, refused):
    source = asking(place("csv", COLUMNS, ROWS), date="when")
    assert refused(booked, source).startswith("source.date: found no column 'when' in")


def test_without_a_column_of_dates_there_is_no_period(place):
    assert booked(place("csv", COLUMNS, ROWS)) is None
