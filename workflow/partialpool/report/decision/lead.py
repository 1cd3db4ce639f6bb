"""The first sentence of the answer: where a treatment helps and where it hurts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.report.labels import Labels
from partialpool.report.text import MOST_NAMED, listed, sentence, words
from partialpool.report.treatment import name_levels, whether

MOST_LISTED = 3
"""Of more levels, all of one kind, none is named."""


def lead(facts: Mapping[str, Any], labels: Labels) -> str:
    """What is found of one treatment, in bold, and what is left open.

    Args:
        facts: of one treatment (`answer.decide`).
        labels: the words of the analysis.
    """
    if not facts["levels"]:
        return _overall(facts, labels)
    if len(facts["levels"]) <= MOST_NAMED:
        return _by_name(facts, labels)
    return _counted(facts, labels)


def _overall(facts: Mapping[str, Any], labels: Labels) -> str:
    verdict = facts["overall"]["call"]
    if verdict == "open":
        return f"**Whether {whether(labels, facts['treatment'])} is not settled.**"
    return _say([labels.vocabulary.found[verdict]], facts, labels)


def _by_name(facts: Mapping[str, Any], labels: Labels) -> str:
    places: dict[str, list[str]] = {"gain": [], "loss": [], "open": []}
    for row in facts["levels"]:
        places[row["call"]].append(row["within"])
    parts = [
        f"{does} {_places(places[call], labels)}"
        for call, does in labels.vocabulary.found.items()
        if places[call]
    ]
    if not parts:
        where = labels.list_places(places["open"], "or")
        return f"**Whether {whether(labels, facts['treatment'])} is not settled {where}.**"
    where = labels.list_places(places["open"])
    rest = labels.vocabulary.open_where.format(where=where)
    return f"{_say(parts, facts, labels)}{f' {rest}.' if places['open'] else ''}"


def _places(levels: list[str], labels: Labels) -> str:
    everywhere = len(levels) == len(labels.places) > MOST_LISTED
    if everywhere:
        return f"in each of the {len(levels)} levels of {words(str(labels.within))}"
    return labels.list_places(levels)


def _counted(facts: Mapping[str, Any], labels: Labels) -> str:
    """Where there are too many levels to be named."""
    calls = [row["call"] for row in facts["levels"]]
    levels, unsettled = (
        f"the {len(calls)} levels of {words(str(labels.within))}",
        calls.count("open"),
    )
    if unsettled == len(calls):
        what = whether(labels, facts["treatment"])
        return f"**Whether {what} is not settled in any of {levels}.**"
    parts = [
        f"{does} in {n}"
        for call, does in labels.vocabulary.found.items()
        if (n := calls.count(call))
    ]
    rest = f" In the other {unsettled} it is not settled." if unsettled else ""
    return f"{_say([*parts[:-1], f'{parts[-1]} of {levels}'], facts, labels)}{rest}"


def _say(parts: list[str], facts: Mapping[str, Any], labels: Labels) -> str:
    template, treatment = labels.vocabulary.lead, facts["treatment"]
    return f"**{sentence(name_levels(template, labels, treatment, found=listed(parts)))}**"
