"""Rows without a value that is needed: an error, left out and counted, or a level of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.errors import InputError
from partialpool.settings import Factor, Number, Outcome
from partialpool.settings.data import MISSING_LEVEL
from partialpool.source import OUTCOME, ROWS, SUCCESSES, TRIALS


def treat_missing(
    counted: pd.DataFrame,
    factors: Mapping[str, Factor],
    numbers: Mapping[str, Number],
    outcome: Outcome,
    missing: str,
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Rows with all their values, and the rows dropped by reason.

    Args:
        counted: `source.count_contacts`.
        factors: by name.
        numbers: by name.
        outcome: whose column or counts are needed too.
        missing: `error`, `drop` or `level`, for columns without a policy of their own.

    Raises:
        InputError: a value is missing where that is an error.
    """
    variables: dict[str, Factor | Number] = {**factors, **numbers}
    columns = {n: (c.column, c.missing or missing) for n, c in variables.items()}
    columns |= {key: (column, missing) for key, column in _outcome_columns(outcome).items()}
    dropped: list[dict[str, Any]] = []
    for name, (column, policy) in columns.items():
        absent = counted[name].isna()
        if not absent.any():
            continue
        if policy == "level" and name in factors:
            counted = _give_level(counted, name, column)
        elif policy == "drop":
            dropped += count_rows(counted[absent], f"with no value in {column}")
            counted = counted[~absent]
        else:
            rows = int(counted.loc[absent, ROWS].sum())
            raise InputError(_explain(column, rows, policy, name in factors))
    return counted, dropped


def count_rows(counted: pd.DataFrame, reason: str) -> list[dict[str, Any]]:
    """An entry of the ledger for rows that are not used; none where there are none."""
    rows = int(counted[ROWS].sum())
    return [{"reason": reason, "rows": rows}] if rows else []


def _outcome_columns(outcome: Outcome) -> dict[str, str]:
    if not outcome.is_counted:
        return {OUTCOME: str(outcome.column)}
    others = str(outcome.trials or outcome.failures)
    return {SUCCESSES: str(outcome.successes), TRIALS: others}


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
