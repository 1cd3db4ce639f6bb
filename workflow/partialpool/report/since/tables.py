"""What changed since a kept run, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.question import ALL
from partialpool.report.counts import rate_places
from partialpool.report.formats import Format, chance, decimals, integer, percent, points
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out, select_largest
from partialpool.report.since.headline import CAUSES, Tables, name_kind, of_interest
from partialpool.report.since.text import VERDICTS
from partialpool.report.table import NONE, Table
from partialpool.runs.ladder import DATA
from partialpool.runs.quantities import KEY

MOST_SETTINGS = 40


def tabulate_moves(tables: Tables, labels: Labels) -> Table | None:
    """Every lift then and now, how far it moved, and what that is called; the largest of many."""
    moves = of_interest(tables["moves"], labels)
    if moves.empty:
        return None
    moves = _with_data_step(moves, tables["steps"])
    shown = _largest(moves)
    frame = pd.DataFrame(
        {
            ("Then", "mean"): shown["mean_then"],
            ("Then", "from"): shown["lower_then"],
            ("Then", "to"): shown["upper_then"],
            ("Now", "mean"): shown["mean_now"],
            ("Now", "from"): shown["lower_now"],
            ("Now", "to"): shown["upper_now"],
            ("Moved", "by"): shown["difference"],
            ("Moved", "chance ±"): shown["chance"],
            ("Moved", "probability"): shown["p"],
            ("Moved", "verdict"): shown["verdict"].map(lambda v: VERDICTS.get(v, NONE)),
        }
    )
    frame.index = _rows(shown, labels)
    show = points(rate_places([0.1]))
    formats: dict[Any, Format] = dict.fromkeys(frame.columns[:7], show)
    formats |= {("Moved", "chance ±"): _blank(lambda x: decimals(1)(100 * x))}
    formats |= {("Moved", "probability"): _blank(chance)}
    caption = f"{_lifts(labels)} then and now, in points, with {labels.percent_interval} intervals."
    note = (
        "Chance: one standard deviation of what chance alone moves a mean by; probability and "
        "verdict are of what moved with the data."
    )
    more = left_out(len(moves), name_kind(labels, several=True), "moves.csv")
    return Table(frame, caption, note + more, formats)


def tabulate_steps(facts: Mapping[str, Any], tables: Tables, labels: Labels) -> Table | None:
    """What each change did to every lift, where several things changed."""
    steps = of_interest(tables["steps"], labels)
    if steps["step"].nunique() < 2:
        return None
    wide = steps.pivot(index=list(KEY), columns="step", values="difference")
    moves = of_interest(tables["moves"], labels)
    shown = _largest(moves)
    frame = wide.reindex(pd.MultiIndex.from_frame(shown[list(KEY)]))[facts["changed"]]
    frame = frame.rename(columns=CAUSES).assign(all=frame.sum(axis=1).to_numpy())
    frame.index = _rows(shown, labels)
    caption = f"{_lifts(labels)}: how far each change moved them, in points."
    more = left_out(len(moves), name_kind(labels, several=True), "steps.csv")
    return Table(frame, caption, more.strip(), dict.fromkeys(frame.columns, points()))


def tabulate_counts(tables: Tables, labels: Labels) -> Table | None:
    """Contacts then and now in every place, and the rates of those that came, by arm."""
    counts = tables["counts"]
    if counts.empty:
        return None
    came = counts["contacts_now"] - counts["contacts_then"]
    won = counts["successes_now"] - counts["successes_then"]
    rows = counts.assign(
        came=came, rate=np.where((came > 0) & (won >= 0), won / came.clip(1), np.nan)
    )
    rows = _in_order(rows, labels)
    shown = rows[rows["within"].isin(_largest_places(rows))]
    frame = pd.DataFrame(
        {
            f"{labels.contacts} then": shown["contacts_then"],
            f"{labels.contacts} now": shown["contacts_now"],
            "rate then": shown["successes_then"] / shown["contacts_then"].clip(1),
            "rate now": shown["successes_now"] / shown["contacts_now"].clip(1),
            "rate of those that came": shown["rate"],
        }
    )
    frame.index = pd.MultiIndex.from_frame(
        shown[["within", "treatment"]].set_axis([labels.within or "", labels.treatment], axis=1)
    )
    if labels.within is None:
        frame.index = frame.index.droplevel(0)
    rate = _blank(percent(1))
    formats = dict.fromkeys(frame.columns[:2], integer) | dict.fromkeys(frame.columns[2:], rate)
    more = left_out(rows["within"].nunique(), "places, which changed less", "counts.csv")
    return Table(frame, "Counts then and now.", more.strip(), formats)


def tabulate_changed(facts: Mapping[str, Any], labels: Labels) -> Table | None:
    """Calls, verdicts, versions and settings that differ."""
    rows = [
        *((f"call {_place(row['of'], labels)}", row) for row in facts["calls"]),
        *((f"verdict on {row['of']}", row) for row in facts["verdicts"]),
        *((row["of"], row) for row in facts["versions"]),
        *((row["key"], row) for row in facts["settings"][:MOST_SETTINGS]),
    ]
    if not rows:
        return None
    frame = pd.DataFrame(
        {end.capitalize(): [row[end] or NONE for _, row in rows] for end in ("then", "now")},
        index=pd.Index([name for name, _ in rows], name=""),
    )
    more = left_out(len(facts["settings"]), "settings", "since.json", MOST_SETTINGS)
    return Table(frame, "Calls, verdicts, versions and settings that differ.", more.strip())


def _with_data_step(moves: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """What is said of the step that the data made, else of the last one."""
    found = steps[steps["step"] == (DATA if (steps["step"] == DATA).any() else steps["step"].max())]
    return moves.merge(found[[*KEY, "chance", "p", "verdict"]], on=list(KEY), how="left")


def _largest(moves: pd.DataFrame) -> pd.DataFrame:
    by_row = moves["difference"].set_axis(range(len(moves)))
    return moves.iloc[[int(row) for row in select_largest(by_row)]]


def _in_order(rows: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Places and arms in the order of their levels; those that only a kept run has, last."""
    order = {
        name: place for place, name in enumerate(dict.fromkeys([*labels.places, *rows["within"]]))
    }
    arms = {name: place for place, name in enumerate(labels.factors.get(labels.treatment, ()))}
    by = [rows["within"].map(order), rows["treatment"].map(arms).fillna(len(arms))]
    return rows.iloc[np.lexsort(by[::-1])]


