"""Leave-one-cell-out by refitting: exact where importance sampling fails.

Leaving out a whole cell moves the posterior too far for importance sampling, and often too
far for an average over the refit's draws; bridges between nearby posteriors span the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from arviz_stats.base.array import array_stats
from scipy.special import logsumexp

from partialpool.likelihood import LOGISTIC, Likelihood, log_orders

BRIDGE_STEPS = 1000
BRIDGE_TOLERANCE = 1e-8
BRIDGE_ERROR = 0.05
"""A bridge with a larger Monte Carlo standard error is built in two spans."""

Fitted = tuple[np.ndarray, np.ndarray | None]
"""A fit's linear predictor (chains x draws x cells) and phi (chains x draws), if it has one."""
Refit = Callable[[Mapping[str, Any], str], Fitted]
"""Fits the model to Stan data, given a name for its seed."""


def leave_out_cells(
    data: Mapping[str, Any], fitted: Fitted, refit: Refit, likelihood: Likelihood = LOGISTIC
) -> pd.DataFrame:
    """Exact leave-one-cell-out: what the model, fitted to the rest, says of each cell.

    The cell's probability given the rest is taken apart by the chain rule: its contacts are
    let in by batches, small enough that the posteriors before and after a batch overlap, and
    a bridge is built across each batch. Most cells need one.

    Args:
        data: of the Stan program.
        fitted: the fit to all cells.
        refit: fits the program to other counts.
        likelihood: of the model.

    Returns:
        A row for each cell: `elpd`, its log predictive density given the rest; `mcse`, the Monte
        Carlo standard error of that; `fits`, how many it took.
    """
    rows = []
    for cell, (y, n) in enumerate(zip(data["successes"], data["trials"], strict=True)):
        path = _Path(data, cell, refit, likelihood, {n: _of_cell(fitted, cell)})
        value, variance = path.cross(0, n)
        rows.append(
            {
                "cell": cell,
                "contacts": 1,
                "elpd": float(log_orders(y, n)) + value,
                "mcse": float(np.sqrt(variance)),
                "fits": len(path.fits) - 1,
            }
        )
    return pd.DataFrame(rows)


def trust_importance(elpd: pd.Series[float]) -> pd.DataFrame:
    """The table of `leave_out_cells` from importance sampling alone, without a fit."""
    return pd.DataFrame(
        {"cell": range(len(elpd)), "contacts": 1, "elpd": elpd, "mcse": np.nan, "fits": 0}
    )


@dataclass
class _Path:
    """From the posterior without a cell to the one with it, by how many of its contacts are in."""

    data: Mapping[str, Any]
    cell: int
    refit: Refit
    likelihood: Likelihood
    fits: dict[int, Fitted]
    """Linear predictor of the cell alone, and phi."""

    def cross(self, low: int, high: int) -> tuple[float, float]:
        """Log probability of the contacts from `low` to `high`, and its Monte Carlo variance."""
        before, after = (self._let_in(low, high, self._fit(at)) for at in (low, high))
        value, error = bridge(before, after)
        middle = round(float(np.sqrt((low + 1) * (high + 1)))) - 1
        if error <= BRIDGE_ERROR or not low < middle < high:
            return value, error**2
        first, second = self.cross(low, middle), self.cross(middle, high)
        return first[0] + second[0], first[1] + second[1]

    def _let_in(self, low: int, high: int, fit: Fitted) -> np.ndarray:
        """Log probability of the contacts from `low` to `high` given those before, by draw."""
        eta, phi = fit

        def mass(contacts: int) -> np.ndarray:
            count = np.array([self._successes(contacts)]), np.array([contacts])
            return self.likelihood.log_mass(eta, *count, phi)[..., 0]

        return np.asarray(mass(high) - mass(low))

    def _successes(self, contacts: int) -> int:
        rate = float(self.data["successes"][self.cell] / self.data["trials"][self.cell])
        return round(rate * contacts)

    def _fit(self, contacts: int) -> Fitted:
        if contacts not in self.fits:
            counts = {key: list(self.data[key]) for key in ("trials", "successes")}
            counts["trials"][self.cell] = contacts
            counts["successes"][self.cell] = self._successes(contacts)
            name = f"{self.cell}/{contacts}"
            refitted = self.refit({**self.data, **counts}, name)
            self.fits[contacts] = _of_cell(refitted, self.cell)
        return self.fits[contacts]


def _of_cell(fitted: Fitted, cell: int) -> Fitted:
    eta, phi = fitted
    return eta[..., cell : cell + 1], phi


def bridge(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Log ratio of the normalising constants of two posteriors that differ by one likelihood.

    Meng and Wong's (1996) optimal bridge: it stays accurate where a plain average over the
    draws on one side rests on a few of them. The error is Frühwirth-Schnatter's (2004),
    with autocorrelation.

    Args:
        before: log-likelihood of what is let in, at draws (chains x draws) without it.
        after: the same at draws with it.

    Returns:
        The log predictive density of what is let in, and its Monte Carlo standard error.
    """
    share = after.size / (before.size + after.size)
    middle = float(np.median(after))
    a, b = before - middle, after - middle
    ratio = float(logsumexp(a) - np.log(a.size))
    for _ in range(BRIDGE_STEPS):
        top = a - np.logaddexp(np.log(share) + a, np.log1p(-share) + ratio)
        bottom = -np.logaddexp(np.log(share) + b, np.log1p(-share) + ratio)
        moved = float(logsumexp(top) - np.log(a.size) - logsumexp(bottom) + np.log(b.size))
        ratio, change = moved, abs(moved - ratio)
        if change < BRIDGE_TOLERANCE:
            break
    return ratio + middle, float(np.hypot(_relative_error(top), _relative_error(bottom)))


def _relative_error(log_values: np.ndarray) -> float:
    values = np.exp(log_values - log_values.max())
    return float(array_stats.mcse(values, 0, 1, method="mean")) / float(values.mean())
