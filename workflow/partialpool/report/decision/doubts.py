"""What speaks against the model that answers: counts that it misses, priors that move it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from partialpool.checks.margins import CENTRAL
from partialpool.report.formats import percent
from partialpool.report.labels import Labels
from partialpool.report.lifts import name_leaning
from partialpool.report.model.margins import name_margin
from partialpool.report.text import capital, listed, plain, some

_WHY = {
    "conflict": "they and the data pull apart, and other priors would give another number",
    "weak": "the data say little of {them} that the priors had not said",
}


def doubt_support(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """What speaks against the model that answers (`support.weigh_support`), each a sentence."""
    support, model = decision.get("support"), decision["choice"]["model"]
    if support is None or model is None:
        return []
    said = []
    if support["missed"]:
        said.append(
            f"The {plain(model)} model, which answers, does not reproduce the counts that were "
            f"observed {_margins(support['missed'])}, so what it says may be off there."
        )
    said += _leaning(support["leaning"], labels)
    if support["surprising"]:
        said.append(
            f"Before the data, the priors of the {plain(model)} model held the counts "
            f"{_margins(support['surprising'])} for all but impossible: they lie outside the "
            f"central {percent()(CENTRAL)} of what it predicted."
        )
    return said


def _margins(margins: Iterable[str]) -> str:
    return listed([name_margin(margin) for margin in margins])


def _leaning(leaning: Iterable[Mapping[str, Any]], labels: Labels) -> list[str]:
    """Which lifts, rates and ratios the priors move, and with the rates what a success costs."""
    said = []
    for diagnosis, why in _WHY.items():
        rows = [row for row in leaning if row["diagnosis"] == diagnosis]
        named = name_leaning(rows, labels)
        if not named:
            continue
        many = len(named) > 1
        costs = labels.chosen and labels.good and any(row["kind"] == "rate" for row in rows)
        said.append(
            f"{capital(some(named))} {'depend' if many else 'depends'} on the priors"
            f"{', and so does what a success costs' if costs else ''}: "
            f"{why.format(them='them' if many else 'it')}."
        )
    return said