def _largest_places(rows: pd.DataFrame) -> list[str]:
    return select_largest(rows.groupby("within", sort=False)["came"].sum())


def _rows(shown: pd.DataFrame, labels: Labels) -> pd.Index[Any]:
    """Row headers: the place, and the arm where there are several."""
    places = [name or f"all {labels.contacts}" for name in shown["within"]]
    arms = list(shown["treatment"])
    found: pd.Index[Any] = pd.Index(arms, name=labels.treatment)
    if labels.within is not None and not labels.ranked:
        names = [labels.within, labels.treatment]
        found = pd.MultiIndex.from_arrays([places, arms], names=names)
        found = found if len(set(arms)) > 1 else found.droplevel(1)
    return found


def _lifts(labels: Labels) -> str:
    if labels.along:
        return f"Rates along {labels.treatment}"
    if labels.ranked:
        return "Distances from the mean"
    return f"{labels.vocabulary.lift.capitalize()}s over {labels.reference}"


def _place(of: str, labels: Labels) -> str:
    """A place, and the arm whose lift is called, from `place|arm`."""
    place, _, arm = of.rpartition("|")
    where = "over all" if place == ALL else f"where {labels.within} is {place}"
    return f"of {arm}, {where}" if arm else f"of the arm to choose, {where}"


def _blank(show: Format) -> Format:
    return lambda value: NONE if value != value else show(value)
