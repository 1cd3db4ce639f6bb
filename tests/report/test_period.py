"""The period is told in words that a reader has, and only what the data tell."""

import pytest

from partialpool.report.period import date_source, spell_period, when


def ledger(first=None, last=None, as_of="", undated=0):
    period = {"column": "day", "first": first, "last": last, "undated": undated}
    return {"period": period, "request": {"source": {"as_of": as_of}}}


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-10-01", "2026-10-31", ", from 1 to 31 October 2026"),
        ("2026-09-30", "2026-10-01", ", from 30 September to 1 October 2026"),
        ("2025-12-31", "2026-01-02", ", from 31 December 2025 to 2 January 2026"),
        ("2026-10-05", "2026-10-05", ", of 5 October 2026"),
    ],
)
def test_a_period_names_no_month_or_year_twice(first, last, said):
    assert when(ledger(first, last)) == said


def test_without_dates_the_source_is_of_when_it_was_asked():
    assert when(ledger(as_of="2026-11")) == ", as of 2026-11"
    assert date_source(ledger("2026-10-01", "2026-10-31", "2026-11-02")) == "2026-11-02"


def test_the_source_is_else_of_its_last_date_and_of_none_where_nothing_tells():
    assert date_source(ledger("2026-10-01", "2026-10-31")) == "31 October 2026"
    assert (date_source(ledger()), spell_period(ledger()), when(ledger())) == ("", "", "")
    assert when({"contacts": 3}) == ""
