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
from partialpool.wording.importance import are_refitted
from partialpool.wording.phrases import Labels

EXACT = "exact, and the attempt by importance sampling"
FITS = (
    "MCSE: Monte Carlo standard error. Fits: refits that it took; divergent: their divergent "
    "transitions, which make a refit less sure than its standard error says."
)


def tabulate_scores(
    comparison: pd.DataFrame, unit: str, labels: Labels, exact: bool = False
) -> Table:
    """Models by elpd at one unit, the best first.

    Args:
        comparison: `comparison.compare`.
        unit: `contact` or `cell`.
        labels: the words of the analysis.
        exact: whether each unit was left out by refitting.
    """
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
    method = "exact, by refitting" if exact else "by PSIS from the full fit"
    formats: dict[Any, Format] = dict.fromkeys(frame.columns, decimals(1))
    formats |= {("", "weight"): decimals(2), ("", "largest k"): decimals(2)}
    formats |= {key: fine for key in frame.columns if key[0] == "Behind the best"}
    psis = " p_loo and Pareto k are those of PSIS, which is not used here."
    whose = psis if exact else ""
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
    """Leave-one-cell-out by importance sampling, beside the exact one where there is one.

    Args:
        scores: of the cells, by model (`refits.leave_out_cells` with `psis_elpd`, `pareto_k`).
        labels: the words of the analysis.
        limit: Pareto k above which importance sampling is not trusted.
    """
    exact = are_refitted(scores)
    rows = {m: _row(table, limit, exact) for m, table in scores.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index.name = "model"
    formats: dict[Any, Format] = dict.fromkeys(frame.columns, decimals(2))
    formats |= dict.fromkeys((("By refits", "fits"), ("By refits", "divergent")), integer)
    formats["By PSIS", "off by"] = decimals(2, True)
    return Table(
        frame,
        f"Leaving out whole cells: {EXACT if exact else 'by importance sampling alone, inexact'}.",
        note=FITS if exact else "k: Pareto k.",
        formats=formats,
        colours=model_colours(labels),
    )


def _row(table: pd.DataFrame, limit: float, exact: bool) -> dict[tuple[str, str], object]:
    """The scores of one model, summed over its cells."""
    total, psis = table["elpd"].sum(), table["psis_elpd"].sum()
    refits = {
        ("By refits", "elpd"): total,
        ("By refits", "MCSE"): float(np.sqrt(table["mcse"].pow(2).sum())),
        ("By refits", "fits"): int(table["fits"].sum()),
        ("By refits", "divergent"): int(table["divergent"].sum()),
    }
    bad = (~(table["pareto_k"] <= limit)).sum()
    return {
        **(refits if exact else {}),
        ("By PSIS", "elpd"): psis,
        **({("By PSIS", "off by"): psis - total} if exact else {}),
        ("By PSIS", f"k above {limit:g}"): f"{integer(bad)} of {integer(len(table))}",
        ("By PSIS", "largest k"): table["pareto_k"].max(),
    }
