"""Pictures of how well the models predict what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partialpool.comparison.ranking import noise_limit
from partialpool.frames import list_rows
from partialpool.report.colours import SOFT
from partialpool.report.comparison.alternatives import describe_elpd
from partialpool.report.comparison.text import fine
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import CLEAR, cut, model_marks, zero_line
from partialpool.report.labels import Labels

OUTLYING = 20.0
"""A model this many times farther behind than the next is drawn as an arrow at the edge."""


def draw_elpd(tables: Mapping[str, pd.DataFrame], labels: Labels) -> Figure | None:
    """Differences of elpd from the best model with their standard errors, unit by unit.

    None of a single model, which nothing differs from.

    Args:
        tables: `ranking.compare` by what is left out, in words.
        labels: the words of the analysis.
    """
    if len(labels.models) == 1:
        return None
    with style.canvas("column", len(tables) * (0.85 + 0.34 * len(labels.models))) as figure:
        grid = figure.subplots(len(tables), 1, squeeze=False)[:, 0]
        for axes, (unit, table) in zip(grid, tables.items(), strict=True):
            _differences(axes, table, labels)
            axes.set_title(cut(f"per {unit}", 50))
            axes.set_xlabel("difference of elpd from the best")
        return render(
            figure,
            "How far each model is behind the best: difference of elpd, one standard error (thick) "
            "and as many as noise may reach (thin): two, or more where units are few. A line that "
            "reaches 0 is within noise; an arrow points to a model far beyond the edge.",
            describe_elpd(tables),
        )


def _differences(axes: Axes, table: pd.DataFrame, labels: Labels) -> None:
    edge = _edge(table)
    zero_line(axes)
    for place, row in enumerate(list_rows(table)):
        colour, marker = model_marks(labels)[row["model"]]
        value, error = row["difference"], row["difference_se"]
        if np.isnan(value):
            axes.text(0.9 * edge, place, "not known", va="center", color=SOFT, bbox=CLEAR)
            continue
        if value < edge:
            axes.plot(0.94 * edge, place, "<", color=colour, markersize=7)
            text = f"{fine(value)} (standard error {fine(error)})"
            axes.text(0.9 * edge, place, text, va="center", color=SOFT, bbox=CLEAR)
            continue
        for width, reach in ((1, _noise(table)), (2.6, 1)):
            ends = [max(value - reach * error, edge), value + reach * error]
            axes.plot(ends, [place, place], color=colour, linewidth=width)
        axes.plot(value, place, marker, color=colour, markersize=6)
    names = [cut(name, 18) + " (failed)" * (name in labels.failed) for name in table["model"]]
    style.row_axis(axes, names)
    axes.set_xlim(left=edge)


def _edge(table: pd.DataFrame) -> float:
    """The left end of the axis, which a model far behind all others does not move."""
    widest = 1.1 * _noise(table) * table["difference_se"]
    reach = (table["difference"] - widest).sort_values().to_numpy()
    reach = reach[np.isfinite(reach)] if np.isfinite(reach).any() else np.zeros(1)
    for far, near in pairwise(reach):
        if near == 0 or far > OUTLYING * near:
            return 1.15 * float(far) or -1.0
    return 1.15 * float(reach[-1]) or -1.0


def _noise(table: pd.DataFrame) -> float:
    return noise_limit(int(table["units"].iloc[0]))
