"""A second opinion on a posterior: its draws held against importance sampling without Stan.

The Pareto k of the importance weights says whether they can be trusted (Vehtari, Simpson, Gelman,
Yao and Gabry 2024).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from arviz_stats.base.array import array_stats
from scipy.special import ndtri

from partialpool.checks.oracle.density import Density
from partialpool.checks.oracle.importance import Weighted, sample
from partialpool.posterior.draws import sampled_parameters
from partialpool.sampling.stan_data import StanData
from partialpool.settings import Oracle

MOST_VALUES = 4_000_000
"""Points x cells for which the linear predictor is worked out at most."""
FEWEST = 1024
"""Points with fewer of which nothing is said."""
MOST_K = 0.5
"""Above it the weights' variance may be infinite, and Monte Carlo errors say nothing."""
LEAST_ESS = 200.0
"""Effective sample size of the weights, at least."""
COLUMNS = ["mean", "mean_error", "sd", "sd_error"]


def consult(
    data: StanData,
    names: pd.DataFrame,
    draws: xr.Dataset,
    settings: Oracle,
    seed: int,
    own_program: bool = False,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A posterior worked out anew, and Stan's draws of it held against that.

    Args:
        data: of the Stan program.
        names: of the model's parameters (`parameters.name_parameters`).
        draws: from the posterior, by the Stan program.
        settings: how far to go, and when to call a difference one.
        seed: of the points.
        own_program: whether the program is not the house's, so that its density is not known.

    Returns:
        `compare`, empty where nothing can be said; and the facts: whether the posterior was
        `checked`, the `reason` why not, its `dimensions`, `draws`, `ess` and `pareto_k` of the
        weights, and if checked, how many `comparisons` there are, the `limit` that as many keep
        within by chance, the one that is farthest `apart` and `worst`, whose, and `agreed`.
    """
    facts: dict[str, Any] = {"checked": False, "agreed": None}
    if own_program or not settings.dimensions:
        return _nothing(facts, "program" if own_program else "off")
    density = Density(data)
    facts["dimensions"] = density.hyperparameters + density.coefficients
    count = _affordable(settings.draws, data.cells)
    if facts["dimensions"] > settings.dimensions:
        return _nothing(facts, "dimensions")
    if count < FEWEST:
        return _nothing(facts, "cells")
    points = sample(density, count, seed)
    if points is None:
        return _nothing(facts, "mode")
    facts |= {"draws": count, "ess": points.ess, "pareto_k": points.pareto_k}
    if not (points.pareto_k <= MOST_K and points.ess >= LEAST_ESS):
        return _nothing(facts, "weights")
    table = compare(draws, points, names)
    return table, facts | judge(table, settings.alarm) | {"checked": True, "reason": ""}


def compare(draws: xr.Dataset, points: Weighted, names: pd.DataFrame) -> pd.DataFrame:
    """Draws and weighted points of each parameter, by where they lie and how far they scatter.

    Returns:
        One row per parameter: mean and sd of both with their Monte Carlo errors, the oracle's as
        `oracle_mean` and so on; and by how many standard errors the draws differ in `location`
        (above 0: they lie higher) and `spread` (above 0: they scatter more). Both compare ranks
        among the draws, of which every moment exists however heavy a tail is.
    """
    rows = []
    ours = {
        name: points.parameters[str(kind)][:, i]
        for kind, of in names.groupby("kind")
        if kind in points.parameters
        for i, name in enumerate(of["parameter"])
    }
    for name, values in sampled_parameters(draws).items():
        if name not in ours:
            continue
        ordered = np.sort(values, axis=None)
        rank, other = _rank(ordered, values), _rank(ordered, ours[name])
        mean, mean_error = points.mean(ours[name])
        variance, variance_error = points.mean(np.square(ours[name] - mean))
        sd = np.sqrt(variance)
        of_draws = {
            "mean": values.mean(),
            "mean_error": float(array_stats.mcse(values, 0, 1, method="mean")),
            "sd": values.std(ddof=1),
            "sd_error": float(array_stats.mcse(values, 0, 1, method="sd")),
        }
        of_points = (mean, mean_error, sd, variance_error / (2 * sd))
        rows.append(
            {"parameter": name}
            | of_draws
            | {f"oracle_{c}": value for c, value in zip(COLUMNS, of_points, strict=True)}
            | {"location": _apart(rank, other, points)}
            | {"spread": _apart(np.abs(rank - 0.5), np.abs(other - 0.5), points)}
        )
    return pd.DataFrame(rows)


def judge(table: pd.DataFrame, alarm: float) -> dict[str, Any]:
    """Whether draws and oracle agree: no difference is above what the largest is by chance.

    The limit is Bonferroni's: differences of a right posterior, in standard errors, are standard
    normal, and the largest of them is above the limit with at most the probability `alarm`.
    """
    apart = table[["location", "spread"]].abs().fillna(np.inf)
    limit = float(-ndtri(alarm / (2 * apart.size)))
    by_parameter = apart.max(axis=1)
    worst = int(by_parameter.to_numpy().argmax())
    return {
        "comparisons": int(apart.size),
        "limit": limit,
        "apart": float(by_parameter.iloc[worst]),
        "worst": str(table["parameter"].iloc[worst]),
        "agreed": bool(by_parameter.iloc[worst] <= limit),
    }


def as_check(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The check that the verdict on a fit has of an oracle which spoke; none where it did not."""
    if not facts["checked"]:
        return []
    check = {"check": "oracle", "found": facts["apart"], "limit": round(facts["limit"], 2)}
    return [check | {"worst": facts["worst"], "passed": facts["agreed"]}]


def _nothing(facts: Mapping[str, Any], reason: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    columns = ["parameter", *COLUMNS, *(f"oracle_{c}" for c in COLUMNS), "location", "spread"]
    return pd.DataFrame(columns=columns), {**facts, "reason": reason}


def _affordable(draws: int, cells: int) -> int:
    """The largest power of 2 that is no more than what is wanted and what cells leave room for."""
    return int(2 ** int(np.log2(min(draws, MOST_VALUES / cells))))


def _rank(ordered: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Where values stand among ordered ones, from 0 to 1; between equal ones in their middle."""
    sides = [np.searchsorted(ordered, values, side=side) for side in ("left", "right")]
    return np.asarray((sides[0] + sides[1]) / (2 * ordered.size))


def _apart(of_draws: np.ndarray, of_points: np.ndarray, points: Weighted) -> float:
    """Difference of two means in standard errors."""
    mean, error = points.mean(of_points)
    own = float(array_stats.mcse(of_draws, 0, 1, method="mean"))
    return float((of_draws.mean() - mean) / np.hypot(own, error))
