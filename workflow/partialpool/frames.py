"""What passes between rules: tables as CSV, whose names stay text, and small facts as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

NAMES = {"call", "cell", "diagnosis", "factor", "how", "kind", "left_out", "level", "margin"}
NAMES |= {"model", "parameter", "prior", "quantity", "scale", "treatment", "unit", "within"}
"""Columns that hold names; a level may be called 007, NA or nothing that looks like a word."""


def read_frame(path: Path | str) -> pd.DataFrame:
    """Read a table as it was written: names as text, an empty number as missing."""
    columns = pd.read_csv(path, nrows=0).columns
    numbers = {column: [""] for column in columns if column not in NAMES}
    names = {column: str for column in columns if column in NAMES}
    return pd.read_csv(path, dtype=names, keep_default_na=False, na_values=numbers)


def write_frame(frame: pd.DataFrame, path: Path | str) -> None:
    """Write a table without its index."""
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def read_facts(path: Path | str) -> Any:
    """Read facts as they were written."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write_facts(facts: Any, path: Path | str) -> None:
    """Write facts as JSON, letters as they are."""
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    Path(path).write_text(text, encoding="utf-8")


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
