"""Tables of one model against its data and its priors: margins, and sensitivities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from partialpool.frames import list_rows
from partialpool.report.formats import Format, chance, decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out, select_largest
from partialpool.report.table import Table

DIAGNOSES = {"": "", "conflict": "prior and data conflict", "weak": "prior outweighs data"}


def tabulate_margins(checks: pd.DataFrame, labels: Labels, model: str) -> Table | None:
    """Observed successes of each margin's levels against the predictive intervals.

    Args:
        checks: `margins.Margin.check` of every margin and kind.
        labels: the words of the analysis.
        model: its name.
    """
    if checks.empty:
        return None
    after = checks[checks["kind"] == "posterior"].reset_index(drop=True)
    shown = sorted(map(int, select_largest((after["pit"] - 0.5).set_axis(after.index.map(str)))))
    rows = after.loc[shown]
    names = [name.replace(":", " and ") for name in rows["margin"]]
    frame = pd.DataFrame(
        {
            ("", "trials"): rows["trials"],
            ("", "observed"): rows["successes"],
        }
    )
    for kind in ("prior", "posterior"):
        of_kind = checks[checks["kind"] == kind].reset_index(drop=True)
        if len(of_kind):
            frame[f"{kind.capitalize()} predictive", "from"] = of_kind.loc[shown, "lower"]
            frame[f"{kind.capitalize()} predictive", "to"] = of_kind.loc[shown, "upper"]
    formats: dict[Any, Format] = dict.fromkeys(frame.columns, integer)
    frame["", "PIT"] = rows["pit"]
    formats["", "PIT"] = chance
    if not rows["covered"].all():
        frame["", "caveat"] = np.where(rows["covered"], "", "outside the interval")
    frame.index = pd.MultiIndex.from_arrays([names, rows["level"]], names=["margin", "level"])
    return Table(
        frame,
        f"Successes summed over cells: observed, and the {labels.percent_interval} intervals that "
        f"the {model} model predicts.",
        note=left_out(len(after), "levels, all better predicted", "predictive_margins.csv").strip(),
        formats=formats,
        first=("observed", "Posterior predictive", "caveat"),
    )


def tabulate_sensitivity(table: pd.DataFrame, model: str) -> Table | None:
    """How far parameters and what is compared move with prior and likelihood; the most movable.

    Args:
        table: `sensitivity.measure_sensitivity`.
        model: its name.
    """
    if table.empty:
        return None
    names = [
        str(row["parameter"]) or f"{row['kind']}, {row['treatment']}, {row['within'] or 'overall'}"
        for row in list_rows(table)
    ]
    rows = table.set_axis(pd.Index(names, name="quantity"))
    rows = rows.loc[select_largest(rows["to_prior"])]
    frame = pd.DataFrame(
        {
            "prior": rows["to_prior"],
            "likelihood": rows["to_likelihood"],
            "caveat": rows["diagnosis"].map(DIAGNOSES),
        }
    )
    return Table(
        frame if (frame["caveat"] != "").any() else frame.drop(columns="caveat"),
        f"Sensitivity of what the {model} model reports to its priors and to the data.",
        note=left_out(len(table), "quantities that lean less on the priors", "sensitivity.csv"),
        formats={"prior": decimals(3), "likelihood": decimals(3)},
    )
