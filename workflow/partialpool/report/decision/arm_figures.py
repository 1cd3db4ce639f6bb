"""All arms in all places in one picture, on one axis."""

from __future__ import annotations

from typing import Any

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.decision.weighed import Weighed
from partialpool.report.colours import INK
from partialpool.report.counts import rate_format
from partialpool.report.decision.advice import name_overall
from partialpool.report.decision.arms import shown_places
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import folded
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN

ROW = 0.32
"""Height of one row in inches."""


def draw_arms(weighed: Weighed, labels: Labels) -> Figure:
    """The rate of every arm in every place with its interval, on one axis."""
    arms = weighed.tables["arms"]
    names = list(dict.fromkeys(arms["treatment"]))
    places = [*shown_places(weighed, max(1, SHOWN // len(names))), ALL]
    rows = arms.set_index("within").loc[places].reset_index()
    rows = rows.iloc[: -len(names)] if len(places) > 1 and len(places) > SHOWN else rows
    colours = labels.palette.levels(labels.treatment)
    with style.canvas("column", 0.9 + ROW * len(rows)) as figure:
        axes = figure.subplots()
        for at, row in enumerate(rows.to_dict("records")):
            colour = colours.get(row["treatment"], INK)
            axes.plot([row["lower"], row["upper"]], [at, at], color=colour, linewidth=2.4)
            axes.plot(row["mean"], at, "o", color=colour, ms=6)
        style.row_axis(axes, [folded(_row_name(row, labels)) for row in rows.to_dict("records")])
        style.percent_axis(axes.xaxis)
        axes.set_xlabel("rate")
        caption = f"The rate of every arm: mean and {labels.percent_interval} interval."
        return render(figure, caption, _describe(rows, labels))


def _row_name(row: dict[Any, Any], labels: Labels) -> str:
    if not labels.places:
        return str(row["treatment"])
    return f"{row['within'] or name_overall(labels)}, {row['treatment']}"


def _describe(rows: pd.DataFrame, labels: Labels) -> str:
    show = rate_format(rows["mean"])
    told = [
        f"{_row_name(row, labels)} {show(row['mean'])} ({show(row['lower'])} to "
        f"{show(row['upper'])})"
        for row in rows.to_dict("records")
    ]
    return f"Rates, mean and {labels.percent_interval} interval. {'; '.join(told)}."
