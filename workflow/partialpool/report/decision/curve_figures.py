"""The picture of a rate along a number."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from partialpool.report.colours import INK, PAPER
from partialpool.report.counts import rate_format
from partialpool.report.decision.curve import Curve, spell_value
from partialpool.report.decision.curve_table import shown_curves
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import folded
from partialpool.report.labels import Labels

LARGEST, SMALLEST = 120, 8
"""Areas of the points of the counts, in square points."""


def draw_curves(
    found: Curve | None, tables: Mapping[str, pd.DataFrame], labels: Labels
) -> Figure | None:
    """The rate along the number with its interval, and the rates in the counts; None without one.

    With few places each has a curve; with many, all contacts together have one.

    Args:
        found: of the number (`curve_weighing.weigh_curves`).
        tables: `curve` and `seen`.
        labels: the words of the analysis.
    """
    if found is None:
        return None
    shown, curve, seen = shown_curves(found), tables["curve"], tables["seen"]
    curve = curve[curve["mix"] == found["mix"]]
    colours = labels.place_colours
    most = seen.loc[seen["within"].isin(shown), "trials"].max()
    with style.canvas("column", 3.0) as figure:
        axes = figure.subplots()
        for place in shown:
            own = curve[curve["within"] == place].sort_values("at")
            _draw(axes, own, colours.get(place, INK), folded(place))
            counts = seen[seen["within"] == place]
            area = (LARGEST * counts["trials"] / most).clip(lower=SMALLEST)
            edge = colours.get(place, INK)
            axes.scatter(
                counts["at"], counts["rate"], s=area, facecolor=PAPER, edgecolor=edge, zorder=3
            )
        axes.set(xlabel=labels.treatment.replace("_", " "), ylabel="rate")
        axes.set_ylim(bottom=0)
        style.percent_axis(axes.yaxis)
        if len(shown) > 1:
            axes.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)
        caption = (
            f"The rate along {labels.treatment}: mean and {labels.percent_interval} interval at "
            f"values that were seen; circles: the rates in the counts, by number of "
            f"{labels.contacts}."
        )
        return render(figure, caption, f"{caption} {_spell(curve, shown, labels)}")


def _draw(axes: Axes, rows: pd.DataFrame, colour: str, name: str) -> None:
    axes.fill_between(rows["at"], rows["lower"], rows["upper"], color=colour, alpha=0.16, lw=0)
    axes.plot(rows["at"], rows["mean"], color=colour, label=name)


def _spell(curve: pd.DataFrame, shown: list[str], labels: Labels) -> str:
    show, told = rate_format(curve["mean"]), []
    for place in shown:
        own = curve[curve["within"] == place].sort_values("at")
        rates = ", ".join(
            f"{show(row['mean'])} at {spell_value(row['at'])}" for row in own.to_dict("records")
        )
        told.append(f"{place or 'all ' + labels.contacts}: {rates}")
    return "; ".join(told) + "."
