"""How lifts change between the levels of another factor, as between periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.decision.weighed import Weighed
from partialpool.frames import list_rows
from partialpool.report.decision.advice import name_overall
from partialpool.report.decision.segments import show_points
from partialpool.report.formats import Format, chance, decimals
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.selection import SHOWN, left_out
from partialpool.report.table import Table
from partialpool.report.text import MOST_NAMED, plain
from partialpool.report.treatment import lift_of


def tell_changes(weighed: Weighed, labels: Labels) -> str:
    """How lifts change between the levels of another factor, under a heading, over all places."""
    rows = _changes(weighed)
    if rows.empty:
        return ""
    show = show_points(weighed)
    over_all = rows[(rows["within"] == "") & (rows["quantity"] == "lift_change")]
    said = [_change(row, labels, show) for row in list_rows(over_all.head(MOST_NAMED))]
    return "\n\n".join(["## How lifts change", " ".join(said), fill("decision/double_difference")])


def tabulate_changes(weighed: Weighed, labels: Labels) -> Table | None:
    """Each lift and its change, in points and as a ratio of odds ratios, beside the counts'."""
    rows = _changes(weighed)
    if rows.empty:
        return None
    several = rows["treatment"].nunique() > 1
    frame, formats = _columns(rows, several, labels, show_points(weighed))
    total, frame = len(frame), frame.iloc[: 2 * SHOWN]
    names = {"": name_overall(labels)}
    frame.index = pd.MultiIndex.from_tuples(
        [(names.get(key[0], key[0]), *key[1:]) for key in frame.index],
        names=[labels.within or "", *([labels.treatment] if several else []), ""],
    )
    return Table(
        frame,
        f"Lifts over {labels.reference} and how they change from {rows['between'].iloc[0]}.",
        note="Counts: the same from the counts alone."
        + left_out(total, "lifts", "changes.csv", 2 * SHOWN),
        formats=formats,
        first=("change, points",),
    )


def _columns(
    rows: pd.DataFrame, several: bool, labels: Labels, points: Format
) -> tuple[pd.DataFrame, dict[tuple[str, str], Format]]:
    """A row for each place, arm where there are several, and level; and how columns read."""
    low = f"{labels.percent_interval} from"
    by = ["within", *(["treatment"] if several else []), "between"]
    wide = {name: of.set_index(by) for name, of in rows.groupby("quantity", sort=False)}
    lifts = wide["lift"]
    empty = lifts.iloc[:0]
    formats: dict[tuple[str, str], Format] = {}
    columns: dict[tuple[str, str], pd.Series[Any]] = {}
    for name, quantity, show in (
        ("lift, points", "lift", points),
        ("change, points", "lift_change", points),
        ("ratio of odds ratios", "odds_ratio_change", decimals(2)),
    ):
        of = wide.get(quantity, empty).reindex(lifts.index)
        for head, column in (
            ("mean", "mean"),
            (low, "lower"),
            ("to", "upper"),
            ("counts", "crude"),
        ):
            columns[name, head], formats[name, head] = of[column], show
    return pd.DataFrame(columns), formats


def _changes(weighed: Weighed) -> pd.DataFrame:
    return weighed.tables.get("changes", pd.DataFrame())


def _change(row: Mapping[str, Any], labels: Labels, show: Format) -> str:
    """One change over all places."""
    lift, since, level = (
        lift_of(labels, row["treatment"]),
        *map(plain, (row["since"], row["between"])),
    )
    if row["lower"] == row["upper"] == 0:
        return f"In the model that answers {lift} is the same at {since} and {level}."
    size = f"**{show(row['mean'])} points**"
    better = "" if labels.good or not labels.chosen else ", where lower is better"
    return (
        f"From {since} to {level}, {lift} changes by {size} ({labels.percent_interval} interval "
        f"{show(row['lower'])} to {show(row['upper'])}); the probability that it rises is "
        f"{chance(row['above_null'])}{better}. The counts alone say {show(row['crude'])}."
    )
