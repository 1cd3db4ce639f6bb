"""The files behind a path or a pattern: which they are, of what kind, with which columns."""

from __future__ import annotations

import csv
import glob
import gzip
import os
import zlib
from collections.abc import Collection
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import duckdb

from partialpool.errors import InputError
from partialpool.source.names import check_names
from partialpool.source.quotes import check_quotes

KINDS = (".csv.gz", ".csv", ".parquet")
"""The endings of the files that can be read; each is a kind of its own."""


class Files(NamedTuple):
    """Files of one kind, CSV files with the same columns."""

    paths: list[Path]
    kind: str
    columns: list[str]

    def check(self, wanted: Collection[str]) -> None:
        """Check that each file has the columns: engines fill in those that a Parquet file lacks.

        Raises:
            InputError: naming the column and the file.
        """
        for path in self.paths if self.kind == ".parquet" else ():
            types = parquet_types(path)
            if absent := [column for column in wanted if column not in types]:
                raise InputError(
                    f"source.path: found no column {absent[0]!r} in {path}, expected it in "
                    "every file"
                )

    def check_rows(self, texts: Collection[str]) -> None:
        """Check what engines pass over: wrong quotes, and a column of several types.

        Args:
            texts: the columns that are read as text; 1 in one file is not the 1.0 of another.

        Raises:
            InputError: naming the file, and the line or the column.
        """
        if self.kind != ".parquet":
            for path in self.paths:
                check_quotes(path)
            return
        first: dict[str, tuple[str, Path]] = {}
        for path in self.paths:
            types = {name: kind for name, kind in parquet_types(path).items() if kind != '"NULL"'}
            for column in types.keys() & set(texts):
                kind, place = first.setdefault(column, (types[column], path))
                if types[column] != kind:
                    raise InputError(
                        f"source.path: column {column!r} is {types[column]} in {path} and {kind} "
                        f"in {place}, expected one type"
                    )


def open_files(path: str) -> Files:
    """The files behind a path or pattern.

    Raises:
        InputError: there is none, they are not all of one kind that can be read, a header is
            broken, or the headers of CSV files differ.
    """
    paths = find_files(path)
    kinds = [_kind(file) for file in paths]
    for file, kind in zip(paths, kinds, strict=True):
        if kind != kinds[0]:
            raise InputError(
                f"source.path: found {paths[0]} and {file}, expected files of one kind"
            )
    if kinds[0] == ".parquet":
        return Files(paths, kinds[0], list(parquet_types(paths[0])))
    headers = [read_header(file) for file in paths]
    for file, header in zip(paths, headers, strict=True):
        if header != headers[0]:
            pairs = zip_longest(headers[0], header, fillvalue="nothing")
            first, other = next(pair for pair in pairs if pair[0] != pair[1])
            raise InputError(
                f"source.path: {file} has the column {other!r} where {paths[0]} has {first!r}, "
                "expected the same header"
            )
    return Files(paths, kinds[0], headers[0])


def find_files(path: str) -> list[Path]:
    """The files that a path names, or that fit it as a pattern, sorted.

    Raises:
        InputError: there is none.
    """
    if is_file(Path(path)):
        return [Path(path)]
    if os.path.isdir(path):  # noqa: PTH112
        raise InputError(f"source.path: {path} is a folder, expected a file or a pattern for files")
    if not glob.has_magic(path):
        raise InputError(f"source.path: found no file {path}")
    # Path.glob takes no absolute pattern
    found = sorted({Path(name) for name in glob.glob(path, recursive=True)})  # noqa: PTH207
    if files := [file for file in found if file.is_file()]:
        return files
    raise InputError(f"source.path: found no file that fits {path}")


def is_file(path: Path) -> bool:
    """Whether a path names a file; one that is too long for a name does not."""
    return os.path.isfile(path)  # noqa: PTH113


def read_header(path: Path) -> list[str]:
    """The column names of a CSV file, which may be compressed.

    Raises:
        InputError: it cannot be read, is empty or not UTF-8, or a name is empty, breaks a line
            or stands twice (upper and lower case are the same to SQL).
    """
    opened = gzip.open if _kind(path) == ".csv.gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file, strict=True), [])
    except (UnicodeDecodeError, csv.Error, OSError, EOFError, zlib.error) as error:
        raise InputError(f"source.path: {path} is not a UTF-8 CSV file ({error})") from None
    check_names(header, f"source.path: {path}", str.casefold)
    return header


def parquet_types(path: Path) -> dict[str, str]:
    """The type of each column of a Parquet file.

    Raises:
        InputError: it cannot be read.
    """
    query = "DESCRIBE FROM read_parquet($1, hive_partitioning = false)"
    try:
        with duckdb.connect() as connection:
            described = connection.execute(query, [glob.escape(str(path))]).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"source.path: {path} is not a Parquet file ({reason})") from None
    check_names([name for name, *_ in described], f"source.path: {path}", str.casefold)
    return {name: kind for name, kind, *_ in described}


def _kind(path: Path) -> str:
    name = path.name.lower()
    if kind := next((kind for kind in KINDS if name.endswith(kind)), None):
        return kind
    raise InputError(f"source.path: {path} is of no known kind, expected {', '.join(KINDS)}")
