"""The picture of a plan: how often calls are right, wrong and false, by contacts."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from partialpool.report.colours import INK, LIGHT, NEUTRAL
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import DASHED
from partialpool.report.formats import integer
from partialpool.report.plan.text import describe_power
from partialpool.settings import Plan

LINES = {
    "called_right": ("right call", LIGHT["treatment-2"], "o"),
    "called_wrong": ("wrong call", LIGHT["alarm"], "s"),
    "called_falsely": ("false call, without a lift", NEUTRAL, "^"),
}
FEW = 4
"""Sizes that have a tick each on a logarithmic axis."""


def draw_power(plan: Plan, sizes: pd.DataFrame) -> Figure:
    """The shares of calls by the contacts of each arm, with two standard errors.

    Args:
        plan: what is assumed.
        sizes: `plans.find_sizes`.
    """
    with style.canvas("column", 2.9) as figure:
        axes = figure.subplots()
        axes.axhline(plan.share, color=INK, linewidth=0.8, linestyle=DASHED)
        for column, (label, colour, marker) in LINES.items():
            axes.errorbar(
                sizes["contacts"],
                sizes[column],
                2 * sizes[f"{column}_se"],
                color=colour,
                marker=marker,
                markersize=4.6,
                linewidth=1.3,
                elinewidth=1,
                label=label,
            )
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlim(left=0)
        style.percent_axis(axes.yaxis)
        axes.xaxis.set_major_locator(MaxNLocator(FEW, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: integer(x)))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel("contacts for each arm")
        figure.legend(loc="outside upper left", ncols=2)
        return render(
            figure,
            "Share of simulated experiments with each kind of call, by how many contacts each arm "
            "has. Bars are two Monte Carlo standard errors; dashed is the share asked for.",
            describe_power(plan, sizes),
        )
