"""The table of a second computation of a posterior beside Stan's draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.formats import decimals
from partialpool.shown import telling
from partialpool.tables import Table
from partialpool.wording.parameters import left_out

STAN, ORACLE, APART = "Stan", "Second computation", "Standard errors apart"
COLUMNS = {
    "mean": (STAN, "mean"),
    "mean_error": (STAN, "error"),
    "sd": (STAN, "sd"),
    "oracle_mean": (ORACLE, "mean"),
    "oracle_mean_error": (ORACLE, "error"),
    "oracle_sd": (ORACLE, "sd"),
    "location": (APART, "location"),
    "spread": (APART, "spread"),
}


def tabulate_oracle(table: pd.DataFrame, facts: Mapping[str, Any], model: str) -> Table | None:
    """Mean and sd of each parameter by both, and how far they differ; none without a check.

    Args:
        table: `agreement.compare`.
        facts: `agreement.consult`.
        model: its name.
    """
    if not facts["checked"]:
        return None
    rows = table.set_index("parameter")
    apart = rows[["location", "spread"]].abs().max(axis=1)
    frame = rows.loc[telling(apart), list(COLUMNS)]
    frame = frame.set_axis(pd.MultiIndex.from_tuples(COLUMNS.values()), axis=1)
    formats = {name: decimals(1 if name[0] == APART else 3) for name in frame.columns}
    formats |= {name: decimals(4) for name in frame.columns if name[1] == "error"}
    caveat = ""
    if not facts["agreed"]:
        beyond = ~(apart[frame.index] <= facts["limit"])
        frame["", "caveat"] = np.where(beyond, "disagree", "")
        caveat = f"Caveat: more than {facts['limit']:.1f} standard errors apart. "
    return Table(
        frame,
        f"The posterior of the {model} model by Stan and by importance sampling.",
        note=f"{caveat}Error: Monte Carlo standard error of the mean. Location and spread are "
        "compared by ranks among Stan’s draws, so that heavy tails do no harm."
        + left_out(len(rows), "parameters, all nearer to each other", "oracle.csv"),
        formats=formats,
    )
