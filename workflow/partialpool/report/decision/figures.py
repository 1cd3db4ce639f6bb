"""Pictures of the decision: the lift in every level, and what each future contact brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from partialpool.report.colours import INK, PAPER, SOFT
from partialpool.report.decision.advice import describe_lifts, name_overall
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import folded
from partialpool.report.labels import Labels
from partialpool.report.lifts import shown_levels
from partialpool.report.selection import SHOWN, left_out

ROW = 0.34
"""Height of one row in inches."""


def draw_lifts(facts: Mapping[str, Any], labels: Labels) -> Figure:
    """The lift in each level, for all contacts with one mix, and in the pooled counts.

    Args:
        facts: of one treatment (`answer.decide`).
        labels: the words of the analysis.
    """
    levels = shown_levels(facts, SHOWN)
    names = [folded(row["within"]) for row in levels] + [name_overall(labels), "pooled counts"]
    colours = [labels.place_colours[row["within"]] for row in levels] + [INK]
    with style.canvas("column", 0.9 + ROW * len(names)) as figure:
        axes = figure.subplots()
        axes.axvline(0, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
        rows = [*levels, facts["overall"]]
        for place, (row, colour) in enumerate(zip(rows, colours, strict=True)):
            _interval(axes, place, row["lift"], colour)
        axes.plot(
            facts["crude"]["lift"], len(names) - 1, "o", color=INK, markerfacecolor=PAPER, ms=7
        )
        style.row_axis(axes, names)
        style.points_axis(axes.xaxis)
        axes.set_xlabel(_name_axis(labels))
        return render(figure, _caption(facts, labels), describe_lifts(facts, levels, labels))


def _name_axis(labels: Labels) -> str:
    """What the axis of lifts is, and at which end of it the gains are."""
    if not labels.chosen:
        return "lift, points"
    return f"lift, points: gains to the {'right' if labels.good else 'left'}"


def _caption(facts: Mapping[str, Any], labels: Labels) -> str:
    rows = f"for all {labels.contacts}"
    by = f"by {labels.within}, {rows} with the same mix" if labels.places else rows
    start = f"Lift of {facts['treatment']} over {facts['reference']}: mean and"
    levels = len(facts["levels"])
    return (
        f"{start} {labels.percent_interval} interval {by}, and (open) in the "
        "pooled counts, which no model has touched."
        + left_out(levels, f"levels of {labels.within}, with smaller lifts", "decision.json")
    )


def _interval(axes: Axes, place: int, summary: Mapping[str, float], colour: str) -> None:
    axes.plot([summary["lower"], summary["upper"]], [place, place], color=colour, linewidth=2.4)
    axes.plot(summary["mean"], place, "o", color=colour, ms=7)
