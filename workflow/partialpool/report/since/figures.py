"""The picture of what changed: lifts with their intervals over all kept runs."""

from __future__ import annotations

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.report.colours import INK, NEUTRAL
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.marks import DASHED, MARKERS, cut
from partialpool.report.formats import points
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out, select_largest
from partialpool.report.since.headline import name_kind, of_interest

MOST_LINES = 5
"""Places that are drawn, beside all together."""
FEWEST = 2
"""Runs that make a trend."""
APART = 0.34
"""Between the first and the last mark of one run, where runs are one apart."""
LONG = 10


def draw_trend(trend: pd.DataFrame, labels: Labels) -> Figure | None:
    """Lifts by run; nothing where there is one run alone.

    Args:
        trend: `comparison.compare_runs`.
        labels: the words of the analysis.
    """
    lifts = of_interest(trend, labels)
    runs = list(dict.fromkeys(lifts["label"]))
    if len(runs) < FEWEST:
        return None
    lines = _lines(lifts, runs[-1], labels)
    with style.canvas("wide" if len(runs) > LONG else "column", 3.2) as figure:
        axes = figure.subplots()
        axes.axhline(0, color=INK, linewidth=0.9, linestyle=DASHED, zorder=0.5)
        for place, (name, rows) in enumerate(lines.items()):
            shift = APART * (place / max(1, len(lines) - 1) - 0.5) if len(lines) > 1 else 0
            at = [runs.index(label) + shift for label in rows["label"]]
            low, high = rows["mean"] - rows["lower"], rows["upper"] - rows["mean"]
            axes.errorbar(
                at,
                rows["mean"],
                [low, high],
                color=_colour(rows, labels),
                marker=MARKERS[place % len(MARKERS)],
                markersize=4.6,
                linewidth=1.2,
                elinewidth=1.2,
                label=cut(name, 22),
            )
        axes.set_xticks(range(len(runs)), [cut(run, 12) for run in runs])
        style.points_axis(axes.yaxis)
        axes.set_ylabel(f"{name_kind(labels)}, points")
        figure.legend(loc="outside upper left", ncols=2, handlelength=1.6)
        caption = (
            f"{name_kind(labels, several=True).capitalize()} over all kept runs, with "
            f"{labels.percent_interval} intervals, by the model that answered in each run."
            + left_out(_count(lifts), name_kind(labels, several=True), "trend.csv", len(lines))
        )
        return render(figure, caption, _alternative(lines, runs, caption))


def _lines(lifts: pd.DataFrame, last: str, labels: Labels) -> dict[str, pd.DataFrame]:
    """The rows of each line by its name: those with the largest lifts in the last run."""
    several = lifts["treatment"].nunique() > 1
    keys = lifts["within"].where(lifts["within"] != ALL, f"all {labels.contacts}")
    if several:
        keys = lifts["treatment"] + (", " + keys if labels.within else "")
    named = lifts.assign(key=keys)
    newest = named[named["label"] == last].set_index("key")["mean"]
    chosen = select_largest(newest, MOST_LINES)
    return {key: named[named["key"] == key] for key in chosen}


def _count(lifts: pd.DataFrame) -> int:
    return len(lifts[["within", "treatment"]].drop_duplicates())


def _colour(rows: pd.DataFrame, labels: Labels) -> str:
    if rows["within"].iloc[0] == ALL:
        return INK if labels.within else NEUTRAL
    return labels.place_colours.get(rows["within"].iloc[0], NEUTRAL)


def _alternative(lines: dict[str, pd.DataFrame], runs: list[str], caption: str) -> str:
    show = points()
    told = [
        f"{name}: {', '.join(show(mean) for mean in rows['mean'])} points"
        for name, rows in lines.items()
    ]
    return f"{caption} Runs: {', '.join(runs)}. {'; '.join(told)}."
