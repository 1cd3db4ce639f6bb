"""Contacts at their source: the header, and one pass that counts equal rows.

DuckDB reads the file and groups it, so that Python only ever sees the few distinct
combinations of values. Every column is read as text: guessing types would turn Yes/No into
booleans and change levels.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd

from partialpool.errors import InputError

CONTACTS = ""
"""The column of counts that `count_contacts` adds; no column of a source is without a name."""
MOST_CELLS = 1_000_000
GLIMPSE_ROWS = 6


def read_header(path: Path) -> list[str]:
    """The column names of a CSV file.

    Raises:
        InputError: there is no such file, it is empty or not UTF-8, or a name is empty,
            breaks a line or stands twice (upper and lower case are the same to SQL).
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file, strict=True), [])
    except FileNotFoundError:
        raise InputError(f"source.path: found no file {path}") from None
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise InputError(f"source.path: {path} is not a UTF-8 CSV file ({error})") from None
    if not any(header):
        raise InputError(f"source.path: {path} has no header, expected the names of its columns")
    if broken := next((name for name in header if "\n" in name or "\r" in name), None):
        raise InputError(f"source.path: {path} has the column {broken!r}, expected a single line")
    folded = [name.casefold() for name in header]
    bad = next(
        (n for n, f in zip(header, folded, strict=True) if not f or folded.count(f) > 1), None
    )
    if bad is not None:
        problem = f"the column {bad!r} twice" if bad else "a column without a name"
        raise InputError(f"source.path: {path} has {problem}")
    return header


def check_columns(path: Path, wanted: dict[str, str]) -> None:
    """Check that the file has every column that a key of the configuration names.

    Args:
        path: the CSV file.
        wanted: column names by the key that asks for them.

    Raises:
        InputError: naming the first key whose column is not there.
    """
    header = read_header(path)
    for key, column in wanted.items():
        if column not in header:
            raise InputError(
                f"{key}: found no column {column!r} in {path}, expected one of {', '.join(header)}"
            )


def count_contacts(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Contacts by the distinct combinations of values of some columns, in one pass.

    Returns:
        One row per combination, sorted: the columns as text, missing values included, and
        `CONTACTS`, how many rows have them.

    Raises:
        InputError: a row does not fit the header, the file is not UTF-8, or there are more
            than `MOST_CELLS` combinations.
    """
    columns = list(dict.fromkeys(columns))
    names = ", ".join(_identifier(column) for column in columns)
    query = (
        f"SELECT {names}, count(*) FROM {_relation(path)} "
        f"GROUP BY ALL ORDER BY ALL LIMIT {MOST_CELLS + 1}"
    )
    counted = _run(query, path).set_axis([*columns, CONTACTS], axis="columns")
    if len(counted) > MOST_CELLS:
        raise InputError(
            f"source.path: {path} has more than {MOST_CELLS:,} combinations of "
            f"{', '.join(columns)}, expected factors with few levels"
        )
    return counted


def glimpse(path: Path) -> pd.DataFrame:
    """The first contacts as they stand in the file, every column as text."""
    return _run(f"SELECT * FROM {_relation(path)} LIMIT {GLIMPSE_ROWS}", path)


def _run(query: str, path: Path) -> pd.DataFrame:
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": True}) as connection:
        try:
            return connection.execute(query).df()
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            raise InputError(f"source.path: {path} cannot be read: {first}") from None


def _relation(path: Path) -> str:
    columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in read_header(path))
    return (
        f"read_csv({_literal(str(path))}, auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
