"""Contacts counted where they are, by the combinations of their values.

DuckDB groups files and DuckDB databases, a database behind a URL groups its own table, Spark its
own; one statement is built for all of them (`statement`) and passes over the contacts once.
Whatever cannot be read is an `InputError` in one line.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import column, select

from partialpool.errors import InputError
from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source.counted import OUTCOME, ROWS, as_text, frame_of
from partialpool.source.dates import DATE_COLUMNS, dates_of
from partialpool.source.fields import Field, fields_of
from partialpool.source.ids import ID_COLUMNS, identity_of
from partialpool.source.opening import open_place
from partialpool.source.place import Place
from partialpool.source.statement import count_statement
from partialpool.source.values import RawText

MOST_CELLS = 250_000
"""Combinations of values at most."""


def count_contacts(
    source: Source,
    factors: Mapping[str, Factor],
    numbers: Mapping[str, Number],
    outcome: Outcome,
    treatment: str | None = None,
) -> pd.DataFrame:
    """Contacts by the distinct combinations of what the columns hold, in one pass.

    Args:
        source: where they are.
        factors: by name; the values are not yet recoded, but numbers are put into bins.
        numbers: by name.
        outcome: the column of successes and failures, or the columns that count them.
        treatment: the factor under whose levels ids are counted, where the source names their
            column; none: they are not.

    Returns:
        One row per combination, sorted: a column for each factor (its raw value as text, or the
        name of its bin; None where it is missing), for each number (float64; NaN where it is
        missing), `OUTCOME` or (`COUNTS_MISSING`, `SUCCESSES`, `TRIALS`), `ROWS`, and `PROBLEM`,
        `KEY`, `COLUMN`, `EXAMPLE`, which are None but where rows were filtered out or cannot
        be read (see `check_problems`); `ID_COLUMNS` where ids are counted,
        and `DATE_COLUMNS` where the source names a column of dates.

    Raises:
        InputError: the source cannot be read, lacks a column or has no rows, or there are more
            than `MOST_CELLS` combinations.
    """
    grouping, counts = fields_of(factors, numbers, outcome)
    names = [*factors, *numbers, *([] if counts else [OUTCOME])]
    identity = identity_of(source, factors, numbers, treatment)
    dates = dates_of(source)
    fields = [*grouping, *counts, *([identity.field] if identity else []), *dates]
    with open_place(source) as place:
        texts = [field.column for field in fields if not field.numeric]
        place.check({_column_key(field): field.column for field in fields})
        place.check_rows(texts)
        asked = (grouping, counts, source, MOST_CELLS + 1, identity)
        counting = count_statement(place.contacts(), *asked)
        answer = place.ask(counting.statement, place.key)
    more = (*(ID_COLUMNS if identity else ()), *(DATE_COLUMNS if dates else ()))
    counted = frame_of(answer.rows, names, grouping, counts, counting.problems, more)
    if counted[ROWS].sum() == 0:
        raise InputError(f"{place.key}: {source.shown} has no rows, expected one for each contact")
    if len(counted) > MOST_CELLS:
        _refuse(counted, names, grouping, place)
    return counted


def glimpse(source: Source, rows: int = 6) -> pd.DataFrame:
    """The first rows as they stand in the source, every column but that of ids as text or None.

    Raises:
        InputError: the source cannot be read.
    """
    with open_place(source) as place:
        place.check_rows([])
        names = [name for name in place.columns() if name != source.id]
        texts = [RawText(column(name)).label(f"text_{i}") for i, name in enumerate(names)]
        answer = place.ask(select(*texts).select_from(place.contacts()).limit(rows), place.key)
    table = [[as_text(value) for value in row] for row in answer.rows]
    return pd.DataFrame(table, columns=names, dtype=object)


def _refuse(counted: pd.DataFrame, names: list[str], grouping: list[Field], place: Place) -> None:
    distinct = {name: counted[name].nunique() for name in names}
    most = max(names, key=lambda name: distinct[name])
    field = grouping[names.index(most)]
    raise InputError(
        f"{field.key}: {place.source.shown} has more than {MOST_CELLS:,} combinations of values, "
        f"the most in column {field.column!r} ({distinct[most]:,} or more), expected columns with "
        "few values; bins make few of many numbers"
    )


def _column_key(field: Field) -> str:
    return field.key if field.key.startswith(("outcome.", "source.")) else f"{field.key}.column"
