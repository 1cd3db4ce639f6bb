"""Contacts in files or in a DuckDB file, asked through DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import duckdb
from sqlalchemy import Select

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source.allowed import FILTER, QUERY
from partialpool.source.dialects import DuckDBDialect, write_sql
from partialpool.source.duck_syntax import check_filter, check_one, check_query
from partialpool.source.files import Files, is_file, open_files
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
            with self._refusing(self.key):
                connection.execute(f"CREATE VIEW contacts AS FROM {reader}")
        _close_doors(connection, files)

    def check_sql(self) -> None:
        """Check that the filter and the query only read the contacts."""
        if self.source.query is not None:
            with self._refusing(QUERY):
                check_query(self.connection, self.source)
        if self.source.filter:
            table = "contacts" if self.files is not None else self.source.table or ""
            with self._refusing(FILTER):
                check_filter(self.connection, self.source, table)

    def ask(self, statement: Select[Any], key: str) -> Answer:
        """The answer to a statement."""
        sql = write_sql(statement, DuckDBDialect())
        with self._refusing(key):
            check_one(self.source, sql)
            asked = self.connection.execute(sql)
            return Answer([name for name, *_ in asked.description or ()], asked.fetchall())

    @contextmanager
    def _refusing(self, key: str) -> Iterator[None]:
        """Give what DuckDB raises as an `InputError` in one line."""
        try:
            yield
        except duckdb.Error as error:
            # no cast of ours can fail
            if self.source.filter and isinstance(error, duckdb.ConversionException):
                key = FILTER
            said = str(error)
            if "No space left" in said or isinstance(error, duckdb.OutOfMemoryException):
                raise InputError(_no_room(key, self.source.shown)) from None
            if key == "source.path":
                raise InputError(f"{key}: {_refusal(said, self.source, self.files)}") from None
            raise InputError(f"{key}: {self.source.shown}: {first_line(said)}") from None


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
    with _spill_folder() as spill:
        opened = ":memory:" if files is not None else str(path.absolute())
        settings: dict[str, Any] = {
            "threads": 2,
            "memory_limit": MEMORY,
            "temp_directory": spill,
            # no waiting for a network, and no reading of Python's variables
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
        try:
            connection = duckdb.connect(opened, read_only=files is None, config=settings)
        except duckdb.Error as error:
            raise InputError(f"source.path: {path} cannot be opened: {first_line(error)}") from None
        with connection:
            yield DuckDB(source, connection, files)


def _close_doors(connection: duckdb.DuckDBPyConnection, files: Files | None) -> None:
    """From here on nothing is read but the files and what groups spill, and nothing is set."""
    paths = [str(path.absolute()) for path in files.paths] if files else []
    # a name is looked up as the pattern that fits it alone, too
    connection.execute("SET allowed_paths = $1", [[*paths, *map(escape, paths)]])
    connection.execute("SET allowed_directories = [current_setting('temp_directory')]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


@contextmanager
def _spill_folder() -> Iterator[str]:
    """A folder for what does not fit into memory, until the block ends."""
    try:
        folder = TemporaryDirectory(prefix="partialpool-")
    except OSError as error:
        raise InputError(
            f"source: found no folder for temporary files ({error.strerror}), expected one with "
            "room; name one by the environment variable TMPDIR"
        ) from None
    with folder as spill:
        yield spill


def first_line(said: object) -> str:
    """The first line of what an engine says, without the kind of its error."""
    lines = [line.strip() for line in str(said).splitlines() if line.strip()]
    return re.sub(r"^\w+( \w+)? Error: ", "", lines[0]) if lines else type(said).__name__


def _no_room(key: str, shown: str) -> str:
    return (
        f"{key}: {shown}: found no room for temporary files in {gettempdir()}, expected more; free "
        "some, or name another folder by the environment variable TMPDIR"
    )


def _refusal(said: str, source: Source, files: Files | None) -> str:
    """Why a file cannot be read, in our words where there are some."""
    named = re.findall("^  file = (.*)$", said, re.MULTILINE)
    given = {str(path.absolute()): str(path) for path in (files.paths if files else ())}
    refusal = f"{given.get(named[-1], named[-1]) if named else source.shown} cannot be read: "
    for pattern, reason in REASONS.items():
        if found := re.search(pattern, said, re.MULTILINE | re.DOTALL):
            return refusal + reason.format(**found.groupdict())
    return refusal + first_line(said)


def _check_database(path: Path) -> None:
    """Check that a file is DuckDB's: given another one, it would look for extensions."""
    if not is_file(path):
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
    return f"[{', '.join(_literal(escape(str(path.absolute()))) for path in files.paths)}]"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
