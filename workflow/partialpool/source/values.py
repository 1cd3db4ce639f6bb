"""A value as text and as a number, in the SQL of every engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Double, Select, String, and_, case, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

NUMBER = "^ *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[01]?[0-9]{1,2})? *$"
"""A number as text. Bounded in length, its cast to a double neither overflows nor underflows."""
LONGEST = 100
LARGEST = "1e300"
"""Above what is so bounded, for a database that needs no pattern."""


class RawText(FunctionElement[str]):
    """A column as text, equal only where every byte is: no collation folds its values."""

    type = String()
    inherit_cache = True
    name = "raw_text"


class NumberIn(FunctionElement[float]):
    """The number that a column holds, as a double; null where it holds anything else."""

    type = Double()
    inherit_cache = True
    name = "number_in"


def computed_once(statement: Select[Any]) -> Select[Any]:
    """A subquery whose columns a database computes once, wherever they are used around it.

    DuckDB and Spark see to that themselves.
    """
    return (
        statement.suffix_with("OFFSET 0", dialect="postgresql")
        .suffix_with("LIMIT -1 OFFSET 0", dialect="sqlite")
        .suffix_with("LIMIT 18446744073709551615", dialect="mysql")
        .suffix_with("LIMIT 18446744073709551615", dialect="mariadb")
    )


@compiles(RawText)
def _(element: RawText, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(cast(_argument(element), String()), **kw)


@compiles(RawText, "oracle")
def _(element: RawText, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(cast(_argument(element), String(4000)), **kw)


@compiles(RawText, "duckdb")
def _(element: RawText, compiler: SQLCompiler, **kw: Any) -> str:
    return f'CAST({compiler.process(element.clauses, **kw)} AS VARCHAR) COLLATE "binary"'


@compiles(RawText, "spark")
def _(element: RawText, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS STRING)"


@compiles(RawText, "postgresql")
def _(element: RawText, compiler: SQLCompiler, **kw: Any) -> str:
    return f'CAST({compiler.process(element.clauses, **kw)} AS VARCHAR) COLLATE "C"'


@compiles(RawText, "sqlite")
def _(element: RawText, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS TEXT) COLLATE BINARY"


@compiles(RawText, "mysql", "mariadb")
def _(element: RawText, compiler: SQLCompiler, **kw: Any) -> str:
    # bytes: to its binary collations of text, trailing blanks are nothing
    return f"CAST(CONVERT({compiler.process(element.clauses, **kw)} USING utf8mb4) AS BINARY)"


@compiles(RawText, "mssql")
def _(element: RawText, compiler: SQLCompiler, **kw: Any) -> str:
    text = f"CAST({compiler.process(element.clauses, **kw)} AS NVARCHAR(max))"
    return f"{text} COLLATE Latin1_General_BIN2"


@compiles(NumberIn)
def _(element: NumberIn, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(_number_in(cast(_argument(element), String())), **kw)


@compiles(NumberIn, "oracle")
def _(element: NumberIn, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(_number_in(cast(_argument(element), String(4000))), **kw)


@compiles(NumberIn, "duckdb")
def _(element: NumberIn, compiler: SQLCompiler, **kw: Any) -> str:
    # its own cast takes 1_000, +-1 and inf for numbers
    text = f"CAST({compiler.process(element.clauses, **kw)} AS VARCHAR)"
    matches = f"length({text}) <= {LONGEST} AND regexp_matches({text}, '{NUMBER}')"
    return f"CASE WHEN {matches} THEN TRY_CAST({text} AS DOUBLE) END"


@compiles(NumberIn, "spark")
def _(element: NumberIn, compiler: SQLCompiler, **kw: Any) -> str:
    # its own cast takes 1d, 0x1p3 and inf for numbers
    text = f"CAST({compiler.process(element.clauses, **kw)} AS STRING)"
    matches = f"length({text}) <= {LONGEST} AND {text} RLIKE '{NUMBER}'"
    return f"CASE WHEN {matches} THEN TRY_CAST({text} AS DOUBLE) END"


@compiles(NumberIn, "sqlite")
def _(element: NumberIn, compiler: SQLCompiler, **kw: Any) -> str:
    # without a regexp of its own; a text equals its cast only where all of it is a number
    value = compiler.process(element.clauses, **kw)
    text, number = f"CAST({value} AS TEXT)", f"CAST({value} AS REAL)"
    is_number = f"CAST({text} AS NUMERIC) = {text} AND abs({number}) < {LARGEST}"
    return f"CASE WHEN {is_number} THEN {number} END"


@compiles(NumberIn, "mysql", "mariadb")
def _(element: NumberIn, compiler: SQLCompiler, **kw: Any) -> str:
    # not every version can cast to a double
    text = f"CAST({compiler.process(element.clauses, **kw)} AS CHAR)"
    matches = f"length({text}) <= {LONGEST} AND {text} REGEXP '{NUMBER}'"
    return f"CASE WHEN {matches} THEN {text} + 0e0 END"


@compiles(NumberIn, "mssql")
def _(element: NumberIn, compiler: SQLCompiler, **kw: Any) -> str:
    return f"TRY_CAST({compiler.process(element.clauses, **kw)} AS FLOAT)"


def _number_in(text: ColumnElement[str]) -> ColumnElement[float]:
    matches = and_(func.length(text) <= LONGEST, text.regexp_match(NUMBER))
    return case((matches, cast(text, Double())))


def _argument(element: FunctionElement[Any]) -> ColumnElement[Any]:
    (argument,) = element.clauses
    return argument
