"""Contacts in files or in a DuckDB file, asked through DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from sqlalchemy import Select

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source.dialects import DuckDBDialect, write_sql
from partialpool.source.files import Files, open_files
from partialpool.source.place import Answer, Place

MEMORY = "1GB"
"""What groups may take; beyond it they go to disk."""
LINE = r"CSV Error on Line: (?P<line>\d+)\n.*?^"
REASONS = {
    LINE + r"Expected Number of Columns: (?P<expected>\d+) Found: (?P<found>\d+)$": (
        "in line {line} the number of values is {found}, expected {expected}"
    ),
    LINE + "Value with unterminated quote": (
        "line {line} has text behind a quote that closes, or ends in another way than the others"
    ),
    LINE + "Invalid unicode": "line {line} is not UTF-8",
    "state machine reached an invalid state": (
        "its lines end in different ways, expected LF or CRLF throughout"
    ),
}
"""What DuckDB says of a CSV file that it cannot read, and what we say."""


class DuckDB(Place):
    """Files, or a DuckDB file, open in a connection of its own."""

    def __init__(
        self, source: Source, connection: duckdb.DuckDBPyConnection, files: Files | None
    ) -> None:
        super().__init__(source, files)
        self.connection = connection
        if files is not None:
            reader = _parquet_reader(files) if files.kind == ".parquet" else _csv_reader(files)
            self._run(f"CREATE VIEW contacts AS FROM {reader}", self.key)

    def ask(self, statement: Select[Any], key: str) -> Answer:
        """The answer to a statement."""
        asked = self._run(write_sql(statement, DuckDBDialect()), key)
        return Answer([name for name, *_ in asked.description or ()], asked.fetchall())

    def _run(self, sql: str, key: str) -> duckdb.DuckDBPyConnection:
        try:
            return self.connection.execute(sql)
        except duckdb.Error as error:
            # no cast of ours can fail
            if self.source.filter and isinstance(error, duckdb.ConversionException):
                key = "source.filter"
            if key == "source.path":
                raise InputError(f"{key}: {_refusal(str(error), self.source.shown)}") from None
            raise InputError(f"{key}: {self.source.shown}: {first_line(error)}") from None


@contextmanager
def open_duckdb(source: Source) -> Iterator[Place]:
    """The place behind a path, until the block ends.

    Raises:
        InputError: there is none, or it cannot be opened.
    """
    path = Path(str(source.path))
    files = None if source.is_duckdb else open_files(str(path))
    if files is None:
        _check_database(path)
    with TemporaryDirectory(prefix="partialpool-") as spill:
        settings: dict[str, Any] = {
            "threads": 2,
            "memory_limit": MEMORY,
            "temp_directory": spill,
            # no waiting for a network
            "autoinstall_known_extensions": "false",
        }
        opened = ":memory:" if files is not None else str(path)
        try:
            connection = duckdb.connect(opened, read_only=files is None, config=settings)
        except duckdb.Error as error:
            raise InputError(f"source.path: {path} cannot be opened: {first_line(error)}") from None
        with connection:
            yield DuckDB(source, connection, files)


def first_line(said: object) -> str:
    """The first line of what an engine says, without the kind of its error."""
    lines = [line.strip() for line in str(said).splitlines() if line.strip()]
    return re.sub(r"^\w+( \w+)? Error: ", "", lines[0]) if lines else type(said).__name__


def _refusal(said: str, place: str) -> str:
    """Why a file cannot be read, in our words where there are some."""
    named = re.findall("^  file = (.*)$", said, re.MULTILINE)
    refusal = f"{named[-1] if named else place} cannot be read: "
    for pattern, reason in REASONS.items():
        if found := re.search(pattern, said, re.MULTILINE | re.DOTALL):
            return refusal + reason.format(**found.groupdict())
    return refusal + first_line(said)


def _check_database(path: Path) -> None:
    """Check that a file is DuckDB's: given another one, it would look for extensions."""
    if not path.is_file():
        raise InputError(f"source.path: found no file {path}")
    with path.open("rb") as file:
        start = file.read(16)
    if start[8:12] != b"DUCK":
        is_sqlite = start.startswith(b"SQLite format 3")
        hint = f", an SQLite file is named by url: sqlite:///{path}" if is_sqlite else ""
        raise InputError(f"source.path: {path} is not a DuckDB file{hint}")


def _csv_reader(files: Files) -> str:
    """Every column as text: guessed types would turn Yes/No into booleans and change levels."""
    columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in files.columns)
    compression = "gzip" if files.kind == ".csv.gz" else "none"
    # in parallel, a quoted line break where two parts meet stops it, or moves values
    return (
        f"read_csv({_paths(files)}, auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}}, compression = '{compression}', "
        "parallel = false, hive_partitioning = false)"
    )


def _parquet_reader(files: Files) -> str:
    return f"read_parquet({_paths(files)}, union_by_name = true, hive_partitioning = false)"


def _paths(files: Files) -> str:
    return f"[{', '.join(_literal(escape(str(path))) for path in files.paths)}]"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
