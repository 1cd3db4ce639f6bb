"""When the contacts were, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from partialpool.report.text import plain


def spell_period(ledger: Mapping[str, Any]) -> str:
    """From when to when the contacts were (`1 to 31 October 2026`); nothing where no date tells.

    Args:
        ledger: of the cells, as written.
    """
    period = ledger.get("period", {})
    if not period.get("first"):
        return ""
    first, last = (date.fromisoformat(period[end]) for end in ("first", "last"))
    end = _spell(last, "%B %Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {end}"
    return f"{_spell(first, '%B' if first.year == last.year else '%B %Y')} to {end}"


def date_source(ledger: Mapping[str, Any]) -> str:
    """The date that the source itself tells: as of when it was asked, else its last date.

    A file's own date is none of these: it is that of a copy. Nothing where nothing tells.
    """
    as_of = ledger["request"]["source"]["as_of"]
    return plain(as_of) if as_of else _last(ledger)


def when(ledger: Mapping[str, Any]) -> str:
    """What follows the number of contacts: `, from 1 to 31 October 2026`; or nothing."""
    if period := spell_period(ledger):
        return f", {'from' if ' to ' in period else 'of'} {period}"
    told = date_source(ledger) if "request" in ledger else ""
    return f", as of {told}" if told else ""


def _last(ledger: Mapping[str, Any]) -> str:
    last = ledger.get("period", {}).get("last")
    return _spell(date.fromisoformat(last), "%B %Y") if last else ""


def _spell(day: date, rest: str) -> str:
    return f"{day.day} {day.strftime(rest)}"
