"""Tables of the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.formats import decimals, integer, percent, points
from partialpool.tables import Table
from partialpool.wording.phrases import Labels


def tabulate_lifts(facts: Mapping[str, Any], labels: Labels) -> Table:
    """Rates, lift and call in each level, and for all contacts with one mix.

    Args:
        facts: of one treatment (`decision.decide`).
        labels: the words of the analysis.
    """
    low, high = f"{labels.percent_interval} from", "to"
    rows = [
        {
            labels.within: row["within"] or "all, same mix",
            "contacts": row["contacts"],
            facts["reference"]: row["rate_reference"]["mean"],
            facts["treatment"]: row["rate_treated"]["mean"],
            "lift": row["lift"]["mean"],
            low: row["lift"]["lower"],
            high: row["lift"]["upper"],
            "probability of a gain": row["probability_of_gain"],
            "call": row["call"],
        }
        for row in [*facts["levels"], facts["overall"]]
    ]
    rates = dict.fromkeys((facts["reference"], facts["treatment"]), percent(1))
    return Table(
        pd.DataFrame(rows).set_index(labels.within),
        f"Rates under {facts['reference']} and {facts['treatment']}, and the lift in points.",
        note=f"Contacts: those that had {facts['treatment']}.",
        formats=rates
        | {"contacts": integer, "probability of a gain": decimals(3)}
        | dict.fromkeys(("lift", low, high), points(1)),
        totals=("all, same mix",),
        colours=labels.palette.levels(labels.within),
    )


def tabulate_yields(yields: Sequence[Mapping[str, Any]], labels: Labels) -> Table:
    """Contacts that a success takes in each level under its best treatment."""
    low = f"{labels.percent_interval} from"
    best = yields[0]["median"]
    rows = [
        {
            labels.within: row["within"],
            "best treatment": row["treatment"],
            "contacts per success": row["median"],
            low: row["lower"],
            "to": row["upper"],
            "break-even cost": best / row["median"],
        }
        for row in yields
    ]
    return Table(
        pd.DataFrame(rows).set_index(labels.within),
        f"Contacts that one success takes by {labels.within}, the fewest first.",
        note="Break-even cost: what a contact may cost, as a share of one in the first row, for a "
        "success to cost the same.",
        formats=dict.fromkeys(("contacts per success", low, "to"), decimals(1))
        | {"break-even cost": percent()},
        colours=labels.palette.levels(labels.within),
    )
