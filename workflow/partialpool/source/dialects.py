"""How DuckDB and Spark write a statement; SQLAlchemy's own dialects speak to the databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, String
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import IdentifierPreparer


class _Quoting(IdentifierPreparer):
    """Every name between quotes: neither engine's reserved words need to be known."""

    def quote(self, ident: str, force: Any = None) -> str:  # noqa: ARG002
        return self.quote_identifier(ident)


class _Backquoting(_Quoting):
    def __init__(self, dialect: Dialect, **kw: Any) -> None:
        super().__init__(dialect, initial_quote="`", escape_quote="`", **kw)


class _EscapedString(String):
    """Text between quotes where a backslash escapes, as in Spark."""

    def literal_processor(self, dialect: Dialect) -> Callable[[str], str]:  # noqa: ARG002
        return lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class DuckDBDialect(DefaultDialect):
    """How DuckDB writes a statement."""

    name = "duckdb"
    preparer: type[IdentifierPreparer] = _Quoting


class SparkDialect(DefaultDialect):
    """How Spark SQL writes a statement."""

    name = "spark"
    preparer: type[IdentifierPreparer] = _Backquoting

    def __init__(self) -> None:
        super().__init__()
        self.colspecs = {String: _EscapedString}


def write_sql(statement: Select[Any], dialect: DefaultDialect) -> str:
    """A statement as text, its values written out in it."""
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
