"""Pictures that set the models side by side: effects and rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partialpool.cells.question import ALL
from partialpool.frames import list_rows
from partialpool.report.comparison.alternatives import (
    compared_cells,
    compared_places,
    describe_effects,
    describe_rates,
    more_compared,
)
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import (
    cut,
    folded,
    interval,
    model_legend,
    model_marks,
    offsets,
    zero_line,
)
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out
from partialpool.report.text import MOST_NAMED

MARK = 0.135
"""Height in inches of one model's mark in a row that all models share."""


def draw_effects(effects: Mapping[str, pd.DataFrame], labels: Labels) -> Figure | None:
    """Log-odds under the reference and log odds ratios of all models, by level, on one scale.

    Models that failed their verdict are drawn hollow.

    Args:
        effects: of each model (`effects.estimate_effects`).
        labels: the words of the analysis.
    """
    if labels.ranked:
        return None
    wanted = {f"log-odds with {labels.reference}": (labels.reference, "log_odds")}
    for treatment in labels.treatments[:MOST_NAMED]:
        title = f"log odds ratio, {treatment} to {labels.reference}"
        wanted[title] = (treatment, "log_odds_ratio")
    panels = {
        title: {model: _levels(table, *which) for model, table in effects.items()}
        for title, which in wanted.items()
    }
    rows = [*compared_places(effects, labels), ALL]
    overall = "overall" if labels.places else f"all {labels.contacts}"
    sizes = [0.7 + _row_height(labels) * len(rows)] * len(panels)
    with style.canvas("column", 0.35 + sum(sizes)) as figure:
        grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (title, models) in zip(grid, panels.items(), strict=True):
            _side_by_side(axes, models, rows, labels)
            style.row_axis(axes, [folded(level, 15) if level else overall for level in rows])
            zero_line(axes)
            axes.set_title(cut(title, 50))
            axes.tick_params(labelbottom=True)
        grid[-1].set_xlabel("log-odds")
        model_legend(grid[0], labels, list(effects))
        hollow = " Hollow: failed its verdict." if labels.failed else ""
        return render(
            figure,
            f"What each model says{f' by {labels.within}' if labels.places else ''}: mean and "
            f"{labels.percent_interval} interval, on one scale.{hollow}{more_compared(labels)}",
            describe_effects(panels, rows, labels),
        )


def _levels(effects: pd.DataFrame, treatment: str, quantity: str) -> pd.DataFrame:
    chosen = (effects["treatment"] == treatment) & (effects["quantity"] == quantity)
    return effects[chosen].set_index("within")


def _row_height(labels: Labels) -> float:
    return max(0.36, 0.1 + MARK * len(labels.models))


def _side_by_side(
    axes: Axes,
    models: Mapping[str, pd.DataFrame],
    rows: Sequence[str],
    labels: Labels,
) -> None:
    marks = model_marks(labels)
    for (model, table), offset in zip(models.items(), offsets(len(models)), strict=True):
        colour, marker = marks[model]
        for place, row in enumerate(list_rows(table.loc[list(rows)])):
            interval(axes, row, place + offset, colour, marker, open_=model in labels.failed)


def draw_rates(
    predictions: Mapping[str, pd.DataFrame],
    labels: Labels,
    contacts: int,
) -> Figure:
    """The rate of each cell by model, and how far outcomes of future contacts scatter about it.

    Models that failed their verdict are drawn hollow.

    Args:
        predictions: of each model (`effects.predict_cells`).
        labels: the words of the analysis.
        contacts: how many future contacts were predicted.
    """
    cells, shown = next(iter(predictions.values()))["cell"].nunique(), compared_cells(predictions)
    tables = {
        m: {quantity: rows.set_index("cell") for quantity, rows in table.groupby("quantity")}
        for m, table in predictions.items()
    }
    with style.canvas("column", 0.95 + _row_height(labels) * len(shown)) as figure:
        axes = figure.subplots()
        rates = {m: by["rate"] for m, by in tables.items()}
        _scatter(
            axes, {m: by["future_successes"] for m, by in tables.items()}, shown, contacts, labels
        )
        _side_by_side(axes, rates, shown, labels)
        style.row_axis(axes, [folded(cell) for cell in shown])
        style.percent_axis(axes.xaxis)
        axes.set_xlabel(f"rate, and share of {contacts} future {labels.contacts}")
        model_legend(axes, labels, list(predictions))
        return render(
            figure,
            f"{labels.percent_interval} intervals of each cell’s rate (thick) and of the share of "
            f"successes among {contacts} future {labels.contacts} (thin)."
            + left_out(cells, "cells that are more alike", "predictions.csv of each model"),
            describe_rates(predictions, shown, labels),
        )


def _scatter(
    axes: Axes,
    futures: Mapping[str, pd.DataFrame],
    cells: Sequence[str],
    contacts: int,
    labels: Labels,
) -> None:
    for (model, table), offset in zip(futures.items(), offsets(len(futures)), strict=True):
        ends = table.loc[list(cells), ["lower", "upper"]].to_numpy() / contacts
        heights = np.arange(len(cells)) + offset
        axes.hlines(
            heights, ends[:, 0], ends[:, 1], color=labels.palette.model(model), linewidth=0.8
        )
