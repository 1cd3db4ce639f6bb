"""Settings of the data: where the contacts are, and what their columns mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, model_validator

from partialpool.settings.blocks import Block, Column, Text, bare_hint
from partialpool.settings.contact import Contact

MISSING_LEVEL = "(missing)"
"""The level of contacts without a value, where missing values are a level."""
SECRETS = ("password", "passwd", "pwd", "token", "secret", "key")
"""Words that mark a part of a URL that the configuration must not spell out."""
Level = Annotated[Text, Field(min_length=1)]


class Source(Block):
    """Where the contacts are: files, a table of a DuckDB file, or a database."""

    path: str | None = None
    """A CSV (also `.gz`) or Parquet file, a pattern for several (`data/*.csv`), or a DuckDB
    file; relative to the working folder."""
    url: str | None = None
    """A database as an SQLAlchemy URL. Names of environment variables stand for credentials, as in
    `postgresql+psycopg://${DB_USER}:${DB_PASSWORD}@host/sales`; `${SALES_URL}` may be all of it."""
    table: str | None = None
    """A table of the database or DuckDB file, `contacts` or `schema.contacts`."""
    query: str | None = None
    """A query in its own SQL, instead of a table."""
    engine: Literal["auto", "spark"] = "auto"
    """`auto`: DuckDB reads files, a database answers for itself; `spark`: Spark SQL reads the
    files, or the table or query of its catalogue."""
    id: Column | None = None
    """The column that says whose contact a row is (`customer`): contacts of one id, and ids under
    more than one level of the treatment, are counted and told. Ids stay where they are."""
    date: Column | None = None
    """The column that says when a contact was, as `2026-10-31`, alone or before a time: the report
    tells the first and the last date of the contacts that are used."""
    filter: str = ""
    """A condition in the source's SQL, over its columns; contacts that do not meet it are left
    out and counted in the ledger."""
    null_values: tuple[Text, ...] = ()
    """Texts that mean no value (`NA`), besides an empty field."""
    missing: Literal["error", "drop", "level"] = "error"
    """What to do with a contact that has no value in a column that is used: stop, leave the
    contact out and count it in the ledger, or give a factor the level `(missing)`."""
    as_of: Text = ""
    """When a database was asked. The contacts are counted anew when this changes: a run cannot
    see that a table did."""
    credit: str = ""
    """Whose data it is, for the report."""

    @model_validator(mode="after")
    def _one_place(self) -> Source:
        if self.url is not None and self.path is not None:
            raise ValueError(f"url: found one beside path {self.path!r}, expected only one of them")
        if self.url is None and self.path is None and self.engine != "spark":
            raise ValueError("path: missing, expected a path or a url")
        if self.url is not None and self.engine == "spark":
            raise ValueError("engine: found 'spark' with a url, expected a path, table or query")
        if self.table is not None and self.query is not None:
            raise ValueError("query: found one beside a table, expected only one of them")
        named = self.table is not None or self.query is not None
        if self.needs_table and not named:
            raise ValueError("table: missing, expected the table, or a query, that has the rows")
        if self.path is not None and named and not self.needs_table:
            key = "table" if self.table is not None else "query"
            raise ValueError(f"{key}: found one beside {self.path!r}, which is no database")
        return self

    @model_validator(mode="after")
    def _no_secrets(self) -> Source:
        if self.url is not None and _spells_secret(self.url):
            raise ValueError(
                "url: found a password spelled out, expected the name of an environment variable "
                "for it, as in ${DB_PASSWORD}"
            )
        return self

    @property
    def is_duckdb(self) -> bool:
        """Whether the path is a DuckDB file."""
        return self.path is not None and self.path.endswith((".duckdb", ".ddb", ".db"))

    @property
    def needs_table(self) -> bool:
        """Whether the source holds tables, of which one must be named."""
        return self.path is None or self.is_duckdb

    @property
    def shown(self) -> str:
        """The source in a report or a message: the path, or the URL with names for secrets."""
        place = self.path or self.url or "Spark"
        return f"{place}, {self.table or 'a query'}" if self.needs_table else place


class Outcome(Block):
    """The yes/no of a contact, or the counts of a row that is many contacts already."""

    column: Column | None = None
    """The column that says whether a contact was a success, one row per contact."""
    success: Text | None = None
    """Its value that means yes; none: the column holds 1 and 0, or true and false."""
    failure: Text | None = None
    """Its value that means no; none: the other value. Any third value is an error."""
    successes: Column | None = None
    """The column that counts successes, where a row is many contacts."""
    trials: Column | None = None
    """The column that counts the contacts of such a row."""
    failures: Column | None = None
    """The column that counts failures, instead of trials."""
    verb: str = "said yes"
    """What a success did, for sentences: `bought a season pass`."""
    noun: str = "successes"
    """What successes are called, for tables: `passes sold`."""
    good: bool = True
    """Whether a success is welcome. False for churn, complaints, deaths: then the lowest rate is
    the best, a lift below 0 is a gain, and advice and worth turn round with it."""
    contact: Contact = Contact(one="contact", many="contacts")
    """What the report calls a row, or what a row counts: `{one: woman, many: women}`."""

    @model_validator(mode="after")
    def _one_form(self) -> Outcome:
        if self.column is None and self.successes is None:
            raise ValueError("column: missing, expected a column, or successes and trials")
        if self.column is not None:
            for key in ("successes", "trials", "failures"):
                if getattr(self, key) is not None:
                    raise ValueError(f"{key}: found one beside column, expected only one form")
        elif (self.trials is None) == (self.failures is None):
            raise ValueError("trials: expected trials or failures beside successes, one of them")
        return self

    @model_validator(mode="after")
    def _values_fit(self) -> Outcome:
        if self.success is None and self.failure is not None:
            raise ValueError("success: missing, expected the value that means yes")
        if self.column is None and self.success is not None:
            raise ValueError("success: found one without a column, expected it beside column")
        if self.success is not None and self.success == self.failure:
            raise ValueError(f"failure: found {self.failure!r}, which is the success already")
        if self.noun.casefold() == self.contact.many.casefold():
            raise ValueError(
                f"noun: found {self.noun!r}, which all rows are called (contact.many); name "
                "successes apart"
            )
        return self

    @property
    def is_counted(self) -> bool:
        """Whether a row is many contacts already."""
        return self.column is None


class Factor(Block):
    """A column whose values are levels."""

    column: Column
    """Its name in the source."""
    levels: Annotated[tuple[Level, ...], Field(min_length=2)] | None = None
    """In order; the first is the reference level. All must occur, and no other. None: the values
    that are found, sorted."""
    recode: dict[Text, Level] = Field({})
    """What to call a value of the column (`{WEB: Email, web: Email}`); others keep their names."""
    bins: tuple[FiniteFloat, ...] = ()
    """Edges that cut a column of numbers into levels, each from one edge (included) to the next
    (not included); `levels`, one more than edges, names them from the lowest on."""
    missing: Literal["error", "drop", "level"] | None = None
    """As the source's own, for this column."""
    phrases: dict[Text, str] = Field({})
    """How sentences call a level (`Bundle: the bundle`, `Mail: by mail`)."""

    @model_validator(mode="after")
    def _levels_differ(self) -> Factor:
        if self.levels is None:
            return self
        twice = next((v for i, v in enumerate(self.levels) if v in self.levels[:i]), None)
        if twice is not None:
            raise ValueError(f"levels: found {twice!r} twice, expected levels that differ")
        known = [*self.levels, MISSING_LEVEL]
        strange = next((level for level in self.phrases if level not in known), None)
        if strange is not None:
            raise ValueError(
                f"phrases: found {strange!r}, expected one of {', '.join(self.levels)}"
                f"{bare_hint([strange], self.levels)}"
            )
        return self

    @model_validator(mode="after")
    def _bins_fit(self) -> Factor:
        if any(low >= high for low, high in pairwise(self.bins)):
            raise ValueError(f"bins: found {list(self.bins)}, expected edges that rise")
        if self.bins and self.recode:
            raise ValueError("recode: found one beside bins, expected only one of them")
        if self.bins and self.levels is not None and len(self.levels) != len(self.bins) + 1:
            raise ValueError(
                f"levels: found {len(self.levels)}, expected {len(self.bins) + 1} names for the "
                f"{len(self.bins) + 1} bins"
            )
        return self

    @property
    def bin_levels(self) -> tuple[str, ...]:
        """The names of the bins, from the lowest on."""
        return self.levels if self.levels is not None else name_bins(self.bins)


