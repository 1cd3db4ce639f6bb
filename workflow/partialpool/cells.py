"""Cells: one row per combination of factor levels, with its successes and trials.

The binomial likelihood of the cells is the Bernoulli likelihood of the contacts up to a
constant, so nothing is lost. The ledger accounts for every row of the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from partialpool.errors import InputError
from partialpool.settings import Factor, Outcome
from partialpool.source import CONTACTS

Levels = Mapping[str, Sequence[str]]
"""The levels of each factor, in order."""
MOST_NAMED = 5


def make_cells(
    counted: pd.DataFrame, factors: Mapping[str, Factor], outcome: Outcome, missing: str
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Cells, and the ledger of the rows they were made of.

    Args:
        counted: contacts by the raw values of the factors' columns and the outcome's
            (`source.count_contacts`).
        factors: by name; their levels give the order of the cells.
        outcome: which column and values mean success and failure.
        missing: `error`, or `drop` contacts without a value.

    Returns:
        Cells with a categorical column per factor, `successes` and `trials`, sorted by the
        factors; and the ledger: rows read, rows used, rows dropped by reason.

    Raises:
        InputError: a value is missing, a value is no level, a level does not occur, or the
            outcome has a third value.
    """
    columns = {name: factor.column for name, factor in factors.items()}
    complete, dropped = _leave_out_missing(counted, [*columns.values(), outcome.column], missing)
    _check_outcome(complete, outcome)
    for name, factor in factors.items():
        _check_levels(complete, name, factor)
    table = pd.DataFrame(
        {
            n: pd.Categorical(complete[f.column], list(f.levels), ordered=True)
            for n, f in factors.items()
        }
    )
    table["successes"] = np.where(
        complete[outcome.column] == outcome.success, complete[CONTACTS], 0
    )
    table["trials"] = complete[CONTACTS].to_numpy()
    cells = table.groupby(list(factors), observed=True, sort=True).sum().reset_index()
    ledger = {
        "rows_read": int(counted[CONTACTS].sum()),
        "rows_used": int(cells["trials"].sum()),
        "dropped": dropped,
        "cells": len(cells),
        "successes": int(cells["successes"].sum()),
    }
    return cells, ledger


def describe_request(
    factors: Mapping[str, Factor], outcome: Outcome, missing: str
) -> dict[str, Any]:
    """What the cells are made of besides the contacts, as the ledger records it."""
    return {
        "factors": {
            name: {"column": factor.column, "levels": list(factor.levels)}
            for name, factor in factors.items()
        },
        "outcome": {"column": outcome.column, "values": [outcome.success, outcome.failure]},
        "missing": missing,
    }


def write_cells(cells: pd.DataFrame, path: Path) -> None:
    """Write cells as CSV."""
    cells.to_csv(path, index=False, lineterminator="\n")


def read_cells(path: Path, levels: Levels) -> pd.DataFrame:
    """Read cells as `make_cells` gave them; a level may be called NA."""
    cells = pd.read_csv(path, dtype=dict.fromkeys(levels, str), keep_default_na=False)
    return with_levels(cells, levels)


def with_levels(frame: pd.DataFrame, levels: Levels) -> pd.DataFrame:
    """The frame with its factor columns as ordered categories."""
    factors = {
        n: pd.Categorical(frame[n], list(levels[n]), ordered=True) for n in levels if n in frame
    }
    return frame.assign(**factors)


def label_cells(cells: pd.DataFrame, levels: Levels) -> list[str]:
    """A name for each cell, `Bundle, Email`."""
    return [", ".join(row) for row in cells[list(levels)].astype(str).itertuples(index=False)]


def _leave_out_missing(
    counted: pd.DataFrame, columns: list[str], missing: str
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    dropped = []
    for column in columns:
        absent = counted[column].isna()
        if absent.any():
            rows = int(counted.loc[absent, CONTACTS].sum())
            if missing == "error":
                raise InputError(
                    f"source.missing: column {column!r} has no value in {rows:,} contacts, "
                    "expected none; set it to drop to leave them out"
                )
            dropped.append({"reason": f"no value in {column}", "rows": rows})
            counted = counted.loc[~absent]
    if counted.empty:
        raise InputError(
            "source.path: found no contacts, expected at least one row with all values"
        )
    return counted, dropped


def _check_outcome(counted: pd.DataFrame, outcome: Outcome) -> None:
    totals = counted.groupby(outcome.column)[CONTACTS].sum()
    known = [outcome.success, outcome.failure]
    if unknown := _named(totals.drop(known, errors="ignore")):
        raise InputError(
            f"outcome: column {outcome.column!r} holds {unknown}, expected only "
            f"{outcome.success!r} (success) and {outcome.failure!r} (failure)"
        )
    if outcome.success not in totals.index:
        raise InputError(
            f"outcome.success: {outcome.success!r} does not occur in column {outcome.column!r}, "
            f"found {_named(totals)}"
        )


def _check_levels(counted: pd.DataFrame, name: str, factor: Factor) -> None:
    totals = counted.groupby(factor.column)[CONTACTS].sum()
    if unknown := _named(totals.drop(list(factor.levels), errors="ignore")):
        raise InputError(
            f"factors.{name}.levels: column {factor.column!r} holds {unknown}, expected only "
            f"{', '.join(factor.levels)}"
        )
    for level in factor.levels:
        if level not in totals.index:
            raise InputError(
                f"factors.{name}.levels: {level!r} does not occur in column {factor.column!r}, "
                f"found {_named(totals)}"
            )


def _named(totals: pd.Series[int]) -> str:
    """Values with their contacts, `'Maybe' (3 contacts)`, the most frequent first."""
    largest = totals.sort_values(ascending=False, kind="stable")
    some = [f"{value!r} ({count:,} contacts)" for value, count in largest[:MOST_NAMED].items()]
    more = len(largest) - MOST_NAMED
    return ", ".join(some) + (f" and {more:,} more" if more > 0 else "")
