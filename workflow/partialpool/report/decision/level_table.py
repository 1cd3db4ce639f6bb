"""Tables of levels that are ranked: their rates, their ranks, and where they stand to the mean."""

from __future__ import annotations

from typing import Any

import pandas as pd

from partialpool.report.counts import margin, rate_format
from partialpool.report.formats import Format, chance, decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out, select_largest
from partialpool.report.table import Table

FIRST_SHOWN = 12
"""Rows of the table that stands with the answer."""
WHERE = "decision/levels.csv"


def tabulate_standing(levels: pd.DataFrame, labels: Labels) -> Table | None:
    """Every level at a glance, the best first; None where none is ranked."""
    ranked = select_levels(levels, FIRST_SHOWN)
    if ranked.empty:
        return None
    frame = _rates(ranked, labels).assign(**_standing(ranked))
    return Table(
        frame,
        f"Every level of {labels.treatment}, the best first: its rate and where it stands.",
        note=_note(levels, labels, FIRST_SHOWN),
        formats=_formats(ranked, labels),
        first=("rate", "rank", "above the mean"),
    )


def tabulate_levels(levels: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> Table | None:
    """The same of more levels, with the counts beside what the model makes of them.

    Args:
        levels: of the model that answers (`levels.rank_levels`).
        margins: `figures.tabulate_margins`.
        labels: the words of the analysis.
    """
    ranked = select_levels(levels, SHOWN)
    if ranked.empty:
        return None
    seen = margin(margins, labels.treatment).loc[list(ranked["treatment"])]
    counts = {
        labels.noun: seen["successes"].to_numpy(dtype=int),
        labels.contacts: seen["trials"].to_numpy(dtype=int),
        "rate in the counts": seen["rate"].to_numpy(),
    }
    rates = _rates(ranked, labels).rename(columns={"rate": "rate in the model"})
    frame = (
        pd.DataFrame(counts, index=rates.index)
        .join(rates)
        .assign(
            **{"expected rank": ranked["expected_rank"].to_numpy()},
            **{name: _standing(ranked)[name] for name in ("rank", "above the mean")},
        )
    )
    show = rate_format([*ranked["mean"], *seen["rate"]])
    return Table(
        frame,
        f"Every level of {labels.treatment}, the best first: its counts, its rate, its rank.",
        note=_note(levels, labels, SHOWN),
        formats=_formats(ranked, labels)
        | dict.fromkeys(("rate in the counts", "rate in the model"), show),
        first=("rate in the model", "rank", "above the mean"),
    )


def select_levels(levels: pd.DataFrame, most: int) -> pd.DataFrame:
    """The levels that are farthest from their mean, the best first."""
    if levels.empty:
        return levels
    far = select_largest(levels.set_index("treatment")["from_mean"], most)
    chosen = levels[levels["treatment"].isin(far)]
    return chosen.sort_values(["expected_rank", "treatment"], kind="stable")


def _rates(ranked: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    low = f"{labels.percent_interval} from"
    return pd.DataFrame(
        {
            "rate": ranked["mean"].to_numpy(),
            low: ranked["lower"].to_numpy(),
            "to": ranked["upper"].to_numpy(),
        },
        index=pd.Index(list(ranked["treatment"]), name=labels.treatment),
    )


def _standing(ranked: pd.DataFrame) -> dict[str, Any]:
    ends = zip(ranked["rank_lower"], ranked["rank_upper"], strict=True)
    return {
        "rank": [integer(a) if a == b else f"{integer(a)} to {integer(b)}" for a, b in ends],
        "highest": ranked["highest"].to_numpy(),
        "lowest": ranked["lowest"].to_numpy(),
        "above the mean": ranked["above_mean"].to_numpy(),
    }


def _formats(ranked: pd.DataFrame, labels: Labels) -> dict[str, Format]:
    names = ("rate", f"{labels.percent_interval} from", "to")
    standing = dict.fromkeys(("highest", "lowest", "above the mean"), chance)
    shown = dict.fromkeys(names, rate_format(ranked["mean"]))
    return shown | standing | {"expected rank": decimals(1)}


def more_levels(levels: pd.DataFrame, labels: Labels, shown: int) -> str:
    """How many levels are not shown, and where they are."""
    return left_out(len(levels), f"levels of {labels.treatment}, nearer to the mean", WHERE, shown)


def _note(levels: pd.DataFrame, labels: Labels, shown: int) -> str:
    return f"Rank: {labels.percent_interval} interval.{more_levels(levels, labels, shown)}"
