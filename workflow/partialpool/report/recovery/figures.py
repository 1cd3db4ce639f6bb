"""Pictures of recovery: how often a lift is called, and how wide its interval is, by contacts."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from partialpool.frames import list_rows
from partialpool.report.colours import INK
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import DASHED, MARKERS
from partialpool.report.formats import integer, points
from partialpool.report.labels import Labels
from partialpool.report.recovery.text import describe_power, describe_widths


def draw_power(lifts: pd.DataFrame, share: float, labels: Labels, model: str) -> Figure:
    """The share of campaigns in which each lift is called, with two standard errors.

    Args:
        lifts: `text.summarise_lifts`, of one treatment.
        share: of the campaigns that is asked for.
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    with style.canvas("column", 2.9) as figure:
        axes = figure.subplots()
        axes.axhline(share, color=INK, linewidth=0.8, linestyle=DASHED)
        _lines(
            axes, lifts, lambda lift: "gain" if lift >= 0 else "loss", labels.palette.model(model)
        )
        axes.set_ylim(-0.03, 1.03)
        style.percent_axis(axes.yaxis)
        _contacts(axes, lifts, labels)
        axes.figure.legend(loc="outside upper left", ncols=3)
        what = labels.vocabulary.lift
        return render(
            figure,
            f"Share of campaigns in which the {model} model calls the {what}, by how many "
            f"{labels.contacts} they have. Bars are two Monte Carlo standard errors; dashed is the "
            "share asked for.",
            describe_power(lifts, share, labels),
        )


def draw_widths(lifts: pd.DataFrame, labels: Labels, model: str) -> Figure:
    """The mean width of the lift's interval by contacts.

    Args:
        lifts: `text.summarise_lifts`, of one treatment.
        labels: the words of the analysis.
        model: its name, for its colour.
    """
    with style.canvas("column", 2.6) as figure:
        axes = figure.subplots()
        _lines(axes, lifts, lambda _: "width", labels.palette.model(model))
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}"))
        axes.set_ylabel("points")
        _contacts(axes, lifts, labels)
        axes.figure.legend(loc="outside upper left", ncols=3)
        what = labels.vocabulary.lift
        return render(
            figure,
            f"Mean width of the {labels.percent_interval} interval of the {what} by the {model} "
            f"model, by how many {labels.contacts} the campaigns have.",
            describe_widths(lifts, labels),
        )


def _lines(axes: Axes, lifts: pd.DataFrame, column: object, colour: str) -> None:
    for (lift, own), marker in zip(lifts.groupby("lift"), cycle(MARKERS), strict=False):
        rows = list_rows(own.sort_values("contacts"))
        name = column(lift)  # type: ignore[operator]
        axes.errorbar(
            [row["contacts"] for row in rows],
            [row[name] for row in rows],
            [2 * row[f"{name}_se"] for row in rows],
            color=colour,
            marker=marker,
            markersize=5,
            linewidth=1.3,
            elinewidth=1,
            label=f"{points(_places(lift))(lift)} points",
        )


def _places(lift: object) -> int:
    size = 100 * float(lift)  # type: ignore[arg-type]
    return 0 if abs(size - round(size)) < 1e-9 else 1


def _contacts(axes: Axes, lifts: pd.DataFrame, labels: Labels) -> None:
    sizes = sorted(set(lifts["contacts"]))
    axes.set_xscale("log")
    axes.set_xticks(sizes)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: integer(x)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(labels.contacts)
