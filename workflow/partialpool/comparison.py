"""Which model predicts best what was left out: one contact, or a whole cell.

Per contact, Pareto-smoothed importance sampling (Vehtari, Gelman and Gabry 2017) needs only
two log-likelihoods per cell, success and failure, and their counts as weights. Per cell the
posterior moves too far for that, and the model is refitted without the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from arviz_stats.base.array import array_stats
from scipy.optimize import minimize
from scipy.special import gammaln, log_expit, logsumexp

BRIDGE_STEPS = 1000
BRIDGE_TOLERANCE = 1e-8
BRIDGE_ERROR = 0.05
"""A bridge with a larger Monte Carlo standard error is built in two spans."""

UNIT = ("cell", "outcome", "contacts")
"""What tells one unit from another, and how many of it there are."""

Refit = Callable[[Mapping[str, Any], str], np.ndarray]
"""Log-odds (chains x draws x cells) of the model fitted to Stan data, given a name for its seed."""


def contact_log_likelihoods(
    log_odds: np.ndarray, cells: pd.DataFrame
) -> tuple[np.ndarray, pd.DataFrame]:
    """The two log-likelihoods of each cell, and how many contacts have them.

    Args:
        log_odds: chains x draws x cells.
        cells: with `successes` and `trials`.

    Returns:
        Chains x draws x units, units being the (cell, outcome) pairs that occur; and a row for
        each unit: `cell` (position from 0), `outcome` (1 success, 0 failure), `contacts`.
    """
    counts = np.stack([cells["successes"], cells["trials"] - cells["successes"]], axis=1)
    both = np.stack([log_expit(log_odds), log_expit(-log_odds)], axis=-1)
    cell, column = np.nonzero(counts)
    units = pd.DataFrame({"cell": cell, "outcome": 1 - column, "contacts": counts[cell, column]})
    return both[..., cell, column], units


def cell_log_likelihoods(log_odds: np.ndarray, cells: pd.DataFrame) -> np.ndarray:
    """Binomial log-likelihood of each cell, of the shape of the log-odds (... x cells)."""
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    choose = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
    return np.asarray(choose + y * log_expit(log_odds) + (n - y) * log_expit(-log_odds))


def psis_loo(log_likelihoods: np.ndarray) -> pd.DataFrame:
    """PSIS leave-one-out of each unit.

    Args:
        log_likelihoods: chains x draws x units.

    Returns:
        A row for each unit: `elpd`, its expected log predictive density when left out;
        `p_loo`, what leaving it out costs; and `pareto_k`.
    """
    rows = []
    for unit in np.moveaxis(log_likelihoods, -1, 0):
        efficiency = float(array_stats.ess(np.exp(unit), 0, 1, method="mean")) / unit.size
        elpd, k, p = array_stats.loo(unit, 0, 1, r_eff=min(efficiency, 1.0))
        rows.append({"elpd": float(elpd), "p_loo": float(p), "pareto_k": float(k)})
    return pd.DataFrame(rows)


def leave_out_cells(data: Mapping[str, Any], fitted: np.ndarray, refit: Refit) -> pd.DataFrame:
    """Exact leave-one-cell-out: what the model, fitted to the rest, says of each cell.

    The cell's probability given the rest is taken apart by the chain rule: its contacts are
    let in by batches, small enough that the posteriors before and after a batch overlap, and
    a bridge is built across each batch. Most cells need one.

    Args:
        data: of the Stan program.
        fitted: log-odds (chains x draws x cells) of the fit to all cells.
        refit: fits the program to other counts.

    Returns:
        A row for each cell: `elpd`, its log predictive density given the rest; `mcse`, the Monte
        Carlo standard error of that; `fits`, how many it took.
    """
    rows = []
    for cell, (y, n) in enumerate(zip(data["successes"], data["trials"], strict=True)):
        path = _Path(data, cell, refit, {n: fitted[..., cell]})
        value, variance = path.cross(0, n)
        choose = float(gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1))
        rows.append(
            {
                "cell": cell,
                "contacts": 1,
                "elpd": choose + value,
                "mcse": float(np.sqrt(variance)),
                "fits": len(path.log_odds) - 1,
            }
        )
    return pd.DataFrame(rows)


@dataclass
class _Path:
    """From the posterior without a cell to the one with it, by how many of its contacts are in."""

    data: Mapping[str, Any]
    cell: int
    refit: Refit
    log_odds: dict[int, np.ndarray]

    def cross(self, low: int, high: int) -> tuple[float, float]:
        """Log probability of the contacts from `low` to `high`, and its Monte Carlo variance."""
        successes = self._successes(high) - self._successes(low)
        failures = high - low - successes

        def likelihood(log_odds: np.ndarray) -> np.ndarray:
            return np.asarray(successes * log_expit(log_odds) + failures * log_expit(-log_odds))

        before, after = likelihood(self._fit(low)), likelihood(self._fit(high))
        value, error = bridge(before, after)
        middle = round(float(np.sqrt((low + 1) * (high + 1)))) - 1
        if error <= BRIDGE_ERROR or not low < middle < high:
            return value, error**2
        first, second = self.cross(low, middle), self.cross(middle, high)
        return first[0] + second[0], first[1] + second[1]

    def _successes(self, contacts: int) -> int:
        rate = float(self.data["successes"][self.cell] / self.data["trials"][self.cell])
        return round(rate * contacts)

    def _fit(self, contacts: int) -> np.ndarray:
        if contacts not in self.log_odds:
            counts = {key: list(self.data[key]) for key in ("trials", "successes")}
            counts["trials"][self.cell] = contacts
            counts["successes"][self.cell] = self._successes(contacts)
            name = f"{self.cell}/{contacts}"
            self.log_odds[contacts] = self.refit({**self.data, **counts}, name)[..., self.cell]
        return self.log_odds[contacts]


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
