"""Tables of one model: estimates, varying effects, predictive checks, diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.formats import decimals, integer
from partialpool.tables import Table
from partialpool.wording.answer import CHECKS
from partialpool.wording.parameters import SHOWN, left_out
from partialpool.wording.phrases import Labels


def tabulate_parameters(
    parameters: pd.DataFrame, diagnostics: pd.DataFrame, labels: Labels, model: str, where: str
) -> Table:
    """Estimates and how exactly the chains give them.

    Args:
        parameters: `posterior.summarise_parameters`.
        diagnostics: `diagnostics.diagnose_parameters`, the same parameters.
        labels: the words of the analysis.
        model: its name.
        where: the file with all of them.
    """
    both = parameters.merge(diagnostics.drop(columns=["mean", "sd"]), on="parameter")[:SHOWN]
    places = supported_decimals(both["mcse_mean"])
    interval = f"{labels.percent_interval} interval"
    columns = {
        ("Posterior", "mean"): "mean",
        ("Posterior", "sd"): "sd",
        (interval, "from"): "lower",
        (interval, "to"): "upper",
        ("Sampler", "R-hat"): "rhat",
        ("Sampler", "bulk ESS"): "ess_bulk",
        ("Sampler", "tail ESS"): "ess_tail",
        ("Sampler", "MCSE"): "mcse_mean",
    }
    frame = pd.DataFrame({name: both[column] for name, column in columns.items()})
    frame.index = pd.Index(both["parameter"], name="parameter")
    formats = dict.fromkeys(list(columns)[:4], decimals(places))
    formats |= {("Sampler", "R-hat"): decimals(4), ("Sampler", "MCSE"): decimals(places + 2)}
    formats |= {("Sampler", f"{kind} ESS"): integer for kind in ("bulk", "tail")}
    return Table(
        frame,
        f"Estimates of the {model} model on the log-odds scale, and what the sampler says of them.",
        note="ESS: effective sample size. MCSE: Monte Carlo standard error of the mean; estimates "
        "are shown to the digits that the largest supports."
        + left_out(len(parameters), "parameters", where),
        formats=formats,
    )


def supported_decimals(errors: pd.Series[float]) -> int:
    """Decimals (at most 3) whose unit is no smaller than the largest Monte Carlo standard error."""
    largest = float(errors.max())
    if not np.isfinite(largest) or largest <= 0:
        return 2
    return int(np.clip(np.floor(-np.log10(largest)), 0, 3))


def tabulate_effects(
    parameters: pd.DataFrame, effects: pd.DataFrame, labels: Labels, model: str, where: str
) -> Table:
    """The varying effects by coefficient and level.

    Args:
        parameters: `posterior.summarise_parameters`.
        effects: `parameters.list_effects`.
        labels: the words of the analysis.
        model: its name.
        where: the file with all of them.
    """
    rows = effects[:SHOWN].merge(parameters, on="parameter")
    low = f"{labels.percent_interval} from"
    columns = {"mean": "mean", "sd": "sd", low: "lower", "to": "upper", "above 0": "above_0"}
    frame = pd.DataFrame({name: rows[column] for name, column in columns.items()})
    titles = rows["coefficient"] + " by " + rows["grouping"]
    frame.index = pd.MultiIndex.from_arrays([titles, rows["level"]], names=["effect", "level"])
    known = [name for name in labels.factors if name in set(rows["grouping"])]
    colours = {k: v for name in known for k, v in labels.palette.levels(name).items()}
    return Table(
        frame,
        f"Varying effects of the {model} model in log-odds, level by level.",
        note="Above 0: the probability of it." + left_out(len(effects), "effects", where),
        formats={"above 0": decimals(3)},
        colours=colours,
    )


def tabulate_predictive(predictive: pd.DataFrame, labels: Labels, model: str, where: str) -> Table:
    """Observed successes of each cell against the prior and posterior predictive intervals.

    Args:
        predictive: `predictive.check_cells` of both kinds, with `kind` and `cell`.
        labels: the words of the analysis.
        model: its name.
        where: the file with all cells.
    """
    prior, posterior = (
        predictive[predictive["kind"] == kind].reset_index(drop=True)[:SHOWN]
        for kind in ("prior", "posterior")
    )
    frame = pd.DataFrame(
        {
            ("", "trials"): posterior["trials"],
            ("", "observed"): posterior["successes"],
            ("Prior predictive", "from"): prior["lower"],
            ("Prior predictive", "to"): prior["upper"],
            ("Posterior predictive", "from"): posterior["lower"],
            ("Posterior predictive", "to"): posterior["upper"],
        }
    )
    formats: dict[Any, Any] = dict.fromkeys(frame.columns, integer)
    caveat = ""
    if not posterior["covered"].all():
        caveat = "Caveat: of the posterior predictive interval. "
        frame["", "caveat"] = np.where(posterior["covered"], "", "outside the interval")
    frame.index = pd.Index(posterior["cell"], name="cell")
    return Table(
        frame,
        f"Successes in each cell: observed, and the {labels.percent_interval} intervals that "
        f"the {model} model predicts before and after the data.",
        note=caveat
        + left_out(int((predictive["kind"] == "posterior").sum()), "cells", where).strip(),
        formats=formats,
    )


def tabulate_verdict(verdict: Mapping[str, Any], model: str) -> Table:
    """Every check of the verdict: found, limit, where it is worst, and whether it passed."""
    rows = [
        {
            "check": CHECKS[check["check"]],
            "found": None if check["found"] != check["found"] else _found(check["found"]),
            "limit": f"{check['limit']:g}",
            "worst for": check["worst"],
            "passed": check["passed"],
        }
        for check in verdict["checks"]
    ]
    return Table(
        pd.DataFrame(rows).set_index("check"),
        f"The checks of the verdict on the {model} model.",
        formats={"found": str, "limit": str},
    )


def _found(value: float) -> str:
    return integer(value) if value == round(value) or value >= 1000 else f"{value:.5g}"
