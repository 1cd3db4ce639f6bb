"""Whether lifts differ between places, and how many calls are chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.decision.weighed import Weighed
from partialpool.report.counts import lift_format
from partialpool.report.formats import Format, chance, decimals, integer, percent
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.selection import SHOWN, left_out, select_largest
from partialpool.report.table import Table
from partialpool.report.text import MOST_NAMED, capital, words
from partialpool.report.treatment import lift_of

Facts = Mapping[str, Any]
"""What `segments.compare_places` says of one arm."""


def tell_segments(weighed: Weighed, labels: Labels) -> str:
    """Whether lifts differ between places, under a heading; nothing without places."""
    arms = _arms(weighed)
    if not arms:
        return ""
    paragraphs = ["## Whether lifts differ"]
    for facts in arms:
        said = [_differ(facts, weighed, labels), _spread(facts, weighed, labels)]
        paragraphs.append(" ".join([*filter(None, said)]))
        if facts["chance"]:
            paragraphs.append(_chance(facts, labels))
    return "\n\n".join(paragraphs)


def tell_chance(weighed: Weighed, labels: Labels) -> list[str]:
    """Of every arm whose lifts are pooled, how many calls chance would make of them alone."""
    return [_chance(facts, labels) for facts in _arms(weighed) if facts["pooled"]]


def tabulate_segments(weighed: Weighed, labels: Labels) -> list[Table]:
    """A table for each arm: lifts before and after pooling, else contrasts of places."""
    tables = [
        _tabulate_pooled(facts, labels, show_points(weighed))
        if facts["pooled"]
        else _tabulate_contrasts(facts, weighed, labels, show_points(weighed))
        for facts in _arms(weighed)
    ]
    return [table for table in tables if table is not None]


def _arms(weighed: Weighed) -> list[Facts]:
    """The arms that a page tells of."""
    return list(weighed.facts.get("segments", []))[:MOST_NAMED]


def show_points(weighed: Weighed) -> Format:
    """How points are written: with the decimals of the rates."""
    return lift_format(weighed.tables["arms"]["mean"])


def _differ(facts: Facts, weighed: Weighed, labels: Labels) -> str:
    lift, within = lift_of(labels, facts["treatment"]), words(str(labels.within))
    if facts["widest"] is None:
        return f"There is one level of {within} alone, so no lift is compared with another."
    surest = _surest(facts, weighed, labels)
    needed = percent(1)(facts["needed"])
    if not facts["differ"]:
        said = f"**Nothing says that {lift} differs between levels of {within}.** {surest}; "
        said += f"{needed} is needed."
        if facts["differ_odds_ratio"]:
            said += " As ratios of odds ratios some differ."
        return said + _counted(facts)
    said = f"**{capital(lift)} differs between levels of {within}.** {surest}."
    if facts["pairs"] > 1:
        count = f"{integer(facts['probable'])} of {integer(facts['pairs'])}"
        said += f" Of such differences {count} reach {needed}."
    if not facts["differ_odds_ratio"]:
        said += " " + fill("decision/same_odds_ratio")
    return said + _counted(facts)


def _counted(facts: Facts) -> str:
    """That a difference takes more because there are many; nothing where it does not."""
    many = facts["chance"] and not facts["pooled"] and facts["pairs"] > 1
    return " More is needed where more is compared (Bonferroni)." if many else ""


def _surest(facts: Facts, weighed: Weighed, labels: Labels) -> str:
    """The difference that is surest, its interval and its probability."""
    row, show = facts["widest"], show_points(weighed)
    versus = labels.where(row["versus"]) if row["versus"] else "elsewhere"
    sign = 1 if row["mean"] >= 0 else -1
    size = show(sign * row["mean"]).lstrip("+")
    low, high = (show(end) for end in sorted(sign * row[end] for end in ("lower", "upper")))
    more = "higher" if sign > 0 else "lower"
    better = "" if labels.good or not labels.chosen else "; lower is better"
    return (
        f"The surest difference is that it is {more} {labels.where(row['within'])} than {versus}, "
        f"by {size} points ({labels.percent_interval} interval {low} to {high}), with probability "
        f"{chance(max(row['above_null'], 1 - row['above_null']))}{better}"
    )


def _spread(facts: Facts, weighed: Weighed, labels: Labels) -> str:
    if facts["widest"] is None:
        return ""
    show, spread = show_points(weighed), facts["spread"]
    mean, low, high = (show(spread[end]).lstrip("+") for end in ("mean", "lower", "upper"))
    luck = " This has in it what is chance." if facts["chance"] and not facts["pooled"] else ""
    return (
        f"Over levels, weighted by {labels.many}, its standard deviation is {mean} points "
        f"({labels.percent_interval} interval {low} to {high}).{luck}"
    )


def _chance(facts: Facts, labels: Labels) -> str:
    """How many calls would be made without any effect, how many were, and what is made of that."""
    of, within = facts["chance"], words(str(labels.within))
    kept = sum(row["call"] != "open" for row in facts["calls"])
    pooled = ""
    if facts["pooled"]:
        called = integer(kept) if kept else "none"
        pooled = " " + fill("decision/pooled_lifts", called=called, contacts=labels.many)
    return (
        fill(
            "decision/calls_by_chance",
            lift=lift_of(labels, facts["treatment"]),
            within=within,
            count=integer(of["comparisons"]),
            expected=decimals(1)(of["expected"]),
            least=integer(of["least"]),
            most=integer(of["most"]),
            made=integer(of["made"]) if of["made"] else "none",
        )
        + pooled
    )


def _tabulate_pooled(facts: Facts, labels: Labels, show: Format) -> Table:
    rows = {row["within"]: row for row in facts["calls"]}
    alone = pd.Series({name: row["lift_alone"]["mean"] for name, row in rows.items()}, dtype=float)
    shown = [rows[name] for name in select_largest(alone)]
    low, calls = f"{labels.percent_interval} from", labels.vocabulary.calls
    columns: dict[tuple[str, str], Sequence[Any]] = {}
    for head, lift, call in (
        ("standing alone", "lift_alone", "call_alone"),
        ("partially pooled", "lift", "call"),
    ):
        for name, end in (("points", "mean"), (low, "lower"), ("to", "upper")):
            columns[head, name] = [row[lift][end] for row in shown]
        columns[head, "call"] = [calls[row[call]] for row in shown]
    frame = pd.DataFrame(columns, index=pd.Index([r["within"] for r in shown], name=labels.within))
    what = f"levels of {labels.within}, with smaller lifts"
    return Table(
        frame,
        f"Lift of {facts['treatment']} over {facts['reference']} before and after pooling.",
        note=left_out(len(rows), what, "arms.json").strip(),
        formats={name: show for name in columns if name[1] != "call"},
        colours=labels.place_colours,
        first=("partially pooled",),
    )


def _tabulate_contrasts(
    facts: Facts, weighed: Weighed, labels: Labels, show: Format
) -> Table | None:
    table = weighed.tables["segments"]
    rows = table[table["treatment"] == facts["treatment"]]
    if rows.empty:
        return None
    keys = ["within", "versus"]
    points, ratios = (
        rows[rows["quantity"] == name].set_index(keys)
        for name in ("lift_difference", "odds_ratio_ratio")
    )
    size = points["mean"].abs().sort_values(ascending=False, kind="stable")
    shown = size.index[:SHOWN]
    low = f"{labels.percent_interval} from"
    columns: dict[tuple[str, str], pd.Series[Any]] = {
        (head, name): of.loc[shown, end]
        for head, of in (("difference, points", points), ("ratio of odds ratios", ratios))
        for name, end in (("mean", "mean"), (low, "lower"), ("to", "upper"))
    }
    columns["", "probability that it is higher"] = points.loc[shown, "above_null"]
    frame = pd.DataFrame(columns)
    frame.index = pd.MultiIndex.from_tuples(
        [(one, other or "all others") for one, other in shown], names=[labels.within, "against"]
    )
    formats = {name: show if name[0].startswith("diff") else decimals(2) for name in columns}
    return Table(
        frame,
        f"How the lift of {facts['treatment']} over {facts['reference']} differs between levels "
        f"of {labels.within}, the largest difference first.",
        note=left_out(len(points), "differences", "segments.csv").strip(),
        formats=formats | {("", "probability that it is higher"): chance},
        first=("difference, points", "probability that it is higher"),
    )
