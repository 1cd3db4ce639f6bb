"""Tables of how well the models predict what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.formats import Format, decimals, integer
from partialpool.tables import Table
from partialpool.tables.comparison import model_colours
from partialpool.wording.comparison import fine
from partialpool.wording.phrases import Labels


def tabulate_scores(comparison: pd.DataFrame, unit: str, labels: Labels) -> Table:
    """Models by elpd at one unit, the best first (`comparison.compare`)."""
    frame = pd.DataFrame(
        {
            ("elpd", "sum"): comparison["elpd"],
            ("elpd", "se"): comparison["se"],
            ("Behind the best", "by"): comparison["difference"],
            ("Behind the best", "se"): comparison["difference_se"],
            ("", "p_loo"): comparison["p_loo"],
            ("", "weight"): comparison["weight"],
            ("", "largest k"): comparison["largest_k"],
        }
    )
    frame.index = pd.Index(comparison["model"], name="model")
    method = {"contact": "by PSIS from the full fit", "cell": "exact, by refitting"}[unit]
    formats: dict[Any, Format] = dict.fromkeys(frame.columns, decimals(1))
    formats |= {("", "weight"): decimals(2), ("", "largest k"): decimals(2)}
    formats |= {key: fine for key in frame.columns if key[0] == "Behind the best"}
    psis = " p_loo and Pareto k are those of PSIS, which is not used here."
    whose = psis if unit == "cell" else ""
    return Table(
        frame,
        f"Expected log predictive density of one {unit} left out, summed over all {unit}s, "
        f"{method}.",
        note="p_loo: effective number of parameters. Weight: in the mixture of models that "
        f"predicts best (stacking). k: Pareto k.{whose}",
        formats=formats,
        colours=model_colours(labels),
    )


def tabulate_refits(scores: Mapping[str, pd.DataFrame], labels: Labels, limit: float) -> Table:
    """Exact leave-one-cell-out beside what PSIS makes of it.

    Args:
        scores: of the cells, by model (`comparison.leave_out_cells` with `psis_elpd`, `pareto_k`).
        labels: the words of the analysis.
        limit: Pareto k above which importance sampling is not trusted.
    """
    rows = {}
    for model, table in scores.items():
        exact, psis = table["elpd"].sum(), table["psis_elpd"].sum()
        rows[model] = {
            ("By refits", "elpd"): exact,
            ("By refits", "MCSE"): float(np.sqrt(table["mcse"].pow(2).sum())),
            ("By refits", "fits"): int(table["fits"].sum()),
            ("By refits", "divergent"): int(table["divergent"].sum()),
            ("By PSIS", "elpd"): psis,
            ("By PSIS", "off by"): psis - exact,
            (
                "By PSIS",
                f"k above {limit:g}",
            ): f"{(table['pareto_k'] > limit).sum()} of {len(table)}",
            ("By PSIS", "largest k"): table["pareto_k"].max(),
        }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index.name = "model"
    formats: dict[Any, Format] = dict.fromkeys(frame.columns, decimals(2))
    return Table(
        frame,
        "Leaving out whole cells: exact, and the attempt by importance sampling.",
        note="MCSE: Monte Carlo standard error. Fits: refits that it took; divergent: their "
        "divergent transitions, which make a refit less sure than its standard error says.",
        formats=formats
        | dict.fromkeys((("By refits", "fits"), ("By refits", "divergent")), integer)
        | {("By PSIS", "off by"): decimals(2, True)},
        colours=model_colours(labels),
    )
