"""Rows without a value that is needed: an error, left out and counted, or a level of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.errors import InputError
from partialpool.settings import Factor, Number, Outcome
from partialpool.settings.data import MISSING_LEVEL
from partialpool.source.counted import COUNTS_MISSING, OUTCOME, ROWS


def treat_missing(
    counted: pd.DataFrame,
    factors: Mapping[str, Factor],
    numbers: Mapping[str, Number],
    outcome: Outcome,
    missing: str,
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Rows with all their values, and the rows dropped by reason.

    Args:
        counted: `source_tables.count_contacts`.
        factors: by name.
        numbers: by name.
        outcome: whose column or counts are needed too.
        missing: `error`, `drop` or `level`, for columns without a policy of their own.

    Raises:
        InputError: a value is missing where that is an error.
    """
    variables: dict[str, Factor | Number] = {**factors, **numbers}
    columns = {n: (c.column, c.missing or missing) for n, c in variables.items()}
    if not outcome.is_counted:
        columns[OUTCOME] = (str(outcome.column), missing)
    dropped: list[dict[str, Any]] = []
    for name, (column, policy) in columns.items():
        absent = counted[name].isna()
        if policy == "level" and name in factors and absent.any():
            counted = _give_level(counted, name, column)
        else:
            counted = _leave_out(counted, absent, column, policy, dropped, name in factors)
    for column in counted.get(COUNTS_MISSING, pd.Series(dtype=object)).dropna().unique():
        absent = counted[COUNTS_MISSING] == column
        counted = _leave_out(counted, absent, column, missing, dropped, False)
    return counted, dropped


def _leave_out(
    counted: pd.DataFrame,
    absent: pd.Series[bool],
    column: str,
    policy: str,
    dropped: list[dict[str, Any]],
    is_factor: bool,
) -> pd.DataFrame:
    """The rows that have a value; the others are added to those dropped, or are an error."""
    if not absent.any():
        return counted
    if policy != "drop":
        rows = int(counted.loc[absent, ROWS].sum())
        raise InputError(_explain(column, rows, policy, is_factor))
    dropped += count_rows(counted[absent], f"with no value in {column}")
    return counted[~absent]


def count_rows(counted: pd.DataFrame, reason: str) -> list[dict[str, Any]]:
    """An entry of the ledger for rows that are not used; none where there are none."""
    rows = int(counted[ROWS].sum())
    return [{"reason": reason, "rows": rows}] if rows else []


def _give_level(counted: pd.DataFrame, name: str, column: str) -> pd.DataFrame:
    if (counted[name] == MISSING_LEVEL).any():
        raise InputError(
            f"factors.{name}: column {column!r} holds {MISSING_LEVEL!r}, which is the level of "
            "contacts without a value; expected another name, by recode"
        )
    return counted.assign(**{name: counted[name].fillna(MISSING_LEVEL)})


def _explain(column: str, rows: int, policy: str, is_factor: bool) -> str:
    number = f"{rows:,} {'row' if rows == 1 else 'rows'}"
    found = f"source.missing: column {column!r} has no value in {number}, expected none; "
    if policy == "level":
        return f"{found}only a factor can have a level for them: set it to drop to leave them out"
    level = ", or to level to give them a level of their own" if is_factor else ""
    return f"{found}set it to drop to leave them out{level}"
