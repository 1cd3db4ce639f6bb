"""What changed since a kept run, in one sentence for the first page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from partialpool.frames import Row, list_rows
from partialpool.report.formats import MINUS, chance, decimals
from partialpool.report.labels import Labels
from partialpool.report.text import listed, plain
from partialpool.report.treatment import lift_of, rate_with
from partialpool.runs.differences import BEYOND, MOVED
from partialpool.runs.ladder import DATA, MODEL, PRIORS, VERSIONS

LIFTS = ("lift", "from_mean")
"""The quantities that the sentence is about."""
CAUSES = {
    VERSIONS: "other versions of the software",
    DATA: "other data",
    PRIORS: "other priors",
    MODEL: "another model or question",
}
Tables = Mapping[str, pd.DataFrame]


def name_run(label: str) -> str:
    """A kept run after `since`: `October 2026` for 2026-10, `31 October 2026`, else its label."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", label):
        try:
            day = date.fromisoformat(label if len(label) > len("2026-10") else f"{label}-01")
        except ValueError:
            return f"the run kept as {plain(label)}"
        month = day.strftime("%B %Y")
        return month if len(label) == len("2026-10") else f"{day.day} {month}"
    return f"the run kept as {plain(label)}"


def headline(facts: Mapping[str, Any], tables: Tables, labels: Labels) -> str:
    """What changed, in one sentence.

    Args:
        facts: `comparison.compare_runs`.
        tables: the same.
        labels: the words of the analysis.
    """
    since = f"Since {name_run(facts['since'])}"
    if None in facts["models"]:
        return f"{since}, nothing can be compared, because {_silent(facts)}."
    if facts["same"]:
        return f"Nothing changed since {name_run(facts['since'])}."
    if not facts["changed"]:
        return (
            f"{since}, data, priors and model are the same, yet the results differ by more "
            "than their Monte Carlo error."
        )
    if facts["reason"]:
        causes = listed([CAUSES[kind] for kind in facts["changed"]])
        return f"{since}, the results moved with {causes}, which cannot be told apart."
    return f"{since}, {_tell(facts, tables, labels)}."


def of_interest(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """The rows that are told: lifts, or distances from the mean; along a number, rates."""
    return table[table["quantity"].isin(("rate",) if labels.along else LIFTS)]


def name_kind(labels: Labels, several: bool = False) -> str:
    """What these are called: `lift`, `lifts`."""
    return f"{'rate' if labels.along else labels.vocabulary.lift}{'s' if several else ''}"


def count_beyond(steps: pd.DataFrame, labels: Labels) -> tuple[int, int]:
    """How many lifts the data moved by more than chance, and of how many."""
    rows = of_interest(steps[steps["step"] == DATA], labels)
    return int((rows["verdict"] == BEYOND).sum()), len(rows)


def name_quantity(row: Row, labels: Labels) -> str:
    """A rate or lift in a sentence, with where it is: `the lift of the bundle by e-mail`."""
    arm, where = row["treatment"], labels.where(row["within"])
    if row["quantity"] == "from_mean":
        return f"the distance of {labels.treat(arm)} from the mean"
    what = rate_with(labels, arm) if row["quantity"] == "rate" else lift_of(labels, arm)
    return f"{what} {where}" if labels.within else what


def show_points(value: float) -> str:
    """A lift in points without a plus: `24.7`."""
    return decimals(1)(100 * value)


def _tell(facts: Mapping[str, Any], tables: Tables, labels: Labels) -> str:
    steps = tables["steps"]
    lifts = of_interest(steps, labels)
    beyond, moved = ([r for r in list_rows(lifts) if r["verdict"] == v] for v in (BEYOND, MOVED))
    if beyond:
        first = max(beyond, key=lambda row: abs(row["difference"]) / row["chance"])
        return _moved(first, facts, tables, labels) + _others(len(beyond) - 1, labels)
    by_data = DATA in facts["changed"]
    none = f"no {name_kind(labels)} moved by more than chance"
    if not moved:
        error = f"no {name_kind(labels)} moved by more than its Monte Carlo error"
        return none if by_data else error
    said = _moved(max(moved, key=lambda row: abs(row["difference"])), facts, tables, labels)
    return f"{said}; with the data, {none}" if by_data else said


def _moved(row: Row, facts: Mapping[str, Any], tables: Tables, labels: Labels) -> str:
    """How far a lift moved in all, and what of it a step did."""
    key = {name: row[name] for name in ("within", "treatment", "quantity")}
    whole = next(r for r in list_rows(tables["moves"]) if all(r[k] == v for k, v in key.items()))
    then, now = _show_apart(whole["mean_then"], whole["mean_now"])
    went = "rose" if whole["difference"] > 0 else "fell"
    ends = f"{then}% to {now}%" if labels.along else f"{then} to {now} points"
    said = f"{name_quantity(row, labels)} {went} from {ends}"
    alone = facts["changed"] == [row["step"]]
    if row["step"] == DATA:
        sure = f"more than chance (probability {chance(row['p'])})"
        return f"{said}, {sure}" if alone else f"{said}, {_signed(row)} with the data, {sure}"
    cause = f"with {CAUSES[row['step']]}"
    return f"{said} {cause}" if alone else f"{said}, {_signed(row)} {cause}"


def _show_apart(then: float, now: float) -> tuple[str, str]:
    """Two lifts in points, with as many decimals as tell them apart, four at most."""
    shown = [(places(100 * then), places(100 * now)) for places in map(decimals, range(1, 5))]
    return next((pair for pair in shown if pair[0] != pair[1]), shown[-1])


def _signed(row: Row) -> str:
    size = show_points(row["difference"])
    return f"{size if size.startswith(MINUS) else f'+{size}'} points of it"


def _others(count: int, labels: Labels) -> str:
    if not count:
        return ""
    return f"; so did {'one' if count == 1 else count} other {name_kind(labels, count > 1)}"


def _silent(facts: Mapping[str, Any]) -> str:
    then, now = (model is None for model in facts["models"])
    if then and now:
        return "no model answered then or answers now"
    return "no model answered then" if then else "no model answers now"
