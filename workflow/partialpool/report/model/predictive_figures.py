"""Pictures of predictive checks: observed cells against what the model predicts of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from partialpool.frames import Row, list_rows
from partialpool.report.colours import INK, LIGHT, NEUTRAL, PAPER
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import cut, folded
from partialpool.report.labels import Labels
from partialpool.report.model.alternatives import describe_predictive, describe_rates
from partialpool.report.model.parameters import worst_predicted
from partialpool.report.selection import left_out, select_largest

ROW = 0.4
HISTOGRAMS = 12
"""Cells whose histograms are drawn at most."""


def draw_predictive(predictive: pd.DataFrame, labels: Labels, model: str) -> Figure:
    """Observed rate of each cell against the predictive intervals; the worst cells if many.

    Args:
        predictive: `predictive_figures.check_cells` of both kinds, with `kind` and `cell`.
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    cells = worst_predicted(predictive)
    kinds = {k: rows.set_index("cell").loc[cells] for k, rows in predictive.groupby("kind")}
    posterior, prior = kinds["posterior"].reset_index(), kinds.get("prior")
    colour, total = labels.palette.model(model), (predictive["kind"] == "posterior").sum()
    with style.canvas("column", 1.1 + ROW * len(cells)) as figure:
        axes = figure.subplots()
        for place, before in enumerate([] if prior is None else list_rows(prior)):
            _bar(axes, place, before, NEUTRAL, 1.1)
        for place, after in enumerate(list_rows(posterior)):
            _bar(axes, place, after, colour, 6)
            rate, face = after["successes"] / after["trials"], INK if after["covered"] else PAPER
            edge = INK if after["covered"] else LIGHT["alarm"]
            axes.plot(rate, place, "o", color=edge, markerfacecolor=face, markersize=4.6, zorder=4)
        style.row_axis(axes, [folded(cell) for cell in posterior["cell"]])
        style.percent_axis(axes.xaxis)
        axes.set_xlabel("rate")
        _name_bars(axes, colour, prior is not None, bool(posterior["covered"].all()))
        when = "after the data" if prior is None else "before (thin) and after (thick) the data"
        return render(
            figure,
            f"Observed rates against the {labels.percent_interval} intervals that the {model} "
            f"model predicts {when}."
            + left_out(total, "cells, all better predicted", "predictive.csv"),
            describe_predictive(posterior, labels),
        )


def _bar(axes: Axes, place: int, row: Row, colour: str, width: float) -> None:
    ends = [row["lower"] / row["trials"], row["upper"] / row["trials"]]
    axes.plot(ends, [place, place], color=colour, linewidth=width, solid_capstyle="butt")


def _name_bars(axes: Axes, colour: str, has_prior: bool, all_covered: bool) -> None:
    thin = Line2D([], [], color=NEUTRAL, linewidth=1.1, label="prior")
    handles = [
        *([thin] if has_prior else []),
        Line2D([], [], color=colour, linewidth=6, label="posterior"),
        Line2D([], [], color=INK, marker="o", linestyle="", markersize=4.6, label="observed"),
    ]
    if not all_covered:
        mark = Line2D([], [], color=LIGHT["alarm"], marker="o", markersize=4.6, label="outside")
        mark.set(linestyle="", markerfacecolor=PAPER)
        handles.append(mark)
    axes.figure.legend(
        handles=handles, loc="outside upper left", ncols=4, handlelength=1.4, columnspacing=1.2
    )


def draw_rates(rates: pd.DataFrame, predictive: pd.DataFrame, labels: Labels, model: str) -> Figure:
    """Histograms of the rate that the model predicts in each cell, before and after the data.

    Args:
        rates: `predictive_figures.bin_rates` of both kinds, with `kind`.
        predictive: `predictive_figures.check_cells`, for the observed rates.
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    observed = predictive[predictive["kind"] == "posterior"].set_index("cell")
    binned = list(dict.fromkeys(rates["cell"]))
    shown = select_largest(observed.loc[binned, "trials"], HISTOGRAMS)
    rows = -(-len(shown) // 2)
    with style.canvas("column", 0.4 + 1.15 * rows) as figure:
        grid = figure.subplots(rows, 2, squeeze=False, sharex=True).ravel()
        for axes in grid[len(shown) :]:
            axes.remove()
        for axes, cell in zip(grid, shown, strict=False):
            here = rates[rates["cell"] == cell]
            _histogram(axes, here, labels.palette.model(model))
            row = observed.loc[cell]
            axes.axvline(row["successes"] / row["trials"], color=INK, linewidth=1, ls=(0, (4, 3)))
            axes.set_title(cut(cell, 24), fontweight=400)
            axes.set_xlim(0, 1)
            axes.set_xticks([0.25, 0.5, 0.75])
            style.percent_axis(axes.xaxis)
            axes.set_yticks([])
        return render(
            figure,
            f"Rates that the {model} model predicts in each cell: {_times(rates)}, each scaled to "
            "its peak; observed (dashed)."
            + left_out(
                len(observed),
                f"cells, with fewer {labels.contacts}",
                "predictive_rates.csv",
                HISTOGRAMS,
            ),
            describe_rates(rates, shown),
        )


def _times(rates: pd.DataFrame) -> str:
    both = (rates["kind"] == "prior").any()
    return "before the data (grey), after (coloured)" if both else "after the data (coloured)"


def _histogram(axes: Axes, here: pd.DataFrame, colour: str) -> None:
    for kind, hue, alpha in (("prior", NEUTRAL, 0.45), ("posterior", colour, 0.75)):
        rows = here[here["kind"] == kind]
        if rows.empty:
            continue
        edges = np.append(rows["left"], rows["right"].iloc[-1])
        height = rows["share"] / rows["share"].max()
        axes.stairs(height, edges, fill=True, color=hue, alpha=alpha, linewidth=0)
    axes.set_ylim(0, 1.08)
