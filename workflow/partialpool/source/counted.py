"""Counted contacts as a frame, and what is said when some of them cannot be used.

The columns that are no factor and no number start with `#`, which no name of the configuration
can.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source.dates import FIRST, LAST
from partialpool.source.fields import (
    EXPECTED_DATE,
    FILTERED,
    MOST_COUNTED,
    NOT_A_COUNT,
    NOT_A_DATE,
    NOT_A_NUMBER,
    TOO_FEW_TRIALS,
    Field,
    Problem,
)

ROWS = "#rows"
"""How many rows of the source have these values."""
OUTCOME = "#outcome"
"""The outcome's value as text, or None; only where a row is one contact."""
SUCCESSES = "#successes"
"""Successes that the rows count; 0 if they have a problem or miss a count."""
TRIALS = "#trials"
"""Contacts that the rows count; 0 if they have a problem or miss a count."""
COUNTS_MISSING = "#counts missing"
"""The column of counts that has no value in these rows, or None; only where rows are counts."""
PROBLEM = "#problem"
"""What is wrong with these rows, or None: `FILTERED`, `NOT_A_NUMBER`, `NOT_A_COUNT`,
`TOO_FEW_TRIALS`; their factors, numbers and outcome are nulled."""
KEY = "#key"
"""The key of the configuration that asks for what has the problem, or None."""
COLUMN = "#column"
"""The column of the source that has the problem, or None."""
EXAMPLE = "#example"
"""The least text that shows the problem, or None."""
EXPECTED = {
    NOT_A_NUMBER: "a number",
    NOT_A_COUNT: f"a whole number from 0 to {MOST_COUNTED:,}",
    TOO_FEW_TRIALS: "no more successes than trials",
    NOT_A_DATE: EXPECTED_DATE,
}
LONGEST_EXAMPLE = 60


def frame_of(
    answer: Sequence[Sequence[Any]],
    names: Sequence[str],
    grouping: Sequence[Field],
    counts: Sequence[Field],
    problems: Sequence[Problem],
    more: Sequence[str] = (),
) -> pd.DataFrame:
    """The answer to a `count_statement`, sorted by its values, missing ones last.

    Args:
        answer: its rows.
        names: what to call the grouping fields.
        grouping: the fields that were counted by.
        counts: the fields of counts, or none.
        problems: those that its indices mean.
        more: what to call the further columns, which come last.

    Returns:
        A column of each grouping field (text or None, or float64), and the columns above.
    """
    columns = list(zip(*answer, strict=True)) or [()] * (
        4 + len(grouping) + len(counts) + len(more)
    )
    problem, missing, *values, rows, examples = columns[: 4 + len(grouping)]
    found = [None if i is None else problems[int(i)] for i in problem]
    table: dict[str, Any] = {
        name: _numbers(column) if field.kind == "number" and not field.edges else _texts(column)
        for name, field, column in zip(names, grouping, values, strict=True)
    }
    if counts:
        absent = [None if i is None else counts[int(i)].column for i in missing]
        table[COUNTS_MISSING] = _texts(absent)
    for name, of in ((PROBLEM, "kind"), (KEY, "key"), (COLUMN, "column")):
        table[name] = _texts([None if p is None else getattr(p, of) or None for p in found])
    by = list(table)
    table |= {EXAMPLE: _texts(examples), ROWS: np.array(rows, np.int64)}
    if counts:
        sums = columns[4 + len(grouping) :][:2]
        by.append(TRIALS)
        table |= {n: np.array(s, np.int64) for n, s in zip((SUCCESSES, TRIALS), sums, strict=True)}
    for name, further in zip(more, columns[len(columns) - len(more) :], strict=True):
        is_text = name in (FIRST, LAST)
        table[name] = _texts(further) if is_text else np.array([float(v) for v in further])
    return pd.DataFrame(table).sort_values(by, kind="stable", ignore_index=True)


def check_problems(counted: pd.DataFrame, source: Source) -> None:
    """Check that every row that the filter keeps could be read.

    Args:
        counted: contacts as `count_contacts` gave them.
        source: where they were counted.

    Raises:
        InputError: the problem that most rows have.
    """
    bad = counted[counted[PROBLEM].notna() & (counted[PROBLEM] != FILTERED)]
    if bad.empty:
        return
    worst = bad.sort_values(ROWS, ascending=False, kind="stable").iloc[0]
    example = shorten(worst[EXAMPLE])
    found = f"{example!r} (1 row)"
    if worst[ROWS] > 1:
        found = f"such values as {example!r} in {worst[ROWS]:,} rows"
    raise InputError(
        f"{worst[KEY]}: column {worst[COLUMN]!r} of {source.shown} holds {found}, "
        f"expected {EXPECTED[worst[PROBLEM]]}"
    )


def shorten(text: str) -> str:
    """A text that a message can quote."""
    return text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 1] + "…"


def as_text(value: Any) -> str | None:
    """A value as text; some databases give it as bytes."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode(errors="backslashreplace")
    return None if value is None else str(value)


def _texts(values: Sequence[Any]) -> pd.Series[Any]:
    return pd.Series([as_text(value) for value in values], dtype=object)


def _numbers(values: Sequence[Any]) -> np.ndarray:
    # adding 0 turns -0, which the engines count as 0, into it
    return np.array([np.nan if v is None else float(v) for v in values], float) + 0.0
