"""Contacts at their source: the header, and one pass that counts equal rows.

DuckDB reads the file and groups it, so that Python only ever sees the few distinct
combinations of values. Every column is read as text: guessing types would turn Yes/No into
booleans and change levels.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

from partialpool.errors import InputError
from partialpool.settings import Factor, Number, Outcome, Source

OUTCOME, ROWS, SUCCESSES, TRIALS, PROBLEM = "#outcome", "#rows", "#successes", "#trials", "#problem"
FILTERED = "filtered out"
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


def source_files(source: Source) -> list[Path]:
    """The files behind a path."""
    return [Path(str(source.path))]


def fingerprint(source: Source) -> dict[str, str]:
    """File and SHA-256."""
    path = Path(str(source.path))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest()}


def check_columns(source: Source, wanted: dict[str, str]) -> None:
    """Check that the file has every column that a key of the configuration names.

    Args:
        source: the CSV file.
        wanted: column names by the key that asks for them.

    Raises:
        InputError: naming the first key whose column is not there.
    """
    path = Path(str(source.path))
    header = read_header(path)
    for key, column in wanted.items():
        if column not in header:
            raise InputError(
                f"{key}: found no column {column!r} in {path}, expected one of {', '.join(header)}"
            )


def count_contacts(
    source: Source,
    factors: Mapping[str, Factor],
    numbers: Mapping[str, Number],
    outcome: Outcome,
) -> pd.DataFrame:
    """Rows by the distinct combinations of values of some columns, in one pass."""
    path = Path(str(source.path))
    columns = {name: column.column for name, column in factors.items()}
    columns |= {name: column.column for name, column in numbers.items()}
    columns[OUTCOME] = str(outcome.column)
    names = ", ".join(_identifier(column) for column in columns.values())
    query = f"SELECT {names}, count(*) FROM {_relation(path)} GROUP BY ALL ORDER BY ALL"
    counted = _run(query, path).set_axis([*columns, ROWS], axis="columns")
    return counted.assign(**{PROBLEM: None})


def check_problems(counted: pd.DataFrame, source: Source) -> None:
    """Nothing yet."""


def glimpse(source: Source, rows: int = GLIMPSE_ROWS) -> pd.DataFrame:
    """The first contacts as they stand in the file, every column as text."""
    path = Path(str(source.path))
    return _run(f"SELECT * FROM {_relation(path)} LIMIT {rows}", path)


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
