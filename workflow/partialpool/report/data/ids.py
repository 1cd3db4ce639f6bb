"""Sentences on whose contacts the rows are (`ids.book_ids`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.report.formats import integer
from partialpool.report.text import plain, words


def describe_ids(ledger: Mapping[str, Any]) -> str:
    """How many ids the contacts have, and how often; nothing where the source tells none.

    Args:
        ledger: `cells.make_cells`, with what was asked of the source.
    """
    ids = ledger.get("ids")
    if ids is None:
        return ""
    column, treatment = plain(ids["column"]), words(ledger["request"]["treatment"])
    named = ledger["contacts"] - ids["unnamed"]
    said = [
        f"By {column}, {integer(named)} contacts have {integer(ids['distinct'])} different "
        f"ids{_repeats(ids)}.",
        f"{_several(ids['crossing'], 'is', 'are')} found under more than one level of {treatment}.",
    ]
    if ids["alike"]:
        count = integer(ids["alike"])
        said.append(
            f"{count} contact{'s are' * (ids['alike'] != 1) or ' is'} like another of the same id "
            "in everything that is read; one that was logged twice counts twice."
        )
    if ids["unnamed"]:
        count = integer(ids["unnamed"])
        said.append(f"{count} contact{'s have' * (ids['unnamed'] != 1) or ' has'} no id.")
    return " ".join(said)


def _repeats(ids: Mapping[str, Any]) -> str:
    if not ids["repeated"]:
        return ", each its own"
    more = f"{_several(ids['repeated'], 'has', 'have')} more than one contact"
    return f"; {more}, {integer(ids['most'])} at most"


def _several(count: int, one: str, more: str) -> str:
    if count == 0:
        return f"None {one}"
    return f"{integer(count)} {one if count == 1 else more}"
