"""Successes and trials of counted rows, from an outcome's values or from counts."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from partialpool.errors import InputError
from partialpool.settings import Outcome
from partialpool.settings.blocks import bare_hint
from partialpool.source.counted import OUTCOME, ROWS, SUCCESSES, TRIALS

BINARY = {"1": True, "0": False, "1.0": True, "0.0": False, "true": True, "false": False}
BINARY |= {"t": True, "f": False}
"""What a column of truth values may hold, in small letters."""
MOST_NAMED = 5


def count_successes(counted: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """The rows with `successes` and `trials`, whole numbers.

    Args:
        counted: `source_tables.count_contacts`, no outcome or count missing.
        outcome: which values or columns say what.

    Raises:
        InputError: the outcome has a third value, or its success does not occur.
    """
    if outcome.is_counted:
        return counted.assign(
            successes=counted[SUCCESSES].astype("int64"), trials=counted[TRIALS].astype("int64")
        )
    succeeded = (
        _read_binary(counted, outcome)
        if outcome.success is None
        else (_read_values(counted, outcome))
    )
    rows = counted[ROWS].astype("int64")
    return counted.assign(successes=np.where(succeeded, rows, 0), trials=rows)


def name_values(counted: pd.DataFrame, column: str, leave_out: Collection[str] = ()) -> str:
    """Values of a column with their rows, `'Maybe' (3 rows)`, the most frequent first."""
    totals = counted.groupby(column)[ROWS].sum().drop(list(leave_out), errors="ignore")
    largest = totals.sort_values(ascending=False, kind="stable")
    some = [
        f"{value!r} ({count:,} {'row' if count == 1 else 'rows'})"
        for value, count in largest[:MOST_NAMED].items()
    ]
    more = len(largest) - MOST_NAMED
    return ", ".join(some) + (f" and {more:,} more" if more > 0 else "") or "nothing"


def _read_binary(counted: pd.DataFrame, outcome: Outcome) -> pd.Series[bool]:
    values = counted[OUTCOME].str.lower()
    strange = counted[~values.isin(list(BINARY))]
    if len(strange):
        raise InputError(
            f"outcome: column {outcome.column!r} holds {name_values(strange, OUTCOME)}, expected "
            "only 1 and 0, or true and false; name the success and the failure"
        )
    return values.map(BINARY).astype(bool)


def _read_values(counted: pd.DataFrame, outcome: Outcome) -> pd.Series[bool]:
    succeeded = counted[OUTCOME] == outcome.success
    others = set(counted.loc[~succeeded, OUTCOME])
    if outcome.failure is not None and others - {outcome.failure}:
        known = [str(outcome.success), outcome.failure]
        raise InputError(
            f"outcome: column {outcome.column!r} holds {name_values(counted, OUTCOME, known)}, "
            f"expected only {outcome.success!r} (success) and {outcome.failure!r} (failure)"
            f"{bare_hint(known, sorted(others))}"
        )
    # where the failure is named, too, that all failed is a finding, and else a slip of the pen
    if len(counted) and outcome.failure is None and not succeeded.any():
        raise InputError(
            f"outcome.success: {outcome.success!r} does not occur in column {outcome.column!r}, "
            f"found {name_values(counted, OUTCOME)}"
            f"{bare_hint([str(outcome.success)], sorted(others))}"
        )
    if outcome.failure is None and len(others) > 1:
        raise InputError(
            f"outcome: column {outcome.column!r} holds {name_values(counted[~succeeded], OUTCOME)} "
            f"beside {outcome.success!r} (success), expected one other value; name the failure"
        )
    return succeeded
