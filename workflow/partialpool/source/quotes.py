"""The quotes of a CSV file, which no engine can be trusted with.

From a quote that is not closed on, DuckDB leaves rows out and Spark makes them one value; from
one inside a value that is not quoted on, where a value ends is anybody's guess.
"""

from __future__ import annotations

import gzip
from io import BufferedReader
from pathlib import Path

import numpy as np

from partialpool.errors import InputError

CHUNK = 1 << 24
BOM = b"\xef\xbb\xbf"
QUOTE = ord('"')
BEFORE = np.frombuffer(b',\n\r"', np.uint8)
"""What stands before an opening quote; of two inside a value, the second opens it anew."""


def check_quotes(path: Path) -> None:
    """Check that quotes stand around whole values, doubled inside, and that each is closed.

    Args:
        path: a CSV file, which may be compressed.

    Raises:
        InputError: it cannot be read, or naming the line of a quote that is wrong.
    """
    try:
        offset, problem = _find_wrong(path)
        line = 0 if problem is None else _line_at(path, offset)
    except (OSError, EOFError) as error:
        raise InputError(f"source.path: {path} cannot be read: {error}") from None
    if problem is not None:
        raise InputError(f"source.path: {path} cannot be read: line {line} has {problem}")


def _find_wrong(path: Path) -> tuple[int, str | None]:
    """Where a quote is wrong, and in what way."""
    quotes, opened = 0, 0
    with _open(path) as file:
        start = file.read(len(BOM))
        offset, chunk = (len(BOM), b"") if start == BOM else (0, start)
        before = b"\n"
        while chunk := chunk + file.read(CHUNK):
            at = np.flatnonzero(np.frombuffer(chunk, np.uint8) == QUOTE)
            opening = at[quotes % 2 :: 2]
            stray = ~np.isin(np.frombuffer(before + chunk, np.uint8)[opening], BEFORE)
            if stray.any():
                return offset + int(opening[stray][0]), "a quote in a value that is not quoted"
            opened = offset + int(opening[-1]) if opening.size else opened
            quotes, offset, before, chunk = quotes + at.size, offset + len(chunk), chunk[-1:], b""
    return opened, "a quote that is not closed" if quotes % 2 else None


def _line_at(path: Path, offset: int) -> int:
    line = 1
    with _open(path) as file:
        while offset > 0 and (chunk := file.read(min(CHUNK, offset))):
            line, offset = line + chunk.count(b"\n"), offset - len(chunk)
    return line


def _open(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb")
