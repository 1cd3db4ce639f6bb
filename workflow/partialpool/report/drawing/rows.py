"""Marks of the pictures that have one named row per level, and their words for the blind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import Patch

from partialpool.report.colours import PAPER, SOFT
from partialpool.report.drawing import style
from partialpool.report.drawing.marks import folded
from partialpool.report.formats import Format, percent
from partialpool.report.labels import Labels
from partialpool.report.text import listed

LETTERS, LINES = 17, 3
"""A row's name wraps after so many letters, and is cut after so many lines."""
ROW, DENSE_ROW, LINE, FRAME = 0.34, 0.27, 0.17, 0.58
"""Heights in inches: of a row, of one among many, of a line of text, of the axis below."""
LETTER, COLUMN_GAP = 4.9, 8
"""In points: the width of a figure or letter, and the gap before a column of numbers."""
MANY = 15
LEGEND_LETTERS = 42
"""Treatments whose names have more letters together stand below each other in the legend."""
NARROW = 0.11
"""Segments below this part of the axis are too small for a number."""
ALL_SPELT = 12
"""With more levels than this, an alternative text tells the ends, a legend the first ones."""


@contextmanager
def rows(
    names: Iterable[object], labels: Labels, legend: bool = True, tall: float = 1
) -> Iterator[tuple[Drawing, Axes]]:
    """Open a figure with a row for each name, `tall` times as high as usual.

    With `legend`, the treatments and their colours stand above it.
    """
    shown = [folded(str(name), LETTERS, LINES) for name in names]
    lines = max(name.count("\n") for name in shown) + 1
    row = max((DENSE_ROW if len(shown) > MANY else ROW) * tall, LINE * lines + 0.06)
    treatments = _legend(labels.factors.get(labels.treatment, ()))
    side_by_side = len("".join(treatments)) <= LEGEND_LETTERS
    above = legend * (LINE + 0.04) * (1 if side_by_side else len(treatments))
    with style.canvas("column", FRAME + row * len(shown) + above) as figure:
        axes = figure.subplots()
        style.row_axis(axes, shown)
        if legend:
            _name_treatments(figure, labels, treatments, len(treatments) if side_by_side else 1)
        yield figure, axes


def fills(labels: Labels) -> dict[str, tuple[str, float]]:
    """Colour and opacity of each treatment; where there are too many for colours, shades."""
    colours = labels.palette.levels(labels.treatment)
    distinct = labels.palette.distinct(labels.treatment)
    shades = np.ones(len(colours)) if distinct else np.linspace(0.25, 1, len(colours))
    return {
        level: (colour, float(shade))
        for (level, colour), shade in zip(colours.items(), shades, strict=True)
    }


def stack(axes: Axes, table: pd.DataFrame, labels: Labels, show: Format, full: float) -> None:
    """Rows of segments, one per treatment, numbered where there is room on an axis up to `full`."""
    left = np.zeros(len(table))
    for treatment, (colour, shade) in fills(labels).items():
        values = table[treatment].to_numpy()
        axes.barh(range(len(table)), values, 0.64, left=left, color=colour, alpha=shade)
        for place, (start, value) in enumerate(zip(left, values, strict=True)):
            if value > NARROW * full and shade > 0.8:
                inside(axes, start + value / 2, place, show(value))
        left = left + values


def inside(axes: Axes, x: float, place: float, text: str, colour: str = PAPER) -> None:
    """Write within a bar."""
    axes.text(x, place, text, ha="center", va="center_baseline", color=colour, weight=600)


def beside(axes: Axes, x: float, place: float, text: str, weight: int = 600) -> None:
    """Write at the end of a bar."""
    axes.annotate(
        text, (x, place), (4, 0), textcoords="offset points", va="center_baseline", weight=weight
    )


def dots(axes: Axes, table: pd.DataFrame, labels: Labels) -> None:
    """A dot for each treatment in every row, joined by a line."""
    places = range(len(table))
    axes.hlines(places, table.min(axis=1), table.max(axis=1), color=SOFT)
    for treatment, (colour, shade) in fills(labels).items():
        axes.scatter(
            table[treatment], places, 62, colour, alpha=shade, zorder=3, linewidths=0, clip_on=False
        )


def rate_axis(axes: Axes, places: int) -> None:
    """Percentages below, at steps that so many decimals can say."""
    axes.locator_params(axis="x", nbins=6, steps=[1, 2, 5, 10])
    style.percent_axis(axes.xaxis, places)


def column(axes: Axes, texts: Sequence[str]) -> None:
    """Write a text for each row at the right of the axes, their ends aligned."""
    width = COLUMN_GAP + LETTER * max(map(len, texts))
    for place, text in enumerate(texts):
        axes.annotate(
            text, (1, place), (width, 0), axes.get_yaxis_transform(), "offset points",
            ha="right", va="center_baseline", color=SOFT, annotation_clip=False,
        )  # fmt: skip


def spell(table: pd.DataFrame, show: Format) -> str:
    """A table in words: every row, or its ends where there are many."""
    if len(table) > ALL_SPELT:
        return " ".join(_spell_ends(table[name], str(name), show) for name in table)
    rows = [f"{name}: {_spell_row(row, show)}" for name, row in table.iterrows()]
    return "; ".join(rows) + "."


def bar_format(rates: Iterable[float]) -> tuple[Format, int]:
    """Percentages, whole unless the largest is small, and the decimals of an axis to match."""
    largest = max((rate for rate in rates if rate == rate), default=1.0)
    places = 0 if largest >= 0.1 else 1 if largest >= 0.01 else 2
    return percent(places), places


def _spell_row(row: pd.Series[float], show: Format) -> str:
    said = [f"{name} {'none' if value != value else show(value)}" for name, value in row.items()]
    return said[0].partition(" ")[2] if len(row) == 1 and row.index[0] == "rate" else listed(said)


def _spell_ends(values: pd.Series[float], name: str, show: Format) -> str:
    known = values.dropna()
    if known.empty:
        return f"{name}: none."
    return (
        f"{name}: {len(values)} rows, from {show(known.min())} ({known.idxmin()}) to "
        f"{show(known.max())} ({known.idxmax()})."
    )


def _legend(treatments: Sequence[str]) -> list[str]:
    """The treatments by name, or the first of very many, whose shades are hard to tell apart."""
    named = [folded(name, LEGEND_LETTERS, 1) for name in treatments[:ALL_SPELT]]
    more = len(treatments) - len(named)
    return [*named, f"{more} more, in darker shades"] if more else named


def _name_treatments(figure: Drawing, labels: Labels, names: Sequence[str], columns: int) -> None:
    used = list(fills(labels).values())[: len(names)]
    marks = [Patch(facecolor=colour, alpha=shade) for colour, shade in used]
    numbers = [str(place) for place in range(len(marks))]
    legend = figure.legend(
        marks, numbers, loc="outside upper left", ncols=columns, borderpad=0, handlelength=0.9,
        handleheight=0.9, columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)  # set here, since a legend leaves out names that start with "_"