class Number(Block):
    """A column of numbers, for formulas: as it is, `center(x)`, `poly(x, 2)`, `bs(x, df=4)`."""

    column: Column
    """Its name in the source."""
    missing: Literal["error", "drop"] | None = None
    """As the source's own, for this column; a number has no level to be missing in."""


def name_bins(edges: Sequence[float]) -> tuple[str, ...]:
    """Names of the bins between edges: `below 30`, `30 to 50`, `50 and above`."""
    if not edges:
        return ()
    shown = list(map(write_number, edges))
    inner = [f"{low} to {high}" for low, high in pairwise(shown)]
    return (f"below {shown[0]}", *inner, f"{shown[-1]} and above")


def write_number(number: float) -> str:
    """A number in the fewest digits that tell it from every other: 30, 0.5, 20260105, 1e+20."""
    return repr(float(number) + 0.0).removesuffix(".0")


def _spells_secret(url: str) -> bool:
    user = re.match(r"[^/]*://(.*)@", url)
    password = user[1].partition(":")[2] if user else ""
    query = re.findall(r"[?&]([^=&]+)=([^&]*)", url)
    secrets = [value for key, value in query if any(word in key.lower() for word in SECRETS)]
    return any(value and not re.fullmatch(r"\$\{\w+\}", value) for value in [password, *secrets])
