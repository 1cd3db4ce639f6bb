"""A place where contacts are, open to be asked: what every kind of source must be able to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import FromClause, Select, false, select, table, text

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.settings.blocks import bare_hint
from partialpool.source.files import Files
from partialpool.source.names import check_names
from partialpool.source.statement import condition


class Answer(NamedTuple):
    """What a place answers to a statement."""

    names: list[str]
    rows: Sequence[Sequence[Any]]


class Place(ABC):
    """Contacts where they are, open to be asked."""

    fold: Callable[[str], str] = staticmethod(str.casefold)
    """What makes names of columns equal that the place cannot tell apart."""

    def __init__(self, source: Source, files: Files | None = None) -> None:
        self.source, self.files = source, files

    @property
    def key(self) -> str:
        """The key of the configuration that names the contacts."""
        if self.files is not None:
            return "source.path"
        return "source.query" if self.source.query is not None else "source.table"

    @abstractmethod
    def ask(self, statement: Select[Any], key: str) -> Answer:
        """The answer to a statement.

        Args:
            statement: what is asked.
            key: the key of the configuration that is to blame when it fails.

        Raises:
            InputError: in one line, without credentials.
        """

    @abstractmethod
    def check_sql(self) -> None:
        """Check, before anything is asked, that the filter and the query only read the contacts.

        Raises:
            InputError: they could do more, or cannot be understood.
        """

    def contacts(self) -> FromClause:
        """What the rows are read from: a view of files, the query or the table."""
        if self.files is not None:
            return table("contacts")
        if self.source.query is not None:
            # nothing in the source's own SQL is a parameter
            query = text(self.source.query.strip().rstrip(";").replace(":", r"\:") + "\n")
            return query.columns().subquery("contacts")
        schema, _, name = str(self.source.table).rpartition(".")
        return table(name, schema=schema or None)

    def columns(self) -> list[str]:
        """The names of the columns, found without reading a row.

        Raises:
            InputError: there are no such contacts, or a name cannot be used.
        """
        if self.files is not None:
            return self.files.columns
        header = select(text("*")).select_from(self.contacts()).where(false())
        names = self.ask(header, self.key).names
        check_names(names, f"{self.key}: {self.source.shown}", self.fold)
        return names

    def check(self, wanted: Mapping[str, str]) -> None:
        """Check that there is every column that is wanted.

        Args:
            wanted: column names by the key of the configuration that asks for them.

        Raises:
            InputError: naming the first key whose column is not there.
        """
        names = self.columns()
        for key, name in wanted.items():
            if name not in names:
                raise InputError(
                    f"{key}: found no column {name!r} in {self.source.shown}, expected one of "
                    f"{', '.join(names)}{bare_hint([name], names)}"
                )
        if self.files is not None:
            self.files.check(wanted.values())

    def check_rows(self, texts: Collection[str]) -> None:
        """Check the filter, and what would be passed over while rows are counted.

        Args:
            texts: the columns that are read as text.

        Raises:
            InputError: the source does not understand the filter, or not every row is sure.
        """
        if self.source.filter:
            # not `false()`, for which SQLAlchemy would drop the filter
            never = select(text("1")).select_from(self.contacts()).where(text("1 = 0"))
            self.ask(never.where(condition(self.source.filter)), "source.filter")
        if self.files is not None:
            self.files.check_rows(texts)
