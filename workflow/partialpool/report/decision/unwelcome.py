"""How often it happens, where an outcome is not welcome: nobody buys it, so no cost is weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.report.formats import decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out
from partialpool.report.table import Table
from partialpool.report.text import MOST_NAMED, listed, plain, words
from partialpool.report.treatment import under

Rows = Sequence[Mapping[str, Any]]
"""The contacts to one that a success takes, the most first (`answer.decide`)."""


def tell_frequency(rows: Rows, labels: Labels) -> str:
    """To how many contacts there is one success, in each level or under each treatment."""
    if not rows:
        return "No model answers, so none is told."
    many = len(rows) > MOST_NAMED
    shown = [rows[0], rows[-1]] if many else rows
    told = [f"in {decimals(1)(row['median'])} {_place(row, labels)}" for row in shown]
    of = f"the {integer(len(rows))} levels of {words(labels.within or labels.treatment)}"
    start = f"Over {of}, about" if many else "About"
    return f"{start} one {labels.one} {listed(told, 'to' if many else 'and')} {plain(labels.verb)}."


def tabulate_frequency(rows: Rows, labels: Labels) -> Table | None:
    """To how many contacts there is one success, the most first; None where no model answers."""
    if not rows:
        return None
    by = labels.within or labels.treatment
    low, to_one = f"{labels.percent_interval} from", f"{labels.contacts} to one"
    frame = pd.DataFrame(
        [
            {
                **({"best treatment": row["treatment"]} if labels.places else {}),
                to_one: row["median"],
                low: row["lower"],
                "to": row["upper"],
            }
            for row in rows[:SHOWN]
        ],
        index=pd.Index([row["within"] or row["treatment"] for row in rows[:SHOWN]], name=by),
    )
    return Table(
        frame,
        f"To how many {labels.contacts} there is one that {labels.verb}, by {by}, the most first.",
        note=left_out(len(rows), f"levels of {by}", "decision.json").strip(),
        formats=dict.fromkeys((to_one, low, "to"), decimals(1)),
        colours=labels.palette.levels(by),
    )


def _place(row: Mapping[str, Any], labels: Labels) -> str:
    with_offer = under(labels, row["treatment"])
    return f"{labels.where(row['within'])} {with_offer}" if row["within"] else with_offer
