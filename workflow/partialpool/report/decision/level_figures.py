"""The picture of levels that are ranked: their rates in order, on one axis."""

from __future__ import annotations

import pandas as pd

from partialpool.report.colours import INK, PAPER, SOFT
from partialpool.report.counts import margin, rate_format
from partialpool.report.decision.level_table import more_levels, select_levels
from partialpool.report.drawing import Figure, render
from partialpool.report.drawing.marks import DASHED
from partialpool.report.drawing.rows import column, rate_axis, rows, spell
from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN


def draw_levels(levels: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> Figure | None:
    """The rate of every level with its interval in order, the mean, and the rate in the counts.

    Args:
        levels: as for `tabulate_levels`.
        margins: as for `tabulate_levels`.
        labels: as for `tabulate_levels`.
    """
    ranked = select_levels(levels, SHOWN)
    if ranked.empty:
        return None
    seen = margin(margins, labels.treatment).loc[list(ranked["treatment"])]
    mean = float(levels["mean"].mean())
    with rows(ranked["treatment"], labels, legend=False) as (figure, axes):
        axes.axvline(mean, color=SOFT, linewidth=1, linestyle=DASHED)
        for at, row in enumerate(ranked.to_dict("records")):
            axes.plot([row["lower"], row["upper"]], [at, at], color=INK, linewidth=2)
            axes.plot(row["mean"], at, "o", color=INK, ms=6)
        axes.plot(
            seen["rate"], range(len(seen)), "o", color=INK, markerfacecolor=PAPER, ms=5, ls="none"
        )
        column(axes, [f"{integer(n)} {labels.contacts}" for n in seen["trials"]])
        rate_axis(axes, 0 if ranked["upper"].max() >= 0.1 else 1)
        axes.set_xlabel(f"{labels.contacts} that {labels.verb}")
        caption = (
            f"The rate of every level of {labels.treatment}, the best first: mean and "
            f"{labels.percent_interval} interval in the model, and (open) the rate in the counts. "
            f"Dashed: the mean of the levels.{more_levels(levels, labels, SHOWN)}"
        )
        told = ranked.set_index("treatment")[["mean"]].rename(columns={"mean": "rate"})
        return render(figure, caption, f"{caption} {spell(told, rate_format(ranked['mean']))}")
