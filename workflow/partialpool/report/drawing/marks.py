"""Marks that several figures share: zero lines, folded names, intervals, legends of models."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from partialpool.frames import Row
from partialpool.report.colours import INK, PAPER
from partialpool.report.labels import Labels

DASHED = (0, (4, 3))
CLEAR = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
"""The ground of a text that lines would run through."""
MARKERS = "osD^vPX<>*"
"""A marker for each model, beside its colour; taken in turn where there are more models."""


def zero_line(axes: Axes) -> None:
    """A dashed line where there is no effect."""
    axes.axvline(0, color=INK, linewidth=0.9, linestyle=DASHED, zorder=0.5)


def folded(name: str, letters: int = 17, lines: int = 2) -> str:
    """A name in short lines, the last one cut where it needs more of them."""
    parts = textwrap.wrap(name, letters, break_on_hyphens=False)
    if len(parts) > lines:
        parts = [*parts[: lines - 1], cut(" ".join(parts[lines - 1 :]), letters)]
    return "\n".join(parts)


def cut(name: str, letters: int) -> str:
    """A name on one line, cut in its middle where it is longer."""
    half = (letters - 1) // 2
    return name if len(name) <= letters else f"{name[:half]}…{name[-half:]}"


def interval(
    axes: Axes,
    row: Row,
    y: float,
    colour: str,
    marker: str = "o",
    open_: bool = False,
) -> None:
    """Mean and interval of one quantity at height y; `open_` leaves the mark hollow."""
    axes.plot([row["lower"], row["upper"]], [y, y], color=colour, linewidth=1.9)
    face = PAPER if open_ else colour
    axes.plot(row["mean"], y, marker, color=colour, markersize=5.4, markerfacecolor=face)


def offsets(count: int, spread: float = 0.66) -> np.ndarray:
    """Where several marks go in one row, from the top, about its middle."""
    if count == 1:
        return np.zeros(1)
    return np.linspace(-spread / 2, spread / 2, count)


def model_marks(labels: Labels) -> dict[str, tuple[str, str]]:
    """Colour and marker of each model."""
    return {
        name: (labels.palette.model(name), MARKERS[i % len(MARKERS)])
        for i, name in enumerate(labels.models)
    }


def model_legend(axes: Axes, labels: Labels, models: Sequence[str]) -> None:
    """Name the models above the axes, at most two to a line."""
    marks = model_marks(labels)
    handles = [
        Line2D([], [], color=marks[m][0], marker=marks[m][1], markersize=5.4, label=cut(m, 22))
        for m in models
    ]
    axes.figure.legend(
        handles=handles, loc="outside upper left", ncols=2, handlelength=1.6, columnspacing=1.4
    )
