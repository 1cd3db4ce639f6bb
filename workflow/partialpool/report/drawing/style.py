"""One look, one set of canvases and one kind of axis for every figure of a report."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FuncFormatter

from partialpool.report.colours import INK, NEUTRAL, RULE, SOFT
from partialpool.report.formats import percent, points

FONTS = Path(__file__).resolve().parents[3] / "templates" / "fonts"
FAMILY = "Pool Sans"

Width = Literal["small", "column", "wide"]
# In inches. A page shows a point as up to 1.6 px, and wide figures scroll sideways on a phone.
WIDTHS: dict[Width, float] = {"small": 3.1, "column": 4.35, "wide": 7.0}

SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "partialpool",
    "text.parse_math": False,  # a level named "$5" is text
    "text.color": INK,
    "font.family": [FAMILY],
    "font.size": 10,
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.03,
    "figure.constrained_layout.w_pad": 0.02,
    "axes.facecolor": "none",
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.labelcolor": SOFT,
    "axes.labelsize": 9.6,
    "axes.titlesize": 10,
    "axes.titleweight": 600,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.prop_cycle": cycler(color=[NEUTRAL]),  # a colour means something, so none comes by itself
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "xtick.color": SOFT,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 9.6,
    "xtick.major.size": 3,
    "ytick.color": SOFT,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 9.6,
    "ytick.left": False,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": 9.6,
    "hatch.linewidth": 0.8,
}


@cache
def _add_fonts() -> None:
    for weight in (400, 600):
        fontManager.addfont(FONTS / f"sans-{weight}.ttf")


@contextmanager
def settings() -> Iterator[None]:
    """Draw in the report's look, for as long as the context lasts."""
    _add_fonts()
    with matplotlib.rc_context(SETTINGS):
        yield


@contextmanager
def canvas(width: Width = "column", height: float = 2.6) -> Iterator[Figure]:
    """Open an empty figure of a standard width, to be drawn on and rendered within the context."""
    with settings():
        yield Figure(figsize=(WIDTHS[width], height))


def row_axis(axes: Axes, labels: Sequence[str]) -> None:
    """Set one named row per label, row i at y = i from the top, and gridlines across the values."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", visible=True)


def percent_axis(axis: Axis, decimals: int = 0) -> None:
    """Show fractions as percentages, with more decimals where the ticks need them to differ."""
    axis.set_major_formatter(FuncFormatter(lambda x, _: percent(_decimals(axis, decimals))(x)))


def points_axis(axis: Axis, decimals: int = 0) -> None:
    """Show differences of fractions as signed percentage points, as `percent_axis` does."""
    axis.set_major_formatter(FuncFormatter(lambda x, _: points(_decimals(axis, decimals))(x)))


def _decimals(axis: Axis, least: int) -> int:
    """How many decimals of a percentage tell the axis' ticks apart, three at most."""
    steps = 100 * np.diff(axis.get_majorticklocs())
    exact = (d for d in range(least, 3) if np.allclose(steps, np.round(steps, d), atol=1e-6))
    return next(exact, 3) if len(steps) else least


def log_odds_axis(axes: Axes, label: str = "log-odds", probability: bool = True) -> None:
    """Label x as log-odds and, above, as probabilities; to be called once the limits are set."""
    axes.set_xlabel(label)
    if not probability:
        return
    low, high = axes.get_xlim()
    marks = _readable_probabilities(low, high)
    top = axes.secondary_xaxis("top")
    top.set_ticks(np.log(marks / (1 - marks)), [f"{100 * mark:g}%" for mark in marks])
    top.tick_params(length=3, labelcolor=SOFT)
    top.set_xlabel("as a probability")


def _readable_probabilities(low: float, high: float) -> np.ndarray:
    candidates = np.array(
        [0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999]
    )
    chosen: list[float] = []
    for mark in sorted(candidates, key=lambda p: abs(p - 0.5)):
        at = [np.log(p / (1 - p)) for p in (mark, *chosen)]
        if low <= at[0] <= high and all(
            abs(at[0] - other) > 0.1 * (high - low) for other in at[1:]
        ):
            chosen.append(float(mark))
    return np.array(sorted(chosen))
