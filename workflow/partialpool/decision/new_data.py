"""New data as they stand in a file, every field as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source.counting import glimpse
from partialpool.source.names import has_control
from partialpool.source.opening import check_columns, held_still

PREDICTED = ("model", "verdict", "new_levels", "mean", "sd", "median", "lower", "upper")
"""The columns that predictions add to those of the new data."""
MOST_ROWS = 100_000


def check_new_data(path: Path) -> None:
    """Check that new data are a file with a header.

    Raises:
        InputError: they are not.
    """
    try:
        check_columns(Source(path=str(path)), {})
    except InputError as error:
        raise InputError(str(error).removeprefix("source.path: ")) from None


def read_new_data(path: Path, null_values: Sequence[str] = ()) -> pd.DataFrame:
    """Rows of a CSV file as text, in their order; an empty field is no value.

    Args:
        path: of the file.
        null_values: texts that mean no value too.

    Raises:
        InputError: the file cannot be read, has no row, or a column with the name of a
            prediction's.
    """
    check_new_data(path)
    source = Source(path=str(path))
    try:
        with held_still(source):
            rows = glimpse(source, MOST_ROWS + 1)
    except InputError as error:
        raise InputError(str(error).removeprefix("source.path: ")) from None
    rows = rows.replace(dict.fromkeys(null_values))
    if len(rows) > MOST_ROWS:
        raise InputError(f"{path} has more than {MOST_ROWS:,} rows, expected fewer; split it")
    if rows.empty:
        raise InputError(f"{path} has no rows, expected one for each rate")
    for column in rows:
        strange = rows[column].dropna()
        strange = strange[strange.map(has_control)]
        if len(strange):
            raise unfit(strange, "no control character")
    taken = next((name for name in rows if name in PREDICTED), None)
    if taken is not None:
        raise InputError(f"{path} has a column {taken!r}, which is a prediction's; rename it")
    return rows


def read_numbers(values: pd.Series[str]) -> pd.Series[float]:
    """A column as numbers; one that is none is an `InputError`."""
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    strange = ~np.isfinite(numbers)
    if strange.any():
        raise unfit(values[strange].fillna("nothing"), "a number")
    return numbers


def unfit(values: pd.Series[str], expected: str) -> InputError:
    """The first value that does not fit, with its row of the file."""
    row, value = int(values.index[0]) + 1, values.iloc[0]
    more = f"; {len(values):,} rows in all do not fit" if len(values) > 1 else ""
    return InputError(
        f"row {row}: column {values.name!r} holds {value!r}, expected {expected}{more}"
    )
