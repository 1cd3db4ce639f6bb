"""The answer where the treatment is a number: how the rate runs along it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.report.counts import lift_format, rate_format
from partialpool.report.formats import MINUS, Format, chance, integer
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import MOST_NAMED, capital, listed, plain, words

Curve = Mapping[str, Any]
"""What is found of the curves of a number (`curve_weighing.weigh_curves`)."""
LONGEST = 8
"""Digits of a value that are written out."""
MIXES = {
    "observed": "as they are",
    "equal": "with all levels of {apart} weighing the same",
    "target": "that the answer is for",
}


def spell_value(value: float) -> str:
    """A value of the number as it is read."""
    exact = f"{value:.10g}"
    return (exact if len(exact) <= LONGEST else f"{value:.5g}").replace("-", MINUS)


def name_curve(curve: Curve, labels: Labels) -> str:
    """How the rate runs along the number, in bold: rises, falls, turns, or nothing of it."""
    over_all, number = curve["places"][-1], words(labels.treatment)
    low, high = (over_all["points"][end] for end in ("lowest", "highest"))
    show = _rates(over_all)
    if over_all["alike"]:
        return (
            f"**The model that answers gives the same rate at every {number}, so nothing is said "
            "of how the rate runs along it.**"
        )
    if turn := over_all["turn"]:
        side = "above" if turn["kind"] == "highest" else "below"
        return (
            f"**The rate is {turn['kind']} in between: {show(turn['mean'])} at {number} "
            f"{spell_value(turn['at'])}, {side} that at {spell_value(low['at'])} "
            f"({show(low['mean'])}) and that at {spell_value(high['at'])} ({show(high['mean'])}; "
            f"probability {chance(turn['probability'])}).**"
        )
    if over_all["call"] == "open":
        return (
            f"**Nothing settles whether the rate rises or falls with {number} (probability that "
            f"it is higher at {spell_value(high['at'])} than at {spell_value(low['at'])}: "
            f"{chance(over_all['lift']['above_null'])}).**"
        )
    return (
        f"**The rate {over_all['call']} with {number}: from {show(low['mean'])} at "
        f"{spell_value(low['at'])} to {show(high['mean'])} at {spell_value(high['at'])} "
        f"(probability {chance(_sure(over_all))}).**"
    )


def tell_curve(curve: Curve, labels: Labels) -> list[str]:
    """What stands behind the headline: rates, the lift of a step, where it is best, places."""
    over_all = curve["places"][-1]
    if over_all["alike"]:
        return []
    said = [_range(over_all, labels), _step(over_all, labels), _best(over_all, labels)]
    return [*said, *_places(curve, labels)]


def explain_curve(curve: Curve | None, labels: Labels) -> str:
    """Whose contacts the curve is of, and where it ends; nothing where there is none."""
    if curve is None:
        return ""
    low, high = (curve["places"][-1]["points"][end]["at"] for end in ("lowest", "highest"))
    chosen, count = integer(len(curve["values"])), integer(curve["seen"])
    asked = f"all {count} values that were seen"
    if len(curve["values"]) < curve["seen"]:
        asked = f"{chosen} of the {count} values that were seen"
    return fill(
        "decision/curve",
        contact=labels.one,
        contacts=labels.many,
        number=words(labels.treatment),
        mix=MIXES[curve["mix"]].format(apart=words(labels.apart or "")),
        values=f"{asked}, {spell_value(low)} to {spell_value(high)},",
    )


def _rates(found: Mapping[str, Any]) -> Format:
    """How the rates of a curve are written."""
    return rate_format(_means(found))


def _means(found: Mapping[str, Any]) -> list[float]:
    return [point["mean"] for point in found["points"].values()]


def _sure(found: Mapping[str, Any]) -> float:
    """The probability of the way that the curve goes from end to end."""
    above = float(found["lift"]["above_null"])
    return above if found["call"] != "falls" else 1 - above


def _range(found: Mapping[str, Any], labels: Labels) -> str:
    """The rates at the ends and in the middle of the contacts, each with its interval."""
    points, show = found["points"], _rates(found)
    shown = {points[name]["at"]: points[name] for name in ("lowest", "middle", "highest")}
    rates = [
        f"{show(point['mean'])} at {spell_value(at)} ({show(point['lower'])} to "
        f"{show(point['upper'])})"
        for at, point in shown.items()
    ]
    return (
        f"The share that {plain(labels.verb)} is {listed(rates)}, with {labels.percent_interval} "
        f"intervals; the values of {words(labels.treatment)} are the lowest and the highest that "
        f"were seen{', and that in the middle of the ' + labels.many if len(shown) > 2 else ''}."
    )


def _step(found: Mapping[str, Any], labels: Labels) -> str:
    """The lift between the quarters, and what that is for a unit of the number."""
    step, unit = found["step"], found["per_unit"]
    show = lift_format([*_means(found), found["step"]["mean"]])
    small = lift_format([0.0, unit["mean"]])
    ends = (step["from"], step["to"])
    between = tuple(found["points"][name]["at"] for name in ("quarter", "three_quarters"))
    which = f", the quartiles over the {labels.many}," if ends == between else ""
    return (
        f"From {spell_value(step['from'])} to {spell_value(step['to'])}{which} it changes by "
        f"{show(step['mean'])} points "
        f"({show(step['lower'])} to {show(step['upper'])}), which is {small(unit['mean'])} points "
        f"({small(unit['lower'])} to {small(unit['upper'])}) for each unit of "
        f"{words(labels.treatment)}, averaged over that stretch."
    )


def _best(found: Mapping[str, Any], labels: Labels) -> str:
    """Where the rate is highest, or lowest where a success is unwelcome, and how surely."""
    kind = "highest" if labels.good else "lowest"
    best, points = found[kind], found["points"]
    unwelcome = "" if labels.good else " Less is better here."
    often = "" if best["probability"] >= found["needed"] else "most often "
    near = f"{often}{spell_value(best['at'])}, with probability {chance(best['probability'])}"
    reach = (
        ""
        if best["lower"] == best["upper"]
        else f"; the {labels.percent_interval} interval is {spell_value(best['lower'])} to "
        f"{spell_value(best['upper'])}"
    )
    ends = {points["lowest"]["at"]: "lower", points["highest"]["at"]: "higher"}
    beyond = (
        f" That is an end of what was seen; whether a {ends[best['at']]} value would have a rate "
        f"{'above' if labels.good else 'below'} it is not known."
        if best["at"] in ends
        else ""
    )
    return (
        f"The {words(labels.treatment)} with the {kind} rate, of those seen, is {near}{reach}."
        f"{beyond}{unwelcome}"
    )


def _places(curve: Curve, labels: Labels) -> list[str]:
    """Where the rate rises and where it does not, of the factor with curves of its own."""
    placed, rows = labels.placed, curve["places"][:-1]
    if not rows:
        return []
    said = []
    for call in ("turns", "rises", "falls", "open"):
        here = [row for row in rows if name_kind(row) == call]
        if not here:
            continue
        notes = {row["within"]: chance(_how_sure(row)) for row in here}
        where = placed.list_places([row["within"] for row in here], notes=notes, most=MOST_NAMED)
        said.append(f"{capital(where)} {FOUND[call]}.")
    return [" ".join([*said, "In brackets: the probability of that; where it is open, of a rise."])]


FOUND = {
    "turns": "the rate turns in between",
    "rises": "the rate rises",
    "falls": "the rate falls",
    "open": "it is open whether the rate rises or falls",
}
"""What is found of a curve, by how it runs."""


def name_kind(row: Mapping[str, Any]) -> str:
    """How a curve runs: `turns`, `rises`, `falls` or `open`."""
    return "turns" if row["turn"] else str(row["call"])


def _how_sure(row: Mapping[str, Any]) -> float:
    return float(row["turn"]["probability"]) if row["turn"] else _sure(row)
