"""Models against each other: what each predicts of the same units left out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import minimize

UNIT = ("cell", "outcome", "contacts")
"""What tells one unit from another, and how many of it there are."""


def compare(pointwise: Mapping[str, pd.DataFrame], reference: str | None = None) -> pd.DataFrame:
    """Models by their expected log predictive density, the best first.

    Args:
        pointwise: for each model the same units, with `elpd` of one unit and `contacts`, how
            many such units there are.
        reference: the model that differences are taken from; none: the best.

    Returns:
        `elpd` and its standard error, `difference` from the reference and its standard error,
        `p_loo`, stacking `weight`, the largest Pareto k.

    Raises:
        ValueError: the models were not compared on the same units.
    """
    names = list(pointwise)
    units = [frame[[c for c in UNIT if c in frame]] for frame in pointwise.values()]
    if any(not frame.equals(units[0]) for frame in units):
        raise ValueError(f"models were scored on different units: {', '.join(names)}")
    counts = units[0]["contacts"].to_numpy(float)
    elpd = np.column_stack([pointwise[name]["elpd"] for name in names])
    held_to = names.index(reference) if reference else int(np.argmax(counts @ elpd))
    difference = elpd - elpd[:, [held_to]]
    table = pd.DataFrame(
        {
            "model": names,
            "elpd": counts @ elpd,
            "se": _sum_error(elpd, counts),
            "difference": counts @ difference,
            "difference_se": _sum_error(difference, counts),
            "p_loo": [counts @ pointwise[name]["p_loo"] for name in names],
            "weight": stack(elpd, counts),
            "largest_k": [pointwise[name]["pareto_k"].max() for name in names],
        }
    )
    return table.sort_values("elpd", ascending=False, ignore_index=True)


def stack(elpd: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Stacking weights (Yao, Vehtari, Simpson and Gelman 2018).

    Args:
        elpd: units x models.
        counts: how often each unit occurs.

    Returns:
        Weights of the mixture of the models that predicts best, which sum to 1.
    """
    models = elpd.shape[1]
    if models == 1:
        return np.ones(1)
    density = np.exp(elpd - elpd.max(axis=1, keepdims=True))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        mixture = density @ weights
        return -float(counts @ np.log(mixture)), -(counts / mixture) @ density

    found = minimize(
        loss,
        np.full(models, 1 / models),
        jac=True,
        method="SLSQP",
        bounds=[(0, 1)] * models,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        options={"ftol": 1e-12, "maxiter": 1000},
    )
    weights = np.clip(found.x, 0, None)
    return np.asarray(weights / weights.sum())


def _sum_error(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Standard error of the sum over units, each occurring `counts` times."""
    total = counts.sum()
    mean = counts @ values / total
    variance = counts @ np.square(values - mean) / max(total - 1, 1)
    return np.asarray(np.sqrt(total * variance))
