"""A table of a page read back as a grid: one line of headers, every cell of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser

import pandas as pd

from partialpool.report.table import NONE


def read_grid(html: str) -> pd.DataFrame:
    """A table as people see it, for programs: each number to its last digit, nothing spanned.

    Args:
        html: with the one table, as `Table` writes it.

    Returns:
        A frame of texts. Headers over several columns stand before those below them; what is
        missing is empty.
    """
    reader = _Reader()
    reader.feed(html)
    head, body = _spread(reader.head), _spread(reader.body)
    names = [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*head, strict=True)]
    return pd.DataFrame(body, columns=_distinct(names), dtype=str)


_Cell = tuple[str, int, int]
"""What a cell says, over how many rows, over how many columns."""


class _Reader(HTMLParser):
    """The cells of a table, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.head: list[list[_Cell]] = []
        self.body: list[list[_Cell]] = []
        self._lines = self.head
        self._open: dict[str, str | None] | None = None
        self._said = ""
        self._aside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span" and (self._aside or ("role", "tooltip") in attrs):
            self._aside += 1  # what explains a word is no part of the table
        elif tag in ("thead", "tbody"):
            self._lines = self.head if tag == "thead" else self.body
        elif tag == "tr":
            self._lines.append([])
        elif tag in ("th", "td"):
            self._open, self._said = dict(attrs), ""
        elif tag == "br":
            self._said += " "

    def handle_data(self, data: str) -> None:
        if not self._aside:
            self._said += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._aside:
            self._aside -= 1
        if tag not in ("th", "td") or self._open is None:
            return
        said = "" if self._said == NONE else " ".join(self._said.split())
        found = self._open.get("data-value") or said
        spans = [int(self._open.get(key) or 1) for key in ("rowspan", "colspan")]
        self._lines[-1].append((found, spans[0], spans[1]))
        self._open = None


def _spread(lines: Sequence[Sequence[_Cell]]) -> list[list[str]]:
    """The same lines with a cell in every place that one reaches over."""
    placed: dict[tuple[int, int], str] = {}
    for row, line in enumerate(lines):
        column = 0
        for said, down, along in line:
            while (row, column) in placed:
                column += 1
            reached = ((row + i, column + j) for i in range(down) for j in range(along))
            placed |= dict.fromkeys(reached, said)
    width = 1 + max((column for _, column in placed), default=-1)
    return [[placed.get((row, i), "") for i in range(width)] for row in range(len(lines))]


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of columns that differ: `to`, `to 2`."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}".strip())
    return found
