"""Pictures of the decision: the lift in every level, and what each future contact brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from partialpool.figures import Figure, render, style
from partialpool.figures.colours import INK, PAPER, SOFT
from partialpool.wording.decision import describe_lifts
from partialpool.wording.phrases import Labels

ROW = 0.42
"""Height of one row in inches."""


def draw_lifts(facts: Mapping[str, Any], labels: Labels) -> Figure:
    """The lift in each level, for all contacts with one mix, and in the pooled counts.

    Args:
        facts: of one treatment (`decision.decide`).
        labels: the words of the analysis.
    """
    levels, overall = facts["levels"], facts["overall"]
    names = [row["within"] for row in levels] + ["all, same mix", "pooled counts"]
    colours = [labels.palette.level(labels.within, row["within"]) for row in levels] + [INK]
    with style.canvas("column", 0.9 + ROW * len(names)) as figure:
        axes = figure.subplots()
        axes.axvline(0, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
        for place, (row, colour) in enumerate(zip([*levels, overall], colours, strict=True)):
            _interval(axes, place, row["lift"], colour)
        axes.plot(
            facts["crude"]["lift"], len(names) - 1, "o", color=INK, markerfacecolor=PAPER, ms=7
        )
        style.row_axis(axes, names)
        style.points_axis(axes.xaxis)
        axes.set_xlabel("lift, points")
        return render(
            figure,
            f"Lift of {facts['treatment']} over {facts['reference']}: mean and "
            f"{labels.percent_interval} interval by {labels.within}, for all contacts with the "
            "same mix, and (open) in the pooled counts, which no model has touched.",
            describe_lifts(facts, labels),
        )


def _interval(axes: Axes, place: int, summary: Mapping[str, float], colour: str) -> None:
    axes.plot([summary["lower"], summary["upper"]], [place, place], color=colour, linewidth=2.4)
    axes.plot(summary["mean"], place, "o", color=colour, ms=7)
