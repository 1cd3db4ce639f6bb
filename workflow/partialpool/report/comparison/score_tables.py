"""Tables of how well the models predict what was left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from partialpool.report.comparison.importance import HOW
from partialpool.report.comparison.tables import model_colours
from partialpool.report.comparison.text import fine
from partialpool.report.formats import Format, decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out, select_largest
from partialpool.report.table import Table

UNKNOWN = (
    " At most: what elpd cannot exceed where importance sampling is not to be trusted; such a "
    "model has no elpd, no difference and no weight, and the weights are among the others."
)


def tabulate_scores(comparison: pd.DataFrame, unit: str, units: str, labels: Labels) -> Table:
    """Models by elpd at one unit, the best first.

    Args:
        comparison: `ranking.compare`.
        unit: what is left out, in a sentence (`units.name_unit`).
        units: the same for several.
        labels: the words of the analysis.
    """
    frame = pd.DataFrame(
        {
            ("elpd", "sum"): comparison["elpd"],
            ("elpd", "se"): comparison["se"],
            ("Behind the best", "by"): comparison["difference"],
            ("Behind the best", "se"): comparison["difference_se"],
            ("", "p_loo"): comparison["p_loo"],
            ("Weight", "stacking"): comparison["stacking"],
            ("Weight", "pseudo-BMA+"): comparison["pseudo_bma"],
            ("", "largest k"): comparison["largest_k"],
        }
    )
    frame.index = pd.Index(comparison["model"], name="model")
    unknown = comparison["elpd"].isna() & comparison["at_most"].notna()
    if unknown.any():
        at_most = comparison["at_most"].where(unknown, comparison["elpd"])
        frame.insert(2, ("elpd", "at most"), at_most.to_numpy())
    two = [key for key in frame.columns if key[0] == "Weight"] + [("", "largest k")]
    formats: dict[Any, Format] = dict.fromkeys(frame.columns, decimals(1))
    formats |= dict.fromkeys(two, decimals(2))
    formats |= {key: fine for key in frame.columns if key[0] == "Behind the best"}
    return Table(
        frame,
        f"Expected log predictive density of one {unit} left out, summed over all {units}.",
        note="p_loo: effective number of parameters, or what leaving out costs. Weights: in the "
        "mixture of models that predicts best (stacking), and by each model’s elpd over a Bayesian "
        f"bootstrap of the {units} (pseudo-BMA+). k: Pareto k of importance sampling."
        + UNKNOWN
        * bool(unknown.any()),
        formats=formats,
        first=("Behind the best",),
        colours=model_colours(labels),
        caveats=labels.caveats,
    )


def tabulate_methods(scores: pd.DataFrame, unit: str, units: str, labels: Labels) -> Table:
    """How each model's cells or levels were left out, and what it took.

    Args:
        scores: of every model (`ranking.gather_scores`), with `model`.
        unit: what is left out, in a sentence (`units.name_unit`).
        units: the same for several.
        labels: the words of the analysis.
    """
    rows = {m: _methods(scores[scores["model"] == m]) for m in labels.models}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index.name = "model"
    formats: dict[Any, Format] = {
        **dict.fromkeys(frame.columns, integer),
        ("PSIS", "largest k"): decimals(2),
        ("PSIS", "off by"): decimals(2, True),
        ("", "MCSE"): decimals(2),
    }
    return Table(
        frame,
        f"How each {unit} was left out: in how many {units} PSIS was trusted, and which refits "
        "took its place.",
        formats=formats,
        colours=model_colours(labels),
        caveats=labels.caveats,
    )


def tabulate_left_out(scores: pd.DataFrame, unit: str, units: str, labels: Labels) -> Table:
    """The elpd of each cell or level by each model, and how it was found.

    Args:
        scores: of every model (`ranking.gather_scores`), with `model`.
        unit: what is left out, in a sentence (`units.name_unit`).
        units: the same for several.
        labels: the words of the analysis.
    """
    elpd = scores.pivot(index="left_out", columns="model", values="elpd")
    names = scores["left_out"].drop_duplicates()
    apart = (elpd.max(axis=1) - elpd.min(axis=1)).reindex(names)
    if len(labels.models) == 1:
        apart = elpd.iloc[:, 0].reindex(names)
    shown = select_largest(apart)
    columns = {}
    for model in labels.models:
        own = scores[scores["model"] == model].set_index("left_out").loc[shown]
        columns[model, "elpd"] = own["elpd"]
        columns[model, "k, by"] = _found(own)
    frame = pd.DataFrame(columns)
    trials = scores.drop_duplicates("left_out").set_index("left_out")["trials"]
    frame.insert(0, ("", labels.contacts), trials.loc[shown].astype(int))
    frame.index.name = unit
    formats: dict[Any, Format] = {
        key: decimals(2) for m in labels.models for key in ((m, "elpd"), (m, "k"))
    }
    formats["", labels.contacts] = integer
    return Table(
        frame,
        f"Elpd of each {unit} when it is left out, by model, with the Pareto k of importance "
        "sampling and how the elpd was found.",
        note=left_out(len(names), f"{units} on which models differ less", "the scores").strip(),
        formats=formats,
        colours=labels.place_colours,
        caveats=labels.caveats,
    )


def _found(scores: pd.DataFrame) -> pd.Series[str]:
    """The Pareto k of importance sampling, and how the elpd was found in the end."""
    k = scores["pareto_k"].map(decimals(2)).where(scores["how"] != "undefined", "")
    return (k + " " + scores["how"].map(HOW)).str.strip()


def _methods(table: pd.DataFrame) -> dict[tuple[str, str], object]:
    """How one model's cells or levels were left out."""
    refits = table[table["how"] == "refit"]
    off = (refits["psis_elpd"] - refits["elpd"]).sum() if len(refits) else np.nan
    return {
        ("PSIS", "trusted"): int((table["how"] == "importance").sum()),
        ("PSIS", "kept untrusted"): int(table["how"].isin(["high_k", "failed"]).sum()),
        ("PSIS", "largest k"): table["pareto_k"].max(),
        ("PSIS", "off by"): off,
        ("Refits", "instead"): len(refits),
        ("Refits", "fits"): int(table["fits"].sum()),
        ("Refits", "divergent"): int(table["divergent"].sum()),
        ("", "MCSE"): float(np.sqrt(table["mcse"].pow(2).sum(skipna=False))),
    }
