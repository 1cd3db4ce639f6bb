"""Tables of one model: predictive checks and diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.report.formats import Format, integer
from partialpool.report.labels import Labels
from partialpool.report.model.parameters import worst_predicted
from partialpool.report.model.text import CHECKS
from partialpool.report.selection import left_out
from partialpool.report.table import Table, Told


def tabulate_predictive(predictive: pd.DataFrame, labels: Labels, model: str) -> Table:
    """Observed successes against the predictive intervals; the worst cells if many.

    Args:
        predictive: `predictive_figures.check_cells` of every kind, with `kind` and `cell`.
        labels: the words of the analysis.
        model: its name.
    """
    cells = worst_predicted(predictive)
    kinds = {k: rows.set_index("cell").loc[cells] for k, rows in predictive.groupby("kind")}
    posterior = kinds["posterior"]
    frame = posterior[["trials", "successes"]].set_axis(
        pd.MultiIndex.from_tuples([("", "trials"), ("", "observed")]), axis=1
    )
    for kind in ("prior", "posterior"):
        if kind in kinds:
            frame[f"{kind.capitalize()} predictive", "from"] = kinds[kind]["lower"]
            frame[f"{kind.capitalize()} predictive", "to"] = kinds[kind]["upper"]
    formats: dict[Any, Format] = dict.fromkeys(frame.columns, integer)
    caveat = ""
    if not posterior["covered"].all():
        caveat = "Caveat: of the posterior predictive interval."
        frame["", "caveat"] = np.where(posterior["covered"], "", "outside the interval")
    when = "before and after the data" if "prior" in kinds else "after the data"
    total = int((predictive["kind"] == "posterior").sum())
    more = left_out(total, "cells, all better predicted", "predictive.csv")
    return Table(
        frame.rename_axis("cell"),
        f"Successes in each cell: observed, and the {labels.percent_interval} intervals that "
        f"the {model} model predicts {when}.",
        note=f"{caveat}{more}".strip(),
        formats=formats,
        first=("observed", "Posterior predictive", "caveat"),
    )


def tabulate_verdict(verdict: Mapping[str, Any], model: str) -> Table:
    """Every check of the verdict: found, limit, where it is worst, and whether it passed."""
    rows = [
        {
            "check": CHECKS[check["check"]],
            "found": None if check["found"] != check["found"] else _found(check["found"]),
            "limit": Told(f"{check['limit']:g}", check["limit"]),
            "worst for": check["worst"],
            "passed": check["passed"],
        }
        for check in verdict["checks"]
    ]
    return Table(
        pd.DataFrame(rows).set_index("check"),
        f"The checks of the verdict on the {model} model.",
        formats={"found": str, "limit": str},
        first=("found", "passed"),
    )


def _found(value: float) -> Told:
    whole = value == round(value) or value >= 1000
    return Told(integer(value) if whole else f"{value:.5g}", value)
