"""Sentences on whether it was a fair experiment: the planned split, contacts of one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from partialpool.report.formats import decimals, integer, percent
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import capital, listed, plain, some, words

LEAST_P = 0.001
MOST_FACTOR, LEAST_FACTOR = 3, -1
"""Powers of ten between which a Bayes factor is told; beyond, that it is above or below."""
EXPECTED = 1
"""Decimals of percentages at most, where chance explains what tells shares from the plan."""
MOST_PLACES = 3
"""Places whose counts are told."""


def warn_of_split(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """Said before any lift where contacts were not split as planned (`split.hold_split`)."""
    split = decision.get("split")
    if split is None or split["call"] != "strays":
        return []
    overall, meaning = split["overall"], fill("decision/split_meaning", contacts=labels.many)
    planned = _shares(overall["arms"], "planned", labels)
    if overall["call"] == "strays":
        said = {
            "planned": planned,
            "count": integer(overall["contacts"]),
            "came": _shares(overall["arms"], "share", labels),
            "sure": _sure(overall, split["design_effect"], labels),
        }
        return [fill("decision/split_all", **said, contacts=labels.many, meaning=meaning)]
    rows = [place for place in split["places"] if place["call"] == "strays"]
    rows.sort(key=lambda place: -place["log10_bayes_factor"])
    shown = [
        f"{labels.where(row['within'])} {_shares(row['arms'], 'share', labels)}"
        for row in rows[:MOST_PLACES]
    ]
    rest = len(rows) - len(shown)
    came = f"what came was {listed(shown)}" + (f", and {rest} more stray" if rest else "")
    where = labels.list_places([row["within"] for row in rows])
    sure = _sure(rows[0], split["design_effect"], labels, len(split["places"]))
    said = {"where": where, "planned": planned, "came": came, "sure": sure}
    return [fill("decision/split_places", **said, contacts=labels.many, meaning=meaning)]


def tell_split(decision: Mapping[str, Any], labels: Labels) -> str:
    """One line on a split that came as planned; nothing where none was, or it is told first."""
    split = decision.get("split")
    if split is None or split["call"] != "chance":
        return ""
    overall = split["overall"]
    everywhere = ", over all and in every place" if split["places"] else ""
    planned, came = (
        _shares(overall["arms"], which, labels, EXPECTED) for which in ("planned", "share")
    )
    return (
        f"Planned were {planned}, and what came was {came}: no further off than chance explains"
        f"{everywhere} ({_measures(overall)})."
    )


def doubt_fairness(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """What weakens the answer: a split that may be off, and contacts of one customer."""
    return [*_doubt_split(decision.get("split"), labels), *_doubt_ids(decision.get("ids"), labels)]


def _doubt_split(split: Mapping[str, Any] | None, labels: Labels) -> list[str]:
    if split is None or split["call"] != "doubtful":
        return []
    rows = [split["overall"], *split["places"]]
    row = next(row for row in rows if row["call"] == "doubtful")
    where = f" {labels.where(row['within'])}" if row["within"] else ""
    return [
        f"Of {_shares(row['arms'], 'planned', labels)} that were planned, "
        f"{_shares(row['arms'], 'share', labels)} came{where}. Whether chance explains that is in "
        f"doubt ({_measures(row)})."
    ]


def _doubt_ids(ids: Mapping[str, Any] | None, labels: Labels) -> list[str]:
    if ids is None or not ids["repeated"]:
        return []
    column, distinct = plain(ids["column"]), integer(ids["distinct"])
    factor = decimals(1)(sqrt(ids["design_effect"]))
    repeated = _count(ids["repeated"], "has", "have")
    values = {"column": column, "distinct": distinct, "repeated": repeated, "factor": factor}
    rows = {"contact": labels.one, "contacts": labels.many, "starting": capital(labels.many)}
    said = [fill("decision/repeated_ids", **values, **rows, most=integer(ids["most"]))]
    if ids["crossing"]:
        offered = ("decision/mixed_arms", _count(ids["crossing"], "was", "were"))
        had = ("decision/mixed_traits", _count(ids["crossing"], "is", "are"))
        name, crossing = offered if labels.chosen else had
        met = {"column": column, "distinct": distinct, "crossing": crossing}
        met |= {"contacts": labels.many} if labels.chosen else {}
        said.append(fill(name, **met, treatment=words(labels.treatment)))
    return said


def _count(count: int, one: str, more: str) -> str:
    return f"{integer(count)} {one if count == 1 else more}"


def _shares(
    arms: Sequence[Mapping[str, Any]], which: str, labels: Labels, most: int | None = None
) -> str:
    """Shares of the contacts by arm, with enough decimals to tell what came from the plan."""
    show = percent(_places(arms) if most is None else min(most, _places(arms)))
    return some([f"{show(arm[which])} {labels.treat(arm['treatment'])}" for arm in arms])


def _places(arms: Sequence[Mapping[str, Any]]) -> int:
    """Decimals of percentages that tell the largest difference from the plan in two digits."""
    gap = max(abs(arm["share"] - arm["planned"]) for arm in arms)
    return next((n for n in range(7) if gap >= 0.1 ** (n + 1)), 1)


def _sure(row: Mapping[str, Any], design_effect: float, labels: Labels, tests: int = 1) -> str:
    """How sure it is that chance did not make a split."""
    counted = f", counted for all {tests} places" if tests > 1 else ""
    clustered = (
        f", with the {labels.many} of one customer taken as assigned together"
        if design_effect > 1
        else ""
    )
    return f"Chance does not explain that ({_measures(row)}{counted}{clustered})."


def _measures(row: Mapping[str, Any]) -> str:
    power = min(max(row["log10_bayes_factor"], LEAST_FACTOR), MOST_FACTOR)
    factor = decimals(1)(10**power) if power < 1 else integer(10**power)
    if power != row["log10_bayes_factor"]:
        factor = f"{'above' if power > 0 else 'below'} {factor}"
    p = f"below {LEAST_P}" if row["p"] < LEAST_P else f"= {decimals(3)(row['p'])}"
    return f"chi-square test: p {p}; Bayes factor against the plan {factor}"
