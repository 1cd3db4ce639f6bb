"""When the contacts were: the first and the last date, found in the pass that counts them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source.fields import EXPECTED_DATE, Field

FIRST, LAST = "#first date", "#last date"
"""The least and the greatest text of the dates in a group; None where none has one."""
UNDATED = "#rows without a date"
DATE_COLUMNS = (FIRST, LAST, UNDATED)
"""What is found of dates in every group of contacts."""
LONG = len("2026-10-31")


def dates_of(source: Source) -> list[Field]:
    """The field of dates; none where the source names no column of them."""
    return [] if source.date is None else [Field("source.date", source.date, "date")]


def book_period(used: pd.DataFrame, source: Source) -> dict[str, Any]:
    """What the ledger says of dates; nothing where the source names no column of them.

    Args:
        used: the rows that are used, with `DATE_COLUMNS`.
        source: where they were counted.

    Returns:
        `period`: the `column`, the `first` and the `last` date (as 2026-10-31; None where no row
        has one), and how many rows are `undated`.

    Raises:
        InputError: a first or last date is none.
    """
    if source.date is None:
        return {}
    ends = {"first": used[FIRST].dropna().min(), "last": used[LAST].dropna().max()}
    read = {name: None if pd.isna(text) else _read(text, source) for name, text in ends.items()}
    return {"period": {"column": source.date, **read, "undated": int(used[UNDATED].sum())}}


def _read(text: str, source: Source) -> str:
    try:
        return date.fromisoformat(text[:LONG]).isoformat()
    except ValueError:
        raise InputError(
            f"source.date: column {source.date!r} of {source.shown} holds {text!r}, expected "
            f"{EXPECTED_DATE}"
        ) from None
