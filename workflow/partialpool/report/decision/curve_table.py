"""Tables of a number as the treatment: rates along it, and where they rise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.report.counts import lift_format, rate_format
from partialpool.report.decision.curve import Curve, spell_value
from partialpool.report.formats import Format, chance
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out
from partialpool.report.table import Table

FIRST_PLACES = 3
"""Places whose rates stand with the answer at most; of more, those of all together do."""
POINTS = {
    "lowest": "lowest seen",
    "quarter": "a quarter below",
    "middle": "half below",
    "three_quarters": "three quarters below",
    "highest": "highest seen",
}


def tabulate_points(curve: Curve | None, labels: Labels) -> Table | None:
    """The rates at the ends and in the middle, for the first screen; None without a number."""
    if curve is None:
        return None
    few = len(curve["places"]) <= FIRST_PLACES + 1
    places = curve["places"] if few else curve["places"][-1:]
    rows = {
        (name_place(place, labels), spell_value(point["at"])): _rate(point, labels)
        for place in places
        for point in _points(place).values()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = pd.MultiIndex.from_tuples(rows, names=[labels.apart or "", labels.treatment])
    if not labels.apart:
        frame = frame.droplevel(0)
    marks = ", ".join(
        f"{spell_value(point['at'])} {POINTS[name]}"
        for name, point in _points(curve["places"][-1]).items()
    )
    return Table(
        frame,
        f"The rate along {labels.treatment}, at values that were seen.",
        note=f"Of the {labels.contacts}: {marks}. Every value: decision/curve.csv.",
        formats=dict.fromkeys(frame.columns, rate_format(frame["rate"])),
        colours=labels.place_colours,
    )


def tabulate_rises(curve: Curve | None, labels: Labels) -> Table | None:
    """Place by place how surely the rate rises, by how much, and where it is best."""
    if curve is None or curve["places"][-1]["alike"]:
        return None
    kind = "highest" if labels.good else "lowest"
    shown = [*curve["places"][:-1][: SHOWN - 1], curve["places"][-1]]
    rows = [_rise(place, kind, labels) for place in shown]
    frame = pd.DataFrame(rows, index=[name_place(place, labels) for place in shown])
    show = lift_format([0.0, *(place["lift"]["mean"] for place in shown)])
    lifts: dict[str, Format] = dict.fromkeys(("lift, points", "from", "to"), show)
    more = left_out(len(curve["places"]) - 1, f"levels of {labels.apart}", "arms.json", SHOWN - 1)
    return Table(
        frame.rename_axis(labels.apart or ""),
        f"From the lowest {labels.treatment} that was seen to the highest: how surely the rate "
        f"rises, and where it is {kind}.",
        note=f"From and to: {labels.percent_interval} intervals.{more}",
        formats=lifts,
        colours=labels.place_colours,
    )


def name_place(place: Mapping[str, Any], labels: Labels) -> str:
    """A level of the factor with curves of its own, or all contacts."""
    return str(place["within"] or f"all {labels.contacts}")


def _points(place: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The points of a curve, each value once, the ends by their names."""
    ends = ("lowest", "highest")
    named = {name: place["points"][name] for name in (*ends, "middle", "quarter", "three_quarters")}
    once: dict[float, tuple[str, Mapping[str, Any]]] = {}
    for name, point in named.items():
        once.setdefault(point["at"], (name, point))
    return dict(once[at] for at in sorted(once))


def _rate(point: Mapping[str, Any], labels: Labels) -> dict[str, float]:
    low = f"{labels.percent_interval} from"
    return {"rate": point["mean"], low: point["lower"], "to": point["upper"]}


def _rise(place: Mapping[str, Any], kind: str, labels: Labels) -> dict[str, Any]:
    best, lift = place[kind], place["lift"]
    reach = f"{spell_value(best['lower'])} to {spell_value(best['upper'])}"
    return {
        "rises": chance(lift["above_null"]),
        "lift, points": lift["mean"],
        "from": lift["lower"],
        "to": lift["upper"],
        f"{kind} at": spell_value(best["at"]),
        "probability": chance(best["probability"]),
        f"{labels.percent_interval} of {kind} at": reach,
    }


def shown_curves(curve: Curve) -> list[str]:
    """The places that a picture has a curve of: few of them, and otherwise all together."""
    places = [place["within"] for place in curve["places"]]
    return places[:-1] if 1 < len(places) <= FIRST_PLACES + 1 else places[-1:]
