"""The answer where levels are ranked: which rate is highest, which are above or below the mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partialpool.report.counts import rate_format
from partialpool.report.formats import chance, integer
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import capital, listed, plain, sentence, some, words

Found = Mapping[str, Any]
"""What is found of levels (`levels.sum_up`)."""
MOST_SAID = 3
"""Levels that another model places otherwise, by name; more are counted."""


def name_ends(found: Found, labels: Labels) -> str:
    """Which level has the highest rate and which the lowest, in bold; the better one first.

    Args:
        found: `levels.sum_up`.
        labels: the words of the analysis.
    """
    if found["alike"]:
        return (
            f"**The model that answers does not tell the levels of {_factor(labels)} apart, so "
            "none is ranked.**"
        )
    order = ("highest", "lowest") if labels.good else ("lowest", "highest")
    first, second = order
    settled = [found[end]["probability"] >= found["needed"] for end in order]
    level = {end: labels.treat(found[end]["level"]) for end in order}
    sure = {end: f"probability {chance(found[end]['probability'])}" for end in order}
    has = {end: f"{level[end]} has the {end} rate ({sure[end]})" for end in order}
    which = {end: f"which {_factor(labels)} has the {end} rate is open" for end in order}
    near = {end: f"most often {level[end]}, with {sure[end]}" for end in order}
    if all(settled):
        said = f"{has[first]}, and {level[second]} the {second} ({sure[second]})"
    elif settled[0]:
        said = f"{has[first]}; {which[second]} ({near[second]})"
    elif settled[1]:
        said = f"{has[second]}; {which[first]} ({near[first]})"
    else:
        said = f"{which[first]} ({near[first]}), and so is which has the {second} ({near[second]})"
    return f"**{sentence(said)}**"


def tell_levels(found: Found, labels: Labels) -> list[str]:
    """What stands behind the headline: who is above or below the mean, and how far rates reach."""
    if found["alike"]:
        return []
    return [_held_to_mean(found, labels), _range(found, labels)]


def doubt_levels(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """Levels that models which predict as well place otherwise (`standing.decide_levels`)."""
    by_model: dict[str, list[Mapping[str, str]]] = {}
    for row in decision.get("disagree", []):
        by_model.setdefault(row["model"], []).append(row)
    said = []
    for model, rows in by_model.items():
        who = f"The {plain(model)} model, which predicts as well, places"
        if len(rows) > MOST_SAID:
            said.append(f"{who} {integer(len(rows))} levels of {_factor(labels)} otherwise.")
            continue
        placed = [f"{labels.treat(row['level'])} {_PLACED[row['call']]}" for row in rows]
        said.append(f"{who} {listed(placed)}.")
    return said


def explain_levels(found: Found | None, over: str, labels: Labels) -> str:
    """Whose contacts the rates are of, and what the mean and the ranks are; in its section.

    Args:
        found: `levels.sum_up`; None where no model answers.
        over: `own`, `all` or `mix`: whose contacts the rate of a level is taken over.
        labels: the words of the analysis.
    """
    if found is None:
        return ""
    best = "highest" if labels.good else "lowest"
    return (
        fill(_OVER[over], within=_factor(labels), contacts=labels.many)
        + " "
        + fill("decision/ranks", best=best, contacts=labels.many, needed=chance(found["needed"]))
    )


_OVER = {
    "own": "decision/rates_over_own",
    "all": "decision/rates_over_all",
    "mix": "decision/rates_over_mix",
}
_PLACED = {"above": "above the mean", "below": "below it", "open": "neither above nor below it"}


def _factor(labels: Labels) -> str:
    return words(labels.treatment)


def _held_to_mean(found: Found, labels: Labels) -> str:
    """Which levels are above the mean, which below, and how many are neither."""
    count = integer(found["count"])
    sure = f"with a probability of at least {chance(found['needed'])}"
    rest = found["count"] - len(found["above"]) - len(found["below"])
    mean = f"the mean of all {count} levels of {_factor(labels)}"
    if rest == found["count"]:
        return f"None is above or below {mean} {sure}."
    parts = [
        f"{_named(found[side], labels)} {'is' if len(found[side]) == 1 else 'are'} {side} {whose}"
        for side, whose in _sides(found, mean)
    ]
    ending = f" Of the other {integer(rest)} it is open." if rest else ""
    if rest == 1:
        ending = " Of the remaining one it is open."
    each = ", each" if len(found["above"]) + len(found["below"]) > 1 else ""
    return f"{capital(', and '.join(parts))}{each} {sure}.{ending}"


def _named(levels: Sequence[str], labels: Labels) -> str:
    """Levels in a row: `hospital 3, 12 and 10`, where each says so little by itself."""
    names = [labels.treat(level) for level in levels]
    start = f"{_factor(labels)} "
    if all(name.startswith(start) for name in names):
        return start + some([name.removeprefix(start) for name in names])
    return some(names)


def _sides(found: Found, mean: str) -> Sequence[tuple[str, str]]:
    sides = [side for side in ("above", "below") if found[side]]
    return list(zip(sides, (mean, "it"), strict=False))


def _range(found: Found, labels: Labels) -> str:
    """The rates at the ends with their intervals, and the mean."""
    ends = (found["lowest"], found["highest"])
    show = rate_format([found["mean"], *(end["mean"] for end in ends)])
    low, high = (
        f"{show(end['mean'])} for {labels.treat(end['level'])} ({labels.percent_interval} interval "
        f"{show(end['lower'])} to {show(end['upper'])})"
        for end in ends
    )
    return (
        f"The share that {plain(labels.verb)} reaches from {low} to {high}; the mean of the "
        f"levels is {show(found['mean'])}."
    )
