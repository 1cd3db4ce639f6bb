"""What an answer cannot take from counts, as the contacts compared have nothing in common there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partialpool.report.formats import percent
from partialpool.report.labels import Labels
from partialpool.report.text import MOST_NAMED, capital, listed, plain, words
from partialpool.report.treatment import contacts_with, lift_of, those_with

MOST_SAID = 3
"""Levels of `within` with a sentence of their own; more are counted in one."""

Gap = Mapping[str, Any]


def warn_of_gaps(decision: Mapping[str, Any], labels: Labels) -> str:
    """What hedges the answer where all contacts of a treatment leave nothing to compare."""
    gaps = [gap for gap in _told(decision) if gap["within"] is None and gap["share"] == 1]
    lifts = [lift_of(labels, name) for name in dict.fromkeys(gap["treatment"] for gap in gaps)]
    if not lifts:
        return ""
    what = "is an extrapolation" if len(lifts) == 1 else "are extrapolations"
    return f"{capital(listed(lifts))} {what} of the model, not a comparison of {labels.many} alike"


def list_gaps(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """What the contacts of two treatments do not have in common, each a sentence, worst first."""
    gaps = _told(decision)
    said = [_everywhere(gap, labels) for gap in gaps if gap["within"] is None]
    by_level: dict[tuple[Any, ...], list[Gap]] = {}
    for gap in gaps:
        if gap["within"] is not None:
            key = gap["treatment"], gap["kind"], *gap["variables"], gap.get("lacks")
            by_level.setdefault(key, []).append(gap)
    return said + [line for same in by_level.values() for line in _inside(same, labels)]


def _told(decision: Mapping[str, Any]) -> list[Gap]:
    """The gaps of the treatments that are answered on."""
    shown = {facts["treatment"] for facts in decision["treatments"]}
    return [gap for gap in decision.get("gaps", []) if gap["treatment"] in shown]


def _everywhere(gap: Gap, labels: Labels) -> str:
    treatment = gap["treatment"]
    lift, share = lift_of(labels, treatment), percent()(gap["share"])
    if gap["share"] == 1:
        return (
            f"{capital(_nothing_alike(gap, labels))}. What {lift} is rests on how the model goes "
            "on where there are no counts, and nothing in the data can check that."
        )
    arms = f"{contacts_with(labels, treatment)} and {those_with(labels, labels.reference)}"
    name = words(gap["variables"][0])
    if gap["kind"] == "number":
        lacking = f"have a {name} outside of what the others have ({_ranges(gap)})"
    else:
        levels = listed([plain(level) for level in gap["levels"][:MOST_NAMED]])
        more = len(gap["levels"]) - MOST_NAMED
        rest = f", and {more} more" if more > 0 else ""
        lacking = f"are of levels of {name} that the others are never of ({levels}{rest})"
    return f"Of {arms}, {share} {lacking}; for them {lift} is an extrapolation of the model."


def _nothing_alike(gap: Gap, labels: Labels) -> str:
    """That two arms share no value, no level, or no combination of levels."""
    arms = (contacts_with(labels, gap["treatment"]), those_with(labels, labels.reference))
    names = [words(name) for name in gap["variables"]]
    if gap["kind"] == "number":
        return f"{arms[0]} and {arms[1]} share no {names[0]} ({_ranges(gap)})"
    if gap["kind"] == "together":
        return f"{arms[0]} and {arms[1]} share no combination of {listed(names)}"
    return f"{arms[0]} and {arms[1]} share no level of {names[0]}"


def _inside(gaps: Sequence[Gap], labels: Labels) -> list[str]:
    """The same inside levels of `within`, each by itself or, where there are many, counted."""
    treatment, first = gaps[0]["treatment"], gaps[0]
    places = [gap["within"] for gap in gaps]
    where = labels.list_places(places)
    if len(places) > MOST_SAID:
        where = f"in {len(places)} levels of {words(str(labels.within))}"
    there = "there" if len(places) == 1 else "in each of them"
    if first["kind"] == "arm":
        one = treatment if first["lacks"] == "treatment" else labels.reference
        said = f"{where} there are none of {contacts_with(labels, one)}"
    elif len(places) == 1:
        said = f"{where} {_nothing_alike(first, labels)}"
    else:
        said = f"{where} {_nothing_alike({**first, 'ranges': None}, labels)}"
    return [f"{capital(said)}; {lift_of(labels, treatment)} {there} is an extrapolation."]


def _ranges(gap: Gap) -> str:
    """The numbers of both, `0 against 2 to 5`."""
    if gap["ranges"] is None:
        return "each of its own"
    spans = [f"{a:g}" if a == b else f"{a:g} to {b:g}" for a, b in gap["ranges"]]
    return " against ".join(spans)
