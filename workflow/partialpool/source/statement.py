"""The statement that counts contacts: one for every engine, one pass over the contacts.

Subqueries inside one another, each naming what the next one uses: what stands in the columns,
what is wrong with it, what a row is grouped by, the groups. A row with a problem is grouped by
the problem alone, so that no bad column multiplies the groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy import ColumnElement as Sql

from partialpool.settings import Source
from partialpool.source.dates import dates_of
from partialpool.source.doubts import Doubt, doubts_of
from partialpool.source.fields import Field, Problem
from partialpool.source.ids import Identity, count_dates, group_with_ids
from partialpool.source.values import NumberIn, RawText, computed_once

_NOTHING: Sql[Any] = cast(null(), Integer())


class Counting(NamedTuple):
    """A statement, and the problems that its answer may name.

    The columns of the answer: the index of a problem, or null; the index of the count that is
    missing, or null; a value of each grouping field; rows; the least text that shows the
    problem; successes and trials, where contacts are counted already, or what `ids.ID_COLUMNS` are;
    and what `dates.DATE_COLUMNS` are, where there is a column of dates.
    """

    statement: Select[Any]
    problems: list[Problem]


def count_statement(
    contacts: FromClause,
    grouping: Sequence[Field],
    counts: Sequence[Field],
    source: Source,
    most: int,
    identity: Identity | None = None,
) -> Counting:
    """The statement that counts contacts by the combinations of the grouping fields.

    Args:
        contacts: what the rows are read from.
        grouping: the fields to count by.
        counts: the fields of successes, and of trials or failures; or none.
        source: its filter, its column of dates, and the texts that mean no value.
        most: the most groups that are given.
        identity: what is asked of ids, where `counts` are none.
    """
    dates = dates_of(source)
    fields = [*grouping, *counts, *([identity.field] if identity else []), *dates]
    read = _read(contacts, fields, source)
    doubts = list(doubts_of(read, fields, filtered=bool(source.filter)))
    problems = [doubt.problem for doubt in doubts]
    keyed = _key(_judge(read, doubts), grouping, counts, doubts, identity, len(dates))
    if identity:
        names = ["problem", "missing", *(f"key_{i}" for i in range(len(grouping)))]
        return Counting(group_with_ids(keyed, names, identity, bool(dates)).limit(most), problems)
    keys = [keyed.c[i] for i in range(2 + len(grouping))]
    sums: list[Sql[Any]] = [func.sum(keyed.c.successes), func.sum(keyed.c.trials)] if counts else []
    sums += count_dates(keyed) if dates else []
    # rows without a contact are groups of their own: the ledger books them apart
    by = [*keys, *([case((keyed.c.trials == 0, 1), else_=0)] if counts else [])]
    groups = select(*keys, func.count(), func.min(keyed.c.example), *sums).group_by(*by)
    return Counting(groups.limit(most), problems)


def condition(text: str) -> Sql[bool]:
    """A condition in the source's own SQL, as it stands; it may end in a comment."""
    return literal_column(f"({text}\n)")


def _read(contacts: FromClause, fields: Sequence[Field], source: Source) -> Subquery:
    """Whether a row is kept; each field's text (null if it means no value) and its number."""
    read: list[Sql[Any]] = []
    if source.filter:
        read.append(case((condition(source.filter), 1), else_=0).label("kept"))
    for i, field in enumerate(fields):
        text = RawText(column(field.column))
        absent = or_(*(text == value for value in ("", *source.null_values)))
        read.append(case((absent, null()), else_=text).label(f"text_{i}"))
        if field.numeric:
            read.append(NumberIn(column(field.column)).label(f"number_{i}"))
    contact = select(*read).select_from(contacts)
    has_numbers = any(field.numeric for field in fields)
    return (computed_once(contact) if has_numbers else contact).subquery("contact")


def _judge(read: Subquery, doubts: Sequence[Doubt]) -> Subquery:
    """What was read of a row, and the index of the first problem that it has."""
    whens = [(doubt.wrong, i) for i, doubt in enumerate(doubts)]
    problem = case(*whens) if whens else _NOTHING
    judged = select(*read.c, problem.label("problem"))
    return (computed_once(judged) if doubts else judged).subquery("judged")


def _key(
    judged: Subquery,
    grouping: Sequence[Field],
    counts: Sequence[Field],
    doubts: Sequence[Doubt],
    identity: Identity | None,
    dates: int,
) -> Subquery:
    """What a row is grouped by, what it counts, the text that shows its problem, id and date."""
    fine = judged.c.problem.is_(None)
    values = (_value(judged, i, field) for i, field in enumerate(grouping))
    keys = [case((fine, value)).label(f"key_{i}") for i, value in enumerate(values)]
    shown = [(judged.c.problem == i, d.shown) for i, d in enumerate(doubts) if d.shown]
    examples = [(problem, _joined(judged, fields)) for problem, fields in shown]
    example = case(*examples) if examples else _NOTHING
    missing, *sums = _counted(judged, len(grouping), counts) if counts else [_NOTHING]
    outer = [judged.c.problem, missing.label("missing"), *keys, example.label("example"), *sums]
    if identity:
        used = (judged.c[f"text_{i}"].is_not(None) for i in identity.needed)
        whose = judged.c[f"text_{len(grouping)}"]
        outer.append(case((and_(fine, *used), whose)).label("id"))
    if dates:
        last = len(grouping) + len(counts) + (identity is not None)
        outer.append(case((fine, judged.c[f"text_{last}"])).label("date"))
    return select(*outer).subquery("keyed")


def _counted(judged: Subquery, first: int, counts: Sequence[Field]) -> list[Sql[Any]]:
    """Which count of a row is missing, its successes and its trials."""
    fine = judged.c.problem.is_(None)
    texts = [judged.c[f"text_{i}"] for i in (first, first + 1)]
    missing = case(*((and_(fine, text.is_(None)), i) for i, text in enumerate(texts)))
    complete = and_(fine, *(text.is_not(None) for text in texts))
    successes, other = judged.c[f"number_{first}"], judged.c[f"number_{first + 1}"]
    trials = other if counts[1].key == "outcome.trials" else successes + other
    named = (("successes", successes), ("trials", trials))
    whole = (case((complete, cast(n, BigInteger())), else_=0).label(name) for name, n in named)
    return [missing, *whole]


def _value(judged: Subquery, i: int, field: Field) -> Sql[Any]:
    """The value that a field is grouped by: text, the name of a bin, or a number."""
    text = judged.c[f"text_{i}"]
    if field.kind == "text":
        return text
    number = judged.c[f"number_{i}"]
    given = text.is_not(None)
    if not field.edges:
        return case((given, number))
    below = zip(field.edges, field.bins, strict=False)
    return case(*((and_(given, number < e), name) for e, name in below), (given, field.bins[-1]))


def _joined(judged: Subquery, shown: Sequence[int]) -> Sql[Any]:
    texts: list[Sql[Any]] = [judged.c[f"text_{i}"] for i in shown]
    if len(texts) < 2:
        return texts[0] if texts else null()
    return texts[0] + " of " + texts[1]
