"""Contacts in a database behind a URL, asked through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, Select, create_engine
from sqlalchemy.exc import DataError, DBAPIError, NoSuchModuleError

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source.allowed import FILTER, QUERY, check_filter, check_query, refuse
from partialpool.source.credentials import Secrets, expand_url
from partialpool.source.duck import first_line
from partialpool.source.files import is_file
from partialpool.source.place import Answer, Place
from partialpool.source.readonly import (
    begin_reading,
    dialect_of,
    reaching,
    reading_arguments,
    reading_url,
)

PATIENCE = 10
"""Seconds that a server has to answer the door."""
TIMEOUTS = {
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
    "pymysql": "connect_timeout",
    "mysqldb": "connect_timeout",
    "mysqlconnector": "connection_timeout",
    "mariadbconnector": "connect_timeout",
    "oracledb": "tcp_connect_timeout",
    "pymssql": "login_timeout",
    "pyodbc": "timeout",
}
"""What each driver calls the seconds that a connection may take."""
PACKAGES = {
    "psycopg": "psycopg[binary]",
    "psycopg2": "psycopg2-binary",
    "MySQLdb": "mysqlclient",
    "pymysql": "PyMySQL",
    "snowflake": "snowflake-sqlalchemy",
    "bigquery": "sqlalchemy-bigquery",
    "redshift": "sqlalchemy-redshift",
    "databricks": "databricks-sqlalchemy",
    "trino": "trino[sqlalchemy]",
}
"""The packages of drivers and dialects that are not called as what is imported."""


class Database(Place):
    """A table or query of a database, in a connection that only reads."""

    fold = staticmethod(str)

    def __init__(self, source: Source, connection: Connection, secrets: Secrets) -> None:
        super().__init__(source)
        self.connection, self.secrets = connection, secrets

    def check_sql(self) -> None:
        """Check that the filter and the query only read the contacts."""
        for key, sql, check in (
            (QUERY, self.source.query, check_query),
            (FILTER, self.source.filter, check_filter),
        ):
            if sql:
                with self._refusing(key):
                    names = check(self.source, dialect_of(self.connection))
                    found = reaching(self.connection, names)
                if found:
                    raise refuse(self.source, key, found)

    def ask(self, statement: Select[Any], key: str) -> Answer:
        """The answer to a statement."""
        with self._refusing(key):
            result = self.connection.execute(statement)
            return Answer(list(result.keys()), result.all())

    @contextmanager
    def _refusing(self, key: str) -> Iterator[None]:
        """Give what the driver raises as an `InputError` in one line."""
        try:
            yield
        except (DBAPIError, UnicodeError) as error:
            # no cast of ours can fail
            if self.source.filter and isinstance(error, DataError):
                key = FILTER
            reason = describe(error, self.secrets)
            raise InputError(f"{key}: {self.source.shown}: {reason}") from None


@contextmanager
def open_database(source: Source) -> Iterator[Place]:
    """The database behind a URL, until the block ends; nothing is ever committed.

    Raises:
        InputError: a variable is not defined, a driver is missing, or no connection comes about.
    """
    secrets = Secrets()
    url = expand_url(str(source.url), secrets)
    engine = _engine(url, source, secrets)
    try:
        connection = begin_reading(engine.connect(), source)
    except Exception as error:  # drivers raise what they like
        reason = describe(error, secrets)
        raise InputError(f"source.url: found no way into {source.shown}: {reason}") from None
    with connection:
        yield Database(source, connection, secrets)


def describe(error: Exception, secrets: Secrets) -> str:
    """What a driver says, in one line, without credentials."""
    return first_line(secrets.scrub(str(getattr(error, "orig", None) or error)))


def _engine(url: URL, source: Source, secrets: Secrets) -> Engine:
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        _check_file(url, source)
    try:
        driver = url.get_driver_name()
        timeout = TIMEOUTS.get(driver)
        waits = timeout is not None and timeout not in url.query
        connecting = reading_arguments(url) | ({str(timeout): PATIENCE} if waits else {})
        return create_engine(
            reading_url(url), poolclass=NullPool, connect_args=connecting, hide_parameters=True
        )
    except (NoSuchModuleError, ImportError) as error:
        needed = (error.name or "") if isinstance(error, ImportError) else url.get_backend_name()
        package = PACKAGES.get(needed, needed)
        raise InputError(
            f"source.url: found no package for {url.drivername}, expected it installed: "
            f"pip install {package!r}"
        ) from None
    except Exception as error:
        raise InputError(f"source.url: {source.shown}: {describe(error, secrets)}") from None


def _check_file(url: URL, source: Source) -> None:
    """Check that an SQLite file is there: a connection would make it."""
    name = url.database or ""
    if name in ("", ":memory:") or name.startswith("file:"):
        return
    if not is_file(Path(name)):
        raise InputError(f"source.url: found no file for {source.shown}")
