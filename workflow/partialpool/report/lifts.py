"""What is said of a lift wherever it is: its size, its interval, how probable a gain is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.report.counts import lift_format, rate_places
from partialpool.report.formats import chance, decimals
from partialpool.report.labels import Labels
from partialpool.report.selection import select_largest
from partialpool.report.text import MOST_NAMED
from partialpool.report.treatment import lift_of, rate_with, ratio_of


def shown_treatments(decision: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The treatments that a page tells of: all, or those with the largest lifts overall."""
    facts = {f["treatment"]: f for f in decision["treatments"]}
    lifts = pd.Series({t: f["overall"]["lift"]["mean"] for t, f in facts.items()}, dtype=float)
    return [facts[treatment] for treatment in select_largest(lifts, MOST_NAMED)]


def shown_levels(facts: Mapping[str, Any], most: int) -> list[Mapping[str, Any]]:
    """The levels of one treatment that a page tells of: all, or those with the largest lifts."""
    rows = {row["within"]: row for row in facts["levels"]}
    lifts = pd.Series({level: row["lift"]["mean"] for level, row in rows.items()}, dtype=float)
    return [rows[level] for level in select_largest(lifts, most)]


def change(lift: float, rates: Sequence[float], labels: Labels) -> str:
    """A lift in words with the decimals of the rates: `a gain of 2.2 points`, `2.2 points more`."""
    places = rate_places(rates)
    size = decimals(places)(abs(100 * lift))
    vocabulary = labels.vocabulary
    if float(size) == 0:
        return f"a difference of less than {decimals(places)(10.0**-places)} points"
    return (vocabulary.gain_of if lift >= 0 else vocabulary.loss_of).format(size=size)


def interval(summary: Mapping[str, float], rates: Iterable[float], labels: Labels) -> str:
    """The interval of a lift."""
    show = lift_format(rates)
    return (
        f"{labels.percent_interval} interval {show(summary['lower'])} to {show(summary['upper'])}"
    )


def probability(gain: float, labels: Labels) -> str:
    """How probable a gain is, or a loss where that is the more probable."""
    vocabulary = labels.vocabulary
    name, value = (vocabulary.gain, gain) if gain >= 0.5 else (vocabulary.loss, 1 - gain)
    return f"probability of {name} {chance(value)}"


def largest_shift(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The level whose share of the contacts differs most between the two treatments."""
    shifts = [{**m, "shift": abs(m["share_treated"] - m["share_reference"])} for m in facts["mix"]]
    return max(shifts, key=lambda mix: float(mix["shift"]))


def row_rates(row: Mapping[str, Any]) -> tuple[float, float]:
    """The rates under the reference and under the treatment, of one level or overall."""
    return row["rate_reference"]["mean"], row["rate_treated"]["mean"]


def name_leaning(rows: Sequence[Mapping[str, Any]], labels: Labels) -> list[str]:
    """Lifts, rates and ratios in words, each with the levels that it is meant in.

    Args:
        rows: their `kind`, `within` and `treatment`.
        labels: the words of the analysis.
    """
    found = []
    for kind, name in _NAMES.items():
        for treatment in labels.factors.get(labels.treatment) or _in_order(rows):
            of = [row for row in rows if (row["kind"], row["treatment"]) == (kind, treatment)]
            levels = [row["within"] for row in of if row["within"]]
            where = f" {labels.list_places(levels)}" if levels else ""
            found += [f"{name(labels, treatment)}{where}"] if of else []
    return found


def _in_order(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The values of a number that some rows are of."""
    return list(dict.fromkeys(row["treatment"] for row in rows))


_NAMES = {"lift": lift_of, "rate": rate_with, "ratio": ratio_of}
