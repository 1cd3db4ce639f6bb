"""Whose contacts the rows are: ids counted in the same statement, and what the ledger books.

No id leaves the source. Contacts are grouped by their values and their id, what is asked of an id
is found over all its groups (window functions), and its first group counts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import BigInteger, Select, Subquery, and_, case, cast, func, select
from sqlalchemy import ColumnElement as Sql

from partialpool.settings import Factor, Number, Source
from partialpool.source.dates import DATE_COLUMNS
from partialpool.source.fields import Field

NAMED = "#contacts with an id"
DISTINCT = "#ids"
MOST = "#most contacts of an id"
REPEATED = "#ids of several contacts"
CROSSING = "#ids of several arms"
SQUARES = "#squared contacts of ids"
ALIKE = "#contacts like another of the id"
ID_COLUMNS = (NAMED, DISTINCT, MOST, REPEATED, CROSSING, SQUARES, ALIKE)
"""What is counted of ids in every group of contacts; an id belongs to one of its groups, and
`MOST` is the largest of a group's ids, over all of their contacts."""


class Identity(NamedTuple):
    """The column of ids, and which contacts it is asked of."""

    field: Field
    arm: int
    """Position of the treatment among the grouping fields."""
    recode: Mapping[str, str]
    """What the treatment's values are called."""
    needed: tuple[int, ...]
    """Positions of the grouping fields without a value of which a contact is left out."""


def identity_of(
    source: Source,
    factors: Mapping[str, Factor],
    numbers: Mapping[str, Number],
    treatment: str | None,
) -> Identity | None:
    """What is asked of ids, none where the source names no column of them, or nothing is compared.

    Args:
        source: with the column, if any.
        factors: by name, in the order of the grouping fields.
        numbers: by name; the outcome comes after them.
        treatment: the factor whose levels are the arms.
    """
    if source.id is None or treatment is None:
        return None
    lacking = [(factor.missing or source.missing) == "level" for factor in factors.values()]
    needed = [i for i, has_level in enumerate(lacking) if not has_level]
    needed += range(len(factors), len(factors) + len(numbers) + 1)
    arm = list(factors).index(treatment)
    field = Field("source.id", source.id)
    return Identity(field, arm, factors[treatment].recode, tuple(needed))


def group_with_ids(
    keyed: Subquery, keys: Sequence[str], identity: Identity, dated: bool = False
) -> Select[Any]:
    """Contacts by their keys, with what `ID_COLUMNS` say of their ids.

    Args:
        keyed: a row per contact, with the keys, `example`, and `id`, null for contacts that are
            not used.
        keys: names of the columns to group by: problem, missing count, then the grouping fields.
        identity: what is asked of ids.
        dated: whether contacts have a `date`, of which `dates.DATE_COLUMNS` are asked too.
    """
    by = [keyed.c[name] for name in keys]
    of_id = [*by, keyed.c.id]
    count = func.count().label("contacts")
    names = [f"date_{i}" for i in range(len(DATE_COLUMNS))] if dated else []
    dates = [of.label(n) for n, of in zip(names, count_dates(keyed) if dated else [], strict=True)]
    example = func.min(keyed.c.example).label("example")
    each = select(*of_id, count, example, *dates).group_by(*of_id)
    per_id = each.subquery("per_id")
    arm = _arm(per_id.c[keys[2 + identity.arm]], identity.recode)
    every: dict[str, Any] = {"partition_by": per_id.c.id}
    asked = [
        func.sum(per_id.c.contacts).over(**every).label("total"),
        func.row_number().over(**every, order_by=per_id.c.id).label("place"),
        func.min(arm).over(**every).label("least_arm"),
        func.max(arm).over(**every).label("greatest_arm"),
    ]
    found = select(*per_id.c, *asked).subquery("found")
    grouped = [found.c[name] for name in keys]
    rows = func.sum(found.c.contacts)
    of_ids = [*_counts(found), *(sum_dates(found, names) if dated else [])]
    return select(*grouped, rows, func.min(found.c.example), *of_ids).group_by(*grouped)


def count_dates(given: Subquery) -> list[Sql[Any]]:
    """`dates.DATE_COLUMNS` of groups of rows that have a `date`."""
    undated = case((given.c.date.is_(None), 1), else_=0)
    return [func.min(given.c.date), func.max(given.c.date), func.sum(undated)]


def sum_dates(given: Subquery, names: Sequence[str]) -> list[Sql[Any]]:
    """`dates.DATE_COLUMNS` of groups of groups that have them already, under these names."""
    first, last, undated = (given.c[name] for name in names)
    return [func.min(first), func.max(last), func.sum(undated)]


def book_ids(counted: pd.DataFrame, source: Source, contacts: int) -> dict[str, Any]:
    """What the ledger says of ids; nothing where the source names no column of them.

    Args:
        counted: contacts as `counting.count_contacts` gave them.
        source: where they were counted.
        contacts: how many are used.

    Returns:
        `ids`: their `column`; `distinct` ids; `most` contacts of one; `repeated`, the ids with more
        than one; `crossing`, those under more than one level of the treatment; `alike`, contacts
        that are like another of the same id in all that is read; `unnamed`, those without an id;
        and `design_effect`, the variance of a mean over contacts if those of one id are all alike,
        over that of as many independent contacts.
    """
    if source.id is None:
        return {}
    sums = {name: float(counted[name].sum()) for name in ID_COLUMNS}
    unnamed = contacts - sums[NAMED]
    return {
        "ids": {
            "column": source.id,
            "distinct": int(sums[DISTINCT]),
            "most": int(counted[MOST].max()),
            "repeated": int(sums[REPEATED]),
            "crossing": int(sums[CROSSING]),
            "alike": int(sums[ALIKE]),
            "unnamed": int(unnamed),
            "design_effect": (sums[SQUARES] + unnamed) / contacts,
        }
    }


def _counts(found: Subquery) -> list[Sql[Any]]:
    """`ID_COLUMNS` of groups."""
    named = found.c.id.is_not(None)
    first = and_(named, found.c.place == 1)
    total = cast(found.c.total, BigInteger())

    def number(condition: Sql[Any]) -> Sql[Any]:
        return func.sum(case((condition, 1), else_=0))

    return [
        func.sum(case((named, found.c.contacts), else_=0)),
        number(first),
        func.max(case((named, found.c.total), else_=0)),
        number(and_(first, found.c.total > 1)),
        number(and_(first, found.c.least_arm != found.c.greatest_arm)),
        func.sum(case((first, total * total), else_=0)),
        func.sum(case((named, found.c.contacts - 1), else_=0)),
    ]


def _arm(value: Sql[Any], recode: Mapping[str, str]) -> Sql[Any]:
    whens = [(value == raw, level) for raw, level in recode.items()]
    return case(*whens, else_=value) if whens else value
