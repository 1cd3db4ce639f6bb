"""Tables of the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.report.counts import lift_format, rate_format
from partialpool.report.decision.advice import name_overall
from partialpool.report.decision.unwelcome import tabulate_frequency
from partialpool.report.formats import Format, chance, decimals, integer, percent
from partialpool.report.labels import Labels
from partialpool.report.lifts import row_rates, shown_levels
from partialpool.report.selection import SHOWN, left_out
from partialpool.report.table import Table
from partialpool.report.text import article, capital


def tabulate_lifts(facts: Mapping[str, Any], labels: Labels) -> Table:
    """Rates, lift and call in each level, and for all contacts with one mix.

    Args:
        facts: of one treatment (`answer.decide`).
        labels: the words of the analysis.
    """
    shown, overall = [*shown_levels(facts, SHOWN), facts["overall"]], name_overall(labels)
    rates, lifts = rate_format(_rates(shown)), lift_format(_rates(shown))
    columns: dict[tuple[str, str], tuple[list[Any], Format]] = {
        ("", labels.contacts): ([row["contacts"] for row in shown], integer),
        ("rate", facts["reference"]): ([row["rate_reference"]["mean"] for row in shown], rates),
        ("rate", facts["treatment"]): ([row["rate_treated"]["mean"] for row in shown], rates),
        ("lift, points", "mean"): ([row["lift"]["mean"] for row in shown], lifts),
        ("lift, points", f"{labels.percent_interval} from"): (_of_lift(shown, "lower"), lifts),
        ("lift, points", "to"): (_of_lift(shown, "upper"), lifts),
        ("", "probability of a gain"): ([row["probability_of_gain"] for row in shown], chance),
    }
    frame = pd.DataFrame({name: values for name, (values, _) in columns.items()})
    frame["", "call"] = [row["call"] for row in shown]
    frame.index = pd.Index([row["within"] or overall for row in shown], name=labels.within or "")
    more = left_out(
        len(facts["levels"]), f"levels of {labels.within}, with smaller lifts", "decision.json"
    )
    return Table(
        frame,
        f"Rates under {facts['reference']} and {facts['treatment']}, and the lift in points.",
        note=f"{capital(labels.contacts)}: those with {facts['treatment']}.{more}",
        formats={name: show for name, (_, show) in columns.items()},
        totals=(overall,),
        colours=labels.place_colours,
        first=("lift, points", "probability of a gain", "call"),
    )


def tabulate_yields(yields: Sequence[Mapping[str, Any]], labels: Labels) -> Table | None:
    """Contacts that a success takes, in each level under its best treatment, or by treatment.

    None where no model answers, and of a trait, which is not chosen.
    """
    if not yields or not labels.chosen:
        return None
    if not labels.good:
        return tabulate_frequency(yields, labels)
    low, best = f"{labels.percent_interval} from", yields[0]["median"]
    by, per_success = labels.within or labels.treatment, f"{labels.contacts} per success"
    rows = [
        {
            **({"best treatment": row["treatment"]} if labels.places else {}),
            per_success: row["median"],
            low: row["lower"],
            "to": row["upper"],
            "break-even cost": best / row["median"],
        }
        for row in yields[:SHOWN]
    ]
    names = [row["within"] or row["treatment"] for row in yields[:SHOWN]]
    return Table(
        pd.DataFrame(rows, index=pd.Index(names, name=by)),
        f"{capital(labels.contacts)} that one success takes by {by}, the fewest first.",
        note=f"Break-even cost: what {article(labels.contact)} may cost, as a share of one in the "
        "first row, for a success to cost the same."
        + left_out(len(yields), f"levels of {by}", "decision.json"),
        formats=dict.fromkeys((per_success, low, "to"), decimals(1))
        | {"break-even cost": percent()},
        colours=labels.palette.levels(by),
        first=("best treatment", per_success),
    )


def _rates(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    return [rate for row in rows for rate in row_rates(row)]


def _of_lift(rows: Sequence[Mapping[str, Any]], what: str) -> list[float]:
    return [row["lift"][what] for row in rows]
