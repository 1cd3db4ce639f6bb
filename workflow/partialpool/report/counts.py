"""Counts by level as sentences, tables and pictures read them, and how their rates are written."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, log10

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.report.formats import Format, decimals, percent, points
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out, select_largest

SMALL_ODDS = 0.1
SAME = 1e-9
"""Rates that differ by less are one number."""
MOST_PLACES = 6
"""Decimals of a percentage at most."""


def margin(margins: pd.DataFrame, factor: str) -> pd.DataFrame:
    """The rows of one factor (`figures.tabulate_margins`) by level."""
    return margins[margins["factor"] == factor].set_index("level")


def spread(crossing: pd.DataFrame, column: str, labels: Labels) -> pd.DataFrame:
    """One column of `figures.cross`, levels of `within` x treatments, NaN for no contacts."""
    table = crossing.pivot(index="within", columns="treatment", values=column)
    levels, treatments = labels.places, labels.factors[labels.treatment]
    return table.reindex(index=list(levels), columns=list(treatments)).astype(float)


def shown_places(crossing: pd.DataFrame, labels: Labels) -> list[str]:
    """The levels of `within` that are shown: those with the most contacts."""
    return select_largest(spread(crossing, "trials", labels).sum(axis=1))


def more_places(labels: Labels) -> str:
    """How many levels of `within` are not shown, and where they are."""
    what = f"levels of {labels.by}, with fewer {labels.contacts}"
    return left_out(len(labels.factors.get(labels.by or "", ())), what, "crossing.csv")


def raw_lifts(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Differences of observed rates from the reference: (levels and `ALL`) x other treatments."""
    rates = spread(crossing, "rate", labels)
    rates.loc[ALL] = margin(margins, labels.treatment)["rate"]
    return rates.sub(rates[labels.reference], axis=0).drop(columns=labels.reference)


def rate_format(rates: Iterable[float]) -> Format:
    """Percentages with enough decimals for the largest of some rates."""
    return percent(rate_places(rates))


def lift_format(rates: Iterable[float]) -> Format:
    """Signed points with as many decimals as the rates that they are differences of."""
    return points(rate_places(rates))


def odds_format(odds: float) -> str:
    """Odds to 1, with more decimals where they are small."""
    if odds == 0:
        return "0"
    return decimals(3 if abs(odds) >= SMALL_ODDS else 5)(odds)


def ends(values: pd.Series[float]) -> tuple[str, str]:
    """The levels with the smallest and the largest of some values."""
    return str(values.idxmin()), str(values.idxmax())


def rate_places(rates: Iterable[float]) -> int:
    """Decimals of a percentage that the largest of some rates needs, and their differences.

    The smallest and the largest differ in what is shown, unless they are the same but for rounding.
    """
    known = [rate for rate in rates if rate == rate]
    largest = max(known, default=1.0)
    needed = 1 if largest >= 0.1 else 2 if largest >= 0.01 else 3
    apart = largest - min(known, default=largest)
    if apart <= SAME:
        return needed
    return max(needed, min(MOST_PLACES, ceil(-log10(100 * apart))))
