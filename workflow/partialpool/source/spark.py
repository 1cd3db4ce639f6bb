"""Contacts in files or in a catalogue, asked through Spark."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import FromClause, Select, table

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source.allowed import FILTER, check_filter, check_query
from partialpool.source.dialects import SparkDialect, write_sql
from partialpool.source.files import Files, open_files
from partialpool.source.place import Answer, Place

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # a `${` in a value is no variable
    "spark.sql.variable.substitute": "false",
    # nor is a file's name a table
    "spark.sql.runSQLOnFiles": "false",
}
CSV = {
    "header": "true",
    "quote": '"',
    "escape": '"',
    "encoding": "UTF-8",
    "mode": "FAILFAST",
    "multiLine": "true",
    "unescapedQuoteHandling": "RAISE_ERROR",
}
VIEW = "contacts"
DOUBTFUL = "[\r\n\ufffd]"
DOUBT = (
    "found a line break in a value or text that is not UTF-8, which Spark would change, expected "
    "none; engine: auto reads line breaks, too"
)
"""Said of a CSV file whose values Spark may have changed."""


class Spark(Place):
    """Files, or a table or query of the catalogue, as a view of a session."""

    def __init__(self, source: Source, session: Any, files: Files | None) -> None:
        super().__init__(source, files)
        self.session = session

    def check_sql(self) -> None:
        """Check that the filter and the query only read the contacts, then make the view."""
        from pyspark.sql import functions as sql

        if self.source.query is not None:
            check_query(self.source, "spark")
        if self.source.filter:
            check_filter(self.source, "spark")
            with self._refusing(FILTER):
                sql.expr(self.source.filter)
        with self._refusing(self.key):
            self._frame().createOrReplaceTempView(VIEW)

    def contacts(self) -> FromClause:
        """The view."""
        return table(VIEW)

    def ask(self, statement: Select[Any], key: str) -> Answer:
        """The answer to a statement."""
        with self._refusing(key):
            frame = self.session.sql(write_sql(statement, SparkDialect()))
            return Answer(frame.columns, [tuple(row) for row in frame.collect()])

    @contextmanager
    def _refusing(self, key: str) -> Iterator[None]:
        """Give what Spark raises as an `InputError` in one line."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (PySparkException, Py4JError) as error:
            # no cast of ours can fail
            if self.source.filter and "CAST_INVALID_INPUT" in str(error):
                key = "source.filter"
            reason = _root_cause(str(error))
            raise InputError(f"{key}: {self.source.shown}: {reason}") from None

    def _frame(self) -> Any:
        if self.files is None:
            if self.source.query is None:
                return self.session.table(self.source.table)
            # between brackets only a query can stand
            query = str(self.source.query).strip().removesuffix(";")
            return self.session.sql(f"SELECT * FROM ({query}\n)")
        paths = [_hadoop_path(path) for path in self.files.paths]
        if self.files.kind == ".parquet":
            return self.session.read.parquet(*paths)
        schema = ", ".join(f"{_quoted(name)} STRING" for name in self.files.columns)
        return _sure(self.session.read.schema(schema).options(**CSV).csv(paths))


@contextmanager
def open_spark(source: Source) -> Iterator[Place]:
    """The place that Spark reads, until the block ends; the session stays for the next.

    Raises:
        InputError: Spark does not start here, or the contacts are not there.
    """
    if source.is_duckdb:
        raise InputError(f"source.engine: found spark for {source.path}, expected auto")
    files = open_files(source.path) if source.path is not None else None
    session = _session()
    place = Spark(source, session, files)
    try:
        yield place
    finally:
        session.catalog.dropTempView(VIEW)


def _session() -> Any:
    """The session that there is, or a new one: local, unless Spark's own settings say otherwise."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(
            "source.engine: found no pyspark, expected it installed: pip install pyspark"
        ) from None
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and Path(home, "bin", "java").exists())):
        raise InputError("source.engine: found no Java, expected 17 or later for Spark")
    try:
        session = SparkSession.builder.config(map=SETTINGS).getOrCreate()
    except PySparkException as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"source.engine: Spark does not start: {reason}") from None
    # what they would log is raised and said in one line
    session.sparkContext.setLogLevel("OFF")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    return session


def _sure(frame: Any) -> Any:
    """The rows of a CSV file, or an error where any value makes it doubtful that they are those.

    Spark changes some line breaks in values, keeps stray carriage returns, and reads bytes that are
    not UTF-8 as one and the same character.
    """
    from pyspark.sql import functions as sql

    values = sql.concat_ws("", *(frame[_quoted(name)] for name in frame.columns))
    doubtful = sql.when(values.rlike(DOUBTFUL), sql.raise_error(DOUBT))
    return frame.where(doubtful.otherwise(sql.lit(True)))


def _root_cause(said: str) -> str:
    """The message of the innermost of Java's exceptions, in one line."""
    causes = re.findall(r"^Caused by: [\w.$]+: (.+)$", said, re.MULTILINE)
    cause = str(causes[-1] if causes else said.strip().splitlines()[0])
    return re.sub(r"^\[[\w.]+\] | SQLSTATE: \w+", "", cause)


def _hadoop_path(path: Path) -> str:
    """A file's name as Hadoop reads it, which takes some characters for patterns."""
    if path.name.startswith(("_", ".")):
        raise InputError(
            f"source.path: Spark skips {path}, expected a name without {path.name[0]!r}"
        )
    return "file:" + re.sub(r"([\\{}\[\]*?,])", r"\\\1", str(path.absolute()))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
