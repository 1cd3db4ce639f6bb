"""How the levels of a factor differ from their mean, where no treatment is compared.

No level is a reference: each is held to the mean of all, in which every level counts alike, and
ranked among all, draw by draw (Goldstein and Spiegelhalter 1996).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from partialpool.decision.arms import TIE
from partialpool.decision.standing import call_level
from partialpool.posterior.draws import summarise


def rank_levels(
    rates: np.ndarray, levels: tuple[str, ...], interval: float, needed: float, sign: int = 1
) -> pd.DataFrame:
    """Every level with its rate, its rank, and where it stands to the mean of all.

    Args:
        rates: draws x levels.
        levels: their names.
        interval: probability inside the intervals.
        needed: how probable it must be that a level lies above or below the mean to be called so.
        sign: 1 where the highest rate has rank 1, -1 where the lowest has.

    Returns:
        A row per level: `treatment`, its name; `mean`, `sd`, `median`, `lower`, `upper` of the
        rate; `from_mean`, how far it is from the mean of all, expected; `expected_rank` and the
        interval of the rank, `rank_lower` to `rank_upper`; `highest`, `lowest`, the probabilities
        of having that rate (ties share them); `above_mean`, that of being above the mean; and
        `call`, `above`, `below` or `open`.
    """
    steps = _steps(rates)
    highest, lowest = _ends(steps).mean(axis=0), _ends(-steps).mean(axis=0)
    ranks = _rank(-sign * steps)
    difference = rates - rates.mean(axis=1, keepdims=True)
    near = np.abs(difference) <= TIE * np.abs(rates).max(axis=1, initial=0.0)[:, None]
    above = np.where(near, 0.5, difference > 0).mean(axis=0)
    tails = (1 - interval) / 2
    low, high = np.quantile(ranks, [tails, 1 - tails], axis=0, method="inverted_cdf")
    rows = [
        {
            "treatment": level,
            **summarise(rates[:, i], interval),
            "from_mean": float(difference[:, i].mean()),
            "expected_rank": float(ranks[:, i].mean()),
            "rank_lower": float(np.floor(low[i])),
            "rank_upper": float(np.ceil(high[i])),
            "highest": float(highest[i]),
            "lowest": float(lowest[i]),
            "above_mean": float(above[i]),
            "call": call_level(float(above[i]), needed),
        }
        for i, level in enumerate(levels)
    ]
    return pd.DataFrame(rows)


def sum_up(table: pd.DataFrame, needed: float) -> dict[str, Any]:
    """What is found of levels (`rank_levels`), as facts without words.

    Args:
        table: of `rank_levels`.
        needed: how probable a call must be.

    Returns:
        `count` of the levels; `alike`, whether the draws tell none apart; `highest` and `lowest`,
        the level that most probably is, its `probability`, and its rate; `above` and `below`,
        the levels so called, the farthest first; `mean` of the rates; and `needed`.
    """
    by_distance = table.sort_values("from_mean", ascending=False, kind="stable")
    alike = bool(table["from_mean"].abs().max() <= TIE * table["mean"].abs().max())
    return {
        "count": len(table),
        "alike": alike,
        "highest": _first(table, "highest"),
        "lowest": _first(table, "lowest"),
        "above": by_distance["treatment"][by_distance["call"] == "above"].tolist(),
        "below": by_distance["treatment"][by_distance["call"] == "below"].tolist()[::-1],
        "mean": float(table["mean"].mean()),
        "needed": needed,
    }


def _rank(values: np.ndarray) -> np.ndarray:
    """The rank of each in its row, the smallest first; those that are equal share their mean."""
    ranks = np.empty(values.shape)
    for row, here in enumerate(values):
        order = np.sort(here)
        before, until = (np.searchsorted(order, here, side) for side in ("left", "right"))
        ranks[row] = (before + until + 1) / 2
    return ranks


def _steps(rates: np.ndarray) -> np.ndarray:
    """Rates in steps so small that only those which rounding makes differ share one."""
    largest = np.abs(rates).max(axis=1, keepdims=True, initial=0.0)
    return np.asarray(np.round(rates / np.where(largest > 0, largest, 1.0) / TIE))


def _ends(steps: np.ndarray) -> np.ndarray:
    """Whether each is the largest of its draw; those that are share it."""
    first = steps == steps.max(axis=1, keepdims=True)
    return np.asarray(first / first.sum(axis=1, keepdims=True))


def _first(table: pd.DataFrame, chance: str) -> dict[str, Any]:
    row = table.iloc[int(table[chance].argmax())]
    kept = {key: float(row[key]) for key in ("mean", "lower", "upper")}
    return {"level": str(row["treatment"]), "probability": float(row[chance]), **kept}
