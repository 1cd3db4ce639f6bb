"""Cells: one row per combination of factor levels and numbers, with its successes and trials.

The binomial likelihood of the cells is the Bernoulli likelihood of the contacts up to a
constant, so nothing is lost. The ledger accounts for every row of the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.levels import (
    COUNTS,
    Levels,
    are_found,
    find_levels,
    levels_of,
    numbers_of,
    with_levels,
)
from partialpool.cells.missing import count_rows, treat_missing
from partialpool.cells.outcomes import count_successes, name_values
from partialpool.columns import NUMBER, TEXT, Kind
from partialpool.errors import InputError
from partialpool.frames import read_frame, read_header, write_frame
from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.settings.blocks import bare_hint
from partialpool.source.counted import PROBLEM, ROWS
from partialpool.source.dates import book_period
from partialpool.source.fields import FILTERED

WITHOUT = "without a contact"
"""Why the ledger leaves out a row that counts nothing."""


def make_cells(
    counted: pd.DataFrame,
    factors: Mapping[str, Factor],
    numbers: Mapping[str, Number],
    outcome: Outcome,
    missing: str,
    source: Source | None = None,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Cells, and the ledger of the rows they were made of.

    Args:
        counted: rows by their values (`source_tables.count_contacts`), without problems.
        factors: by name; their levels give the order of the cells.
        numbers: columns of numbers, by name.
        outcome: what means success and failure, or which columns count them.
        missing: `error`, `drop` or `level`, for columns without a policy of their own.
        source: where they were counted, which may name a column of dates.

    Returns:
        Cells with an ordered categorical column per factor, a column of floats per number,
        `successes` and `trials`, sorted by factors and numbers; and the ledger: rows read and
        used, rows dropped by reason, contacts, successes, cells, which factors' levels were
        `found` in the data, and the period that `dates.book_period` tells.

    Raises:
        InputError: a value is missing, a value is no level, a level does not occur, or the
            outcome has a third value.
    """
    filtered = counted[PROBLEM] == FILTERED
    dropped = count_rows(counted[filtered], "that the filter leaves out")
    used = _recode(counted[~filtered], factors)
    used, without = treat_missing(used, factors, numbers, outcome, missing)
    used = count_successes(used, outcome)
    empty = used["trials"] == 0
    dropped += without + count_rows(used[empty], WITHOUT)
    used = used[~empty]
    if used.empty:
        raise InputError(
            "source: found no contacts, expected at least one row with all values that the "
            "filter lets through"
        )
    levels = {name: find_levels(used, name, factor) for name, factor in factors.items()}
    keys = [*factors, *numbers]
    table = with_levels(used[[*keys, *COUNTS]], levels)
    cells = table.groupby(keys, observed=True, sort=True)[COUNTS].sum().reset_index()
    ledger = {
        "rows_read": int(counted[ROWS].sum()),
        "rows_used": int(used[ROWS].sum()),
        "dropped": dropped,
        "contacts": int(cells["trials"].sum()),
        "successes": int(cells["successes"].sum()),
        "cells": len(cells),
        "found": [name for name, factor in factors.items() if are_found(factor)],
    }
    return cells, ledger | (book_period(used, source) if source else {})


def write_cells(cells: pd.DataFrame, path: Path) -> None:
    """Write cells as CSV; `levels.write_levels` keeps what a CSV cannot say of them."""
    write_frame(cells, path, _kinds(map(str, cells), levels_of(cells)))


def read_cells(path: Path, levels: Levels) -> pd.DataFrame:
    """Read cells as `make_cells` gave them; a level may be called NA."""
    return with_levels(read_frame(path, _kinds(read_header(path), levels)), levels)


def label_cells(cells: pd.DataFrame) -> list[str]:
    """A name for each cell, `Bundle, Email` or `urban, age 3.5`; no two are alike."""
    plain = _join(cells, str)
    return plain if len(set(plain)) == len(plain) else _join(cells, lambda level: f"“{level}”")


def _kinds(columns: Iterable[str], levels: Levels) -> dict[str, Kind]:
    """What the user's own columns hold: factors text, all but the counts else numbers."""
    return {name: TEXT if name in levels else NUMBER for name in columns if name not in COUNTS}


def _join(cells: pd.DataFrame, show: Callable[[str], str]) -> list[str]:
    parts = [cells[name].astype(str).map(show) for name in levels_of(cells)]
    parts += [
        cells[name].map(lambda x, n=name: f"{n} {_shortest(x)}") for name in numbers_of(cells)
    ]
    return [", ".join(row) for row in zip(*parts, strict=True)]


def _shortest(number: float) -> str:
    return np.format_float_positional(number, trim="-")


def _recode(counted: pd.DataFrame, factors: Mapping[str, Factor]) -> pd.DataFrame:
    recoded = {
        name: counted[name].map(lambda value, to=factor.recode: to.get(value, value))
        for name, factor in factors.items()
        if factor.recode
    }
    for name, factor in factors.items():
        for value in factor.recode:
            if not (counted[name] == value).any():
                raise InputError(
                    f"factors.{name}.recode: {value!r} does not occur in column {factor.column!r}, "
                    f"found {name_values(counted, name)}"
                    f"{bare_hint([value], sorted(counted[name].dropna().unique()))}"
                )
    return counted.assign(**recoded)
