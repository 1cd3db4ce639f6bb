"""Tables between rules: CSV files whose names stay text, whatever they look like."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

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


def join_frames(paths: Iterable[Path | str]) -> pd.DataFrame:
    """Tables of the same columns as one, in order."""
    frames = [read_frame(path) for path in paths]
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else frames[0]
