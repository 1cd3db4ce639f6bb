"""What passes between rules: tables as CSV, whose columns are declared, and facts as JSON.

Each is sealed when it is written, and held against its seal when it is read (`seals`).

A table holds declared columns only (`COLUMNS`), so that a level may be called 007, NA or 3 and
stays text. Columns that the user named are declared by who writes or reads their table.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from partialpool.columns import COLUMNS, COUNT, FLAG, NUMBER, TEXT, Kind
from partialpool.seals import DamagedError, read_sealed, write_sealed

NONE_OWN: Mapping[str, Kind] = {}


def read_frame(path: Path | str, own: Mapping[str, Kind] = NONE_OWN) -> pd.DataFrame:
    """Read a table as it was written: text as text, an empty number as missing.

    Args:
        path: of a CSV file.
        own: the kinds of columns that `COLUMNS` does not declare, or not so, by name.

    Raises:
        DamagedError: the file is missing, or not as it was written.
        ValueError: a column is declared nowhere, or holds something else.
    """
    kinds = _declared(read_header(path), path, own)
    texts = {column: str for column, kind in kinds.items() if kind is TEXT}
    gaps = {column: [""] for column in kinds if column not in texts}
    frame = _parse(path, dtype=texts, keep_default_na=False, na_values=gaps)
    _check_kinds(frame, kinds, path)
    return frame


def write_frame(frame: pd.DataFrame, path: Path | str, own: Mapping[str, Kind] = NONE_OWN) -> None:
    """Write a table without its index.

    Args:
        frame: the table.
        path: of the CSV file.
        own: the kinds of columns that `COLUMNS` does not declare, or not so, by name.

    Raises:
        ValueError: a column is declared nowhere, or holds something else.
    """
    _check_kinds(frame, _declared(map(str, frame.columns), path, own), path)
    write_sealed(path, frame.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def read_texts(path: Path | str) -> pd.DataFrame:
    """Read a table of the user's own columns, every field as the text that it is."""
    return read_frame(path, dict.fromkeys(read_header(path), TEXT))


def read_given(path: Path | str) -> pd.DataFrame:
    """Read a table that a user gave, every field as text; it is no result, and has no seal.

    Raises:
        OSError: it is not there.
        ValueError: it is no table.
    """
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def write_texts(frame: pd.DataFrame, path: Path | str) -> None:
    """Write a table of the user's own columns, of which every field is text."""
    write_frame(frame, path, dict.fromkeys(map(str, frame.columns), TEXT))


def read_header(path: Path | str) -> list[str]:
    """The names of a table's columns.

    Raises:
        DamagedError: the file is missing, or not as it was written.
    """
    return list(map(str, _parse(path, nrows=0, dtype=str).columns))


def write_frames(frames: Mapping[str, pd.DataFrame], paths: Mapping[str, Any]) -> None:
    """Write tables, each to the path of its name."""
    for name, frame in frames.items():
        write_frame(frame, paths[name])


def read_facts(path: Path | str) -> Any:
    """Read facts as they were written.

    Raises:
        DamagedError: the file is missing, or not as it was written.
    """
    content = read_sealed(path)
    try:
        return json.loads(content)
    except ValueError:  # neither JSON nor UTF-8
        raise DamagedError(path, "is not whole JSON") from None


def write_facts(facts: Any, path: Path | str) -> None:
    """Write facts as JSON, letters as they are."""
    write_sealed(path, json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8"))


def join_frames(paths: Iterable[Path | str]) -> pd.DataFrame:
    """Tables of the same columns as one, in order."""
    frames = [read_frame(path) for path in paths]
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else frames[0]


Row = Mapping[str, Any]
"""One row of a table, by column."""


def rows_by(frame: pd.DataFrame, column: str) -> dict[str, Row]:
    """The rows of a table by what one column holds, in their order."""
    return {str(row[column]): row for row in list_rows(frame)}


def list_rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _parse(path: Path | str, **asked: Any) -> pd.DataFrame:
    content = io.BytesIO(read_sealed(path))
    try:
        frame: pd.DataFrame = pd.read_csv(content, encoding="utf-8", **asked)
        return frame
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError):
        raise DamagedError(path, "is not a whole table") from None


def _declared(columns: Iterable[str], path: Path | str, own: Mapping[str, Kind]) -> dict[str, Kind]:
    declared = {**COLUMNS, **own}
    columns = list(columns)
    unknown = next((column for column in columns if column not in declared), None)
    if unknown is not None:
        raise ValueError(
            f"{path}: found a column {unknown!r}, expected declared ones only; "
            "declare it in partialpool.columns.COLUMNS, a user's own by `own`"
        )
    return {column: declared[column] for column in columns}


def _check_kinds(frame: pd.DataFrame, kinds: Mapping[str, Kind], path: Path | str) -> None:
    for column, kind in kinds.items():
        if not _fits(frame[column], kind):
            raise ValueError(
                f"{path}: column {column!r} holds {frame[column].dropna().iloc[0]!r} and the "
                f"like, expected {kind.name}, as it is declared in partialpool.columns.COLUMNS"
            )


def _fits(values: pd.Series[Any], kind: Kind) -> bool:
    if kind is TEXT:
        return True
    present = values.dropna().infer_objects()
    if present.empty:
        return True
    if pd.api.types.is_bool_dtype(present):
        return FLAG in kind
    if not pd.api.types.is_numeric_dtype(present):
        return False
    return NUMBER in kind or (COUNT in kind and bool((present % 1 == 0).all()))
