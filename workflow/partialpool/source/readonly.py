"""Connections that only read, and take one statement at a time, as far as each driver goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, text

from partialpool.settings import Source
from partialpool.source.allowed import Names
from partialpool.source.tokens import STANDARD_TEXTS

BEGINNINGS = {
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
}
"""What makes a transaction one that only reads, where SQLAlchemy has no option for it."""
CHANGING = text(
    "SELECT DISTINCT proname FROM pg_catalog.pg_proc p "
    "JOIN pg_catalog.pg_language l ON l.oid = p.prolang WHERE p.provolatile = 'v' "
    "AND l.lanname IN ('internal', 'c') AND proname = ANY(CAST(:names AS text[]))"
)
"""Functions of PostgreSQL's own, or of an extension, that may do or give anything when called.

Those written in SQL are held by the transaction.
"""
CATALOGUED = text(
    "SELECT relname FROM pg_catalog.pg_class WHERE relname = ANY(CAST(:names AS text[])) AND "
    "relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
)
"""Tables of PostgreSQL's own."""


def reading_url(url: URL) -> URL:
    """The URL of a database with what its driver takes to open it for reading only."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return url
    name = str(url.database)
    if not name.startswith("file:"):
        url = url.set(database=f"file:{quote(str(Path(name).absolute()))}")
    return url.update_query_dict({"mode": "ro", "uri": "true"})


def reading_arguments(url: URL) -> dict[str, Any]:
    """What a driver takes so that it sends one statement at a time."""
    driver = url.get_driver_name()
    if driver == "psycopg":
        return {"cursor_factory": _one_statement()}
    return {"multi_statements": False} if driver == "mysqldb" else {}


def begin_reading(connection: Connection, source: Source) -> Connection:
    """The connection in a transaction that only reads."""
    if connection.dialect.name in BEGINNINGS:
        connection.exec_driver_sql(BEGINNINGS[connection.dialect.name])
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.set_authorizer(_authorizer(source))
    return connection.execution_options(postgresql_readonly=True)


def dialect_of(connection: Connection) -> str:
    """The dialect in which a server reads a text, one of `LEXES` if it is known."""
    name = connection.dialect.name
    if name != "postgresql":
        return name
    asked = connection.exec_driver_sql("SHOW standard_conforming_strings")
    return STANDARD_TEXTS if asked.scalar() == "on" else name


def reaching(connection: Connection, names: Names) -> str | None:
    """What a text names that is not of the contacts, as PostgreSQL knows it; or nothing."""
    if connection.dialect.name != "postgresql":
        return None
    for query, of, said in (
        (CHANGING, names.functions, "{}(), which may do or give something else each time"),
        (CATALOGUED, names.words, "{}, which is no table of contacts"),
    ):
        found = _ask(connection, query, of)
        if found:
            return said.format(min(found))
    return None


def _ask(connection: Connection, query: Any, names: Collection[str]) -> list[str]:
    if not names:
        return []
    return list(connection.execute(query, {"names": sorted(names)}).scalars())


def _one_statement() -> type[Any]:
    """A cursor that asks for binary answers, for which the protocol takes a single statement."""
    from psycopg import Cursor

    class OneStatement(Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> OneStatement:
            return super().execute(query, params, **(options | {"binary": True}))

    return OneStatement


def _authorizer(source: Source) -> Callable[..., int]:
    """What SQLite asks before it compiles a statement: whether it may read, from where."""
    table = str(source.table).rpartition(".")[2].lower()

    def authorize(action: int, first: str | None, second: str | None, _: Any, inner: Any) -> int:
        if action == sqlite3.SQLITE_FUNCTION:
            return _answer(second not in ("load_extension", "fts3_tokenizer"))
        if action != sqlite3.SQLITE_READ:
            return _answer(action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE))
        name = str(first).lower()
        if source.query is not None:
            return _answer(not name.startswith(("sqlite_", "pragma_")))
        # inside a view, its own tables
        return _answer(name == table or inner is not None)

    return authorize


def _answer(is_allowed: bool) -> int:
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY
