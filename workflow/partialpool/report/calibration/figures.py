"""Pictures of calibration: how even the ranks of the truth are, and what chance allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from partialpool.frames import list_rows
from partialpool.report.calibration.text import describe_ranks
from partialpool.report.colours import INK, RULE
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import DASHED, cut
from partialpool.report.labels import Labels
from partialpool.report.selection import CHAINS, left_out

COLUMNS = 2
ROW = 1.15
"""Height of a row of panels in inches."""


def draw_histograms(
    bins: pd.DataFrame, summary: pd.DataFrame, labels: Labels, model: str
) -> Figure:
    """Histograms of ranks, and the counts that chance allows a bin.

    Args:
        bins: `ranks.picture_ranks`.
        summary: `ranks.summarise_ranks`.
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    rows = _shown(summary, bins)
    colour = labels.palette.model(model)
    with style.canvas("column", _height(len(rows))) as figure:
        for axes, row in _panels(figure, rows):
            own = bins[bins["parameter"] == row["parameter"]]
            edges = np.append(own["left"], own["right"].iloc[-1])
            axes.stairs(own["upper"], edges, baseline=own["lower"], fill=True, color=RULE)
            axes.stairs(own["count"], edges, color=colour, linewidth=1.3)
            axes.stairs(own["expected"], edges, baseline=None, color=INK, lw=0.8, ls=DASHED)
            axes.set_ylim(0, 1.12 * max(own["upper"].max(), own["count"].max()))
        return render(
            figure,
            f"How often the truth had each rank among the draws of the {model} model, from lowest "
            "to highest. Dashed: even. Shaded: where chance leaves every bin of a right model."
            + _more(summary),
            describe_ranks(rows, "Histograms of the ranks"),
        )


def draw_ecdfs(points: pd.DataFrame, summary: pd.DataFrame, labels: Labels, model: str) -> Figure:
    """Distribution functions of ranks less the even one, with their simultaneous bands.

    Args:
        points: `ranks.picture_ranks`.
        summary: `ranks.summarise_ranks`.
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    rows = _shown(summary, points)
    colour = labels.palette.model(model)
    with style.canvas("column", _height(len(rows))) as figure:
        for axes, row in _panels(figure, rows):
            own = points[points["parameter"] == row["parameter"]]
            share = np.concatenate([[0], own["share"], [1]])
            lower, upper, line = (np.pad(own[name], 1) for name in ("lower", "upper", "difference"))
            axes.fill_between(share, lower, upper, color=RULE, linewidth=0)
            axes.axhline(0, color=INK, linewidth=0.8, linestyle=DASHED)
            axes.plot(share, line, color=colour, linewidth=1.3)
            edge = 1.1 * max(np.abs([lower, upper, line]).max(), 0.01)
            axes.set_ylim(-edge, edge)
        return render(
            figure,
            f"The share of ranks up to each, less the even share, of the {model} model. Shaded: "
            "the band that holds every curve of a right model from end to end, but for the false "
            "alarms of the verdict." + _more(summary),
            describe_ranks(rows, "Distribution functions of the ranks, less the even one,"),
        )


def _shown(summary: pd.DataFrame, drawn: pd.DataFrame) -> list[dict[str, object]]:
    names = set(drawn["parameter"])
    return [dict(row) for row in list_rows(summary) if row["parameter"] in names]


def _height(count: int) -> float:
    return 0.35 + ROW * -(-count // COLUMNS)


def _panels(
    figure: Drawing, rows: Sequence[dict[str, object]]
) -> Iterator[tuple[Axes, dict[str, object]]]:
    grid = figure.subplots(-(-len(rows) // COLUMNS), COLUMNS, squeeze=False, sharex=True)
    for place, axes in enumerate(grid.flat):
        if place >= len(rows):
            axes.set_visible(False)
            continue
        axes.set_title(cut(str(rows[place]["parameter"]), 36), fontweight=400, fontsize=8.4)
        axes.set_xticks([0, 1], ["low", "high"])
        axes.tick_params(axis="x", labelbottom=place + COLUMNS >= len(rows))
        axes.tick_params(axis="y", labelsize=8)
        axes.locator_params(axis="y", nbins=4)
        yield axes, rows[place]


def _more(summary: pd.DataFrame) -> str:
    return left_out(len(summary), "quantities, with more even ranks", "summary.csv", CHAINS)
