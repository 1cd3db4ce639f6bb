"""Which place a source is, its columns, its files, and what tells it from another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from partialpool.errors import InputError
from partialpool.seals import file_digest
from partialpool.settings import Source
from partialpool.source.database import open_database
from partialpool.source.duck import open_duckdb
from partialpool.source.files import find_files
from partialpool.source.place import Place


@contextmanager
def open_place(source: Source) -> Iterator[Place]:
    """The place that a source describes, until the block ends.

    Raises:
        InputError: it is not there, or cannot be opened.
    """
    if source.engine == "spark":
        from partialpool.source.spark import open_spark

        opened = open_spark(source)
    else:
        opened = open_duckdb(source) if source.url is None else open_database(source)
    with opened as place:
        place.check_sql()
        yield place


def read_columns(source: Source) -> list[str]:
    """The names of the columns, in their order.

    Raises:
        InputError: the source cannot be read, or a name is empty, breaks a line or stands twice.
    """
    with _open_header(source) as place:
        return place.columns()


def check_columns(source: Source, wanted: Mapping[str, str]) -> None:
    """Check that the source has every column that a key of the configuration names.

    Args:
        source: where the contacts are.
        wanted: column names by the key that asks for them.

    Raises:
        InputError: the source cannot be read, or naming the first key whose column is not there.
    """
    with _open_header(source) as place:
        place.check(wanted)


def source_files(source: Source) -> list[Path]:
    """The files behind a path or pattern, sorted; none for a database.

    Raises:
        InputError: there is none.
    """
    return [] if source.path is None else find_files(source.path)


def fingerprint(source: Source) -> dict[str, Any]:
    """What the contacts were read from: files by their SHA-256, or where a database was asked.

    Raises:
        InputError: a file is not there.
    """
    named = {"table": source.table, "query": source.query, "as_of": source.as_of}
    asked = {key: value for key, value in named.items() if value}
    if source.path is not None:
        return {"files": {str(p): file_digest(p) for p in source_files(source)}} | asked
    if source.url is None:
        return {"engine": source.engine} | asked
    return {"url": re.sub(r"(?<=://)[^/]*@", "", source.url)} | asked


@contextmanager
def held_still(source: Source) -> Iterator[dict[str, Any]]:
    """The fingerprint of the contacts, which is the same at the end of the block.

    Raises:
        InputError: a file is not there, or was changed meanwhile.
    """
    before = fingerprint(source)
    yield before
    after = fingerprint(source)
    files, others = before.get("files", {}), after.get("files", {})
    changed = sorted(path for path in {**files, **others} if files.get(path) != others.get(path))
    if changed:
        raise InputError(
            f"source.path: {changed[0]} changed while it was read, expected it to stay as it is; "
            "run again"
        )


def _open_header(source: Source) -> AbstractContextManager[Place]:
    """The place where columns are read: for those of files, no Spark needs to start."""
    by_spark = source.engine == "spark" and source.path is not None
    return open_duckdb(source) if by_spark else open_place(source)
