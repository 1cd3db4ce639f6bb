"""What may be wrong with a row, as conditions on what was read of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Subquery, and_, case, cast, or_
from sqlalchemy import ColumnElement as Sql

from partialpool.source.fields import (
    FILTERED,
    MOST_COUNTED,
    NOT_A_COUNT,
    NOT_A_DATE,
    NOT_A_NUMBER,
    TOO_FEW_TRIALS,
    Field,
    Problem,
)

DATED = "____-__-__%"
"""The shape of a date, alone or before a time: text of it sorts as time goes. What is no date at
an end of the period is found when that is read (`dates.book_period`)."""


class Doubt(NamedTuple):
    """A problem, the condition under which a row has it, and the fields whose texts show it."""

    problem: Problem
    wrong: Sql[bool]
    shown: tuple[int, ...] = ()


def doubts_of(read: Subquery, fields: Sequence[Field], *, filtered: bool) -> Iterator[Doubt]:
    """What may be wrong with a row, in the order in which it is looked for."""
    if filtered:
        yield Doubt(Problem(FILTERED, "source.filter", ""), read.c.kept == 0)
    for i, field in enumerate(fields):
        if field.kind == "date":
            text = read.c[f"text_{i}"]
            problem = Problem(NOT_A_DATE, field.key, field.column)
            yield Doubt(problem, and_(text.is_not(None), text.not_like(DATED)), (i,))
        if field.numeric:
            wrong = _is_no_count if field.kind == "count" else _is_no_number
            kind = NOT_A_COUNT if field.kind == "count" else NOT_A_NUMBER
            given = read.c[f"text_{i}"].is_not(None)
            problem = Problem(kind, field.key, field.column)
            yield Doubt(problem, and_(given, wrong(read.c[f"number_{i}"])), (i,))
    at = {field.key: i for i, field in enumerate(fields)}
    if "outcome.trials" in at:
        one, other = at["outcome.successes"], at["outcome.trials"]
        both = and_(*(read.c[f"text_{i}"].is_not(None) for i in (one, other)))
        fewer = read.c[f"number_{other}"] < read.c[f"number_{one}"]
        problem = Problem(TOO_FEW_TRIALS, "outcome.successes", fields[one].column)
        yield Doubt(problem, and_(both, fewer), (one, other))


def _is_no_number(number: Sql[float]) -> Sql[bool]:
    return number.is_(None)


def _is_no_count(number: Sql[float]) -> Sql[bool]:
    # a case, because it stops before a cast that would overflow
    beyond = or_(number.is_(None), number < 0, number > MOST_COUNTED)
    return case((beyond, 1), (cast(number, BigInteger()) != number, 1), else_=0) == 1
