"""The bridge from counts to the scale of the models: rates, odds, log-odds and their contrasts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from partialpool.cells.question import ALL
from partialpool.model.formula import parse_formulas
from partialpool.settings import Analysis

EXAMPLE_ODDS = 4.0
"""Odds, to 1, that the scale is explained with before any data."""
RATES = ("rate", "odds", "log_odds")
CONTRASTS = ("odds_ratio", "log_odds_ratio", "relative_rate", "lift")


def find_pooled(analysis: Analysis) -> str | None:
    """The model with the treatment alone, which the log-odds are explained with, if there is one.

    Raises:
        InputError: a formula cannot be read.
    """
    for name, formula in parse_formulas(analysis).items():
        alone = formula.variables == {analysis.treatment} and not formula.groups
        if alone and not analysis.along and analysis.models[name].link == "logit":
            return name
    return None


def bridge(
    margins: pd.DataFrame, effects: pd.DataFrame | None, factor: str, levels: Sequence[str]
) -> pd.DataFrame:
    """Every step between rates and coefficients, from the counts and from the pooled fit.

    Args:
        margins: `figures.tabulate_margins`.
        effects: of the pooled model (`effects.estimate_effects`); None where there is none.
        factor: the treatment.
        levels: its levels, the reference first; none of a number, which has no bridge.

    Returns:
        Columns `treatment`, `quantity` (`RATES`, and `CONTRASTS` against the reference),
        `counts`, and of the fit `median`, `lower`, `upper`, NaN without one. Odds are the
        exponentials of the log-odds, which is exact for quantiles, though not for means.
    """
    if not levels:
        return pd.DataFrame(columns=["treatment", "quantity", "counts", "median", "lower", "upper"])
    of_factor = margins[margins["factor"] == factor].set_index("level")
    rows = {str(level): row for level, row in of_factor.iterrows()}
    parts = [_of_counts(rows[level], rows[levels[0]], level) for level in levels]
    counts = pd.concat(parts, ignore_index=True)
    counts = counts[~((counts["treatment"] == levels[0]) & counts["quantity"].isin(CONTRASTS))]
    if effects is None:
        return counts.assign(median=np.nan, lower=np.nan, upper=np.nan)
    pooled = effects[effects["within"] == ALL]
    odds = pooled[pooled["quantity"] == "log_odds"].assign(quantity="odds")
    quantiles = ["median", "lower", "upper"]
    odds[quantiles] = np.exp(odds[quantiles])
    fit = pd.concat([pooled, odds])[["treatment", "quantity", *quantiles]]
    return counts.merge(fit, on=["treatment", "quantity"], how="left")


def pick(table: pd.DataFrame, treatment: str, quantity: str, source: str = "best") -> float:
    """One number of a bridge; `best` is the fit's median, or the counts' where there is no fit."""
    row = table[(table["treatment"] == treatment) & (table["quantity"] == quantity)].iloc[0]
    if source == "best":
        source = "counts" if np.isnan(row["median"]) else "median"
    return float(row[source])


def has_ratio(table: pd.DataFrame, treatment: str, reference: str) -> bool:
    """Whether the counts have an odds ratio: neither odds are without bound, nor the divisor 0."""
    odds, divisor = (pick(table, level, "odds", "counts") for level in (treatment, reference))
    return bool(np.isfinite(odds) and np.isfinite(divisor) and divisor > 0)


def _of_counts(row: pd.Series[float], reference: pd.Series[float], level: str) -> pd.DataFrame:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.divide(row["odds"], reference["odds"])
        values = {
            **{name: row[name] for name in RATES},
            "odds_ratio": ratio,
            "log_odds_ratio": np.log(ratio),
            "relative_rate": np.divide(row["rate"], reference["rate"]),
            "lift": row["rate"] - reference["rate"],
        }
    return pd.DataFrame(
        {"treatment": level, "quantity": list(values), "counts": list(map(float, values.values()))}
    )
