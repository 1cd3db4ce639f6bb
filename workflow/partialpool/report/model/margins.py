"""Sentences on predictive checks of margins."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from partialpool.checks.margins import CELLS, CENTRAL
from partialpool.frames import Row, list_rows
from partialpool.report.formats import integer, percent
from partialpool.report.labels import Labels
from partialpool.report.selection import select_largest
from partialpool.report.text import capital, listed, plain, some, words

NAMED = 2
"""Levels that a sentence on a missed margin names at most."""


def name_margin(margin: str) -> str:
    """What counts are summed by: `by promo and channel`, `cell by cell`."""
    if margin == CELLS:
        return "cell by cell"
    return f"by {listed([words(factor) for factor in margin.split(':')])}"


def state_margins(
    tests: pd.DataFrame, checks: pd.DataFrame, predictive: pd.DataFrame, labels: Labels
) -> str:
    """What predictive checks of cells and margins find, a line for each.

    Args:
        tests: `margins.judge_margins`.
        checks: `margins.Margin.check` of every margin and kind.
        predictive: `predictive_figures.check_cells` of both kinds.
        labels: the words of the analysis.
    """
    of_cells = predictive.rename(columns={"cell": "level"}).assign(margin=CELLS)
    everything = pd.concat([of_cells, checks], ignore_index=True)
    rows = list_rows(tests[tests["kind"] == "posterior"])
    lines = [f"- {_after(row, _levels_of(everything, row), labels)}" for row in rows]
    before = tests[tests["kind"] == "prior"]
    if not before.empty:
        lines.append(f"- {_before(list_rows(before), everything)}")
    return "\n".join(lines)


def _after(row: Row, levels: pd.DataFrame, labels: Labels) -> str:
    count, covered = row["levels"], row["covered"]
    level = "cell" if row["margin"] == CELLS else "level"
    held_levels = (
        f"{integer(covered)} of {integer(count)} {level}s" if count > 1 else f"the one {level}"
    )
    if count == 1 and not covered:
        held_levels = f"not the one {level}"
    held = f"the {labels.percent_interval} interval holds {held_levels}"
    chance = f"; by chance alone it would hold at least {integer(row['least'])}"
    held += chance if row["least"] and count > 1 else ""
    if not row["missed"]:
        return f"{capital(name_margin(row['margin']))}: {held}."
    far = list_rows(levels.set_index("level").loc[_farthest(levels)].reset_index())
    seen = [
        f"{plain(r['level'])} ({integer(r['successes'])} observed, {integer(r['lower'])} to "
        f"{integer(r['upper'])} predicted)"
        for r in far
    ]
    return (
        f"**{capital(name_margin(row['margin']))} the model misses what was observed:** {held}; "
        f"farthest off: {listed(seen)}."
    )


def _before(rows: Sequence[Row], everything: pd.DataFrame) -> str:
    """Whether the counts were among what the prior held possible."""
    surprised = [row for row in rows if row["missed"]]
    centre = f"the central {percent()(CENTRAL)} of what the prior predicts"
    if not surprised:
        return f"Before the data: every observed count, of cells and margins, lies in {centre}."
    named = []
    for row in surprised:
        levels = _levels_of(everything, row)
        outside = levels[(levels["pit"] - 0.5).abs() > CENTRAL / 2]["level"]
        named.append(f"{name_margin(row['margin'])} {some([plain(level) for level in outside])}")
    return (
        f"Before the data: the counts lie outside {centre} {'; '.join(named)}. The prior held what "
        "was observed there for all but impossible."
    )


def _levels_of(everything: pd.DataFrame, row: Row) -> pd.DataFrame:
    here = (everything["margin"] == row["margin"]) & (everything["kind"] == row["kind"])
    found: pd.DataFrame = everything[here]
    return found


def _farthest(levels: pd.DataFrame) -> list[str]:
    """The levels that are farthest off, outside the draws' reach by how far."""
    pit = (levels["pit"] - 0.5).abs()
    away = ((levels["successes"] - levels["mean"]) / levels["sd"]).abs()
    scale = (pit + away.fillna(0) / 1e6).set_axis(levels["level"])
    return select_largest(scale, NAMED)
