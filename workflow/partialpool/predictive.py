"""Prior and posterior predictive checks: what a model says of the successes in each cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from partialpool.posterior import summarise

RATE_BINS = 20


def simulate_successes(
    log_odds: np.ndarray, trials: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Replicated successes, draws x cells, from the log-odds of the same shape."""
    return generator.binomial(trials, expit(log_odds))


def check_cells(
    replicated: np.ndarray, successes: np.ndarray, trials: np.ndarray, interval: float
) -> pd.DataFrame:
    """Replicated successes of each cell against the observed.

    Returns:
        One row per cell: observed successes and trials, mean, sd, median and interval of the
        replicates, whether the interval covers the observed, and `pit`, the mid-probability
        integral transform: the share of replicates below the observed plus half of those equal.
    """
    rows = []
    for cell, (observed, size) in enumerate(zip(successes, trials, strict=True)):
        values = replicated[:, cell]
        summary = summarise(values, interval)
        rows.append(
            {
                "successes": int(observed),
                "trials": int(size),
                **summary,
                "covered": bool(summary["lower"] <= observed <= summary["upper"]),
                "pit": float((values < observed).mean() + 0.5 * (values == observed).mean()),
            }
        )
    return pd.DataFrame(rows)


def bin_rates(replicated: np.ndarray, trials: np.ndarray, cells: list[str]) -> pd.DataFrame:
    """Histogram of each cell's replicated rate: cell, left, right, share of the draws."""
    edges = np.linspace(0, 1, RATE_BINS + 1)
    parts = []
    for position, cell in enumerate(cells):
        counts, _ = np.histogram(replicated[:, position] / trials[position], bins=edges)
        share = counts / len(replicated)
        parts.append(
            pd.DataFrame({"cell": cell, "left": edges[:-1], "right": edges[1:], "share": share})
        )
    return pd.concat(parts, ignore_index=True)
