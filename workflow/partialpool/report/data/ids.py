"""Sentences on whose contacts the rows are (`ids.book_ids`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.text import plain, words


def describe_ids(ledger: Mapping[str, Any], labels: Labels) -> str:
    """How many ids the contacts have, and how often; nothing where the source tells none.

    Args:
        ledger: `cells.make_cells`, with what was asked of the source.
        labels: the words of the analysis.
    """
    ids = ledger.get("ids")
    if ids is None:
        return ""
    column, treatment = plain(ids["column"]), words(ledger["request"]["treatment"])
    named = ledger["contacts"] - ids["unnamed"]
    said = [
        f"By {column}, {integer(named)} {labels.many} have {integer(ids['distinct'])} different "
        f"ids{_repeats(ids, labels)}.",
        f"{_several(ids['crossing'], 'is', 'are')} found under more than one level of {treatment}.",
    ]
    if ids["alike"]:
        alike = _counted(ids["alike"], "is", "are", labels)
        said.append(
            f"{alike} like another of the same id "
            "in everything that is read; one that was logged twice counts twice."
        )
    if ids["unnamed"]:
        said.append(f"{_counted(ids['unnamed'], 'has', 'have', labels)} no id.")
    return " ".join(said)


def _repeats(ids: Mapping[str, Any], labels: Labels) -> str:
    if not ids["repeated"]:
        return ", each its own"
    more = f"{_several(ids['repeated'], 'has', 'have')} more than one {labels.one}"
    return f"; {more}, {integer(ids['most'])} at most"


def _counted(count: int, one: str, more: str, labels: Labels) -> str:
    """How many rows have or are what follows: `1 contact is`, `2 contacts are`."""
    return f"1 {labels.one} {one}" if count == 1 else f"{integer(count)} {labels.many} {more}"


def _several(count: int, one: str, more: str) -> str:
    if count == 0:
        return f"None {one}"
    return f"{integer(count)} {one if count == 1 else more}"
