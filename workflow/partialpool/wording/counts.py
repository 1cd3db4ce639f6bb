"""Counts by level as sentences, tables and pictures read them, and how their rates are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from partialpool.effects import ALL
from partialpool.formats import Format, decimals, percent, points
from partialpool.wording.phrases import Labels, listed

SMALL_ODDS = 0.1
MOST_NAMED = 6
"""Items that a sentence names before it says how many more there are."""


def margin(margins: pd.DataFrame, factor: str) -> pd.DataFrame:
    """The rows of one factor (`exploration.tabulate_margins`) by level."""
    return margins[margins["factor"] == factor].set_index("level")


def spread(crossing: pd.DataFrame, column: str, labels: Labels) -> pd.DataFrame:
    """One column of `exploration.cross`, levels of `within` x treatments, NaN for no contacts."""
    table = crossing.pivot(index="within", columns="treatment", values=column)
    levels, treatments = labels.factors[labels.within], labels.factors[labels.treatment]
    return table.reindex(index=list(levels), columns=list(treatments)).astype(float)


def raw_lifts(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Differences of observed rates from the reference: (levels and `ALL`) x other treatments."""
    rates = spread(crossing, "rate", labels)
    rates.loc[ALL] = margin(margins, labels.treatment)["rate"]
    return rates.sub(rates[labels.reference], axis=0).drop(columns=labels.reference)


def rate_format(rates: Iterable[float]) -> Format:
    """Percentages with enough decimals for the largest of some rates."""
    return percent(_places(rates))


def lift_format(rates: Iterable[float]) -> Format:
    """Signed points with as many decimals as the rates that they are differences of."""
    return points(_places(rates))


def odds_format(odds: float) -> str:
    """Odds to 1, with more decimals where they are small."""
    return decimals(3 if abs(odds) >= SMALL_ODDS else 5)(odds)


def some(items: Sequence[str]) -> str:
    """Items in a row, the first few by name."""
    if len(items) <= MOST_NAMED:
        return listed(items)
    return listed([*items[: MOST_NAMED - 1], f"{len(items) - MOST_NAMED + 1} more"])


def ends(values: pd.Series[float]) -> tuple[str, str]:
    """The levels with the smallest and the largest of some values."""
    return str(values.idxmin()), str(values.idxmax())


def _places(rates: Iterable[float]) -> int:
    largest = max(rates, default=1.0)
    return 1 if largest >= 0.1 else 2 if largest >= 0.01 else 3
