"""Bridges between two posteriors that differ by one likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_expit


@dataclass(frozen=True)
class Bridge:
    """Between two posteriors: the log ratio of their normalising constants."""

    value: float
    before: np.ndarray
    """The influence of each draw on this side: the value's error is that of their mean."""
    after: np.ndarray

    @property
    def error(self) -> float:
        """Monte Carlo standard error of the value."""
        return float(np.hypot(mean_error(self.before), mean_error(self.after)))


def bridge(before: np.ndarray, after: np.ndarray) -> Bridge:
    """Bridge two posteriors that differ by one likelihood.

    Meng and Wong's (1996) optimal bridge: it stays accurate where a plain average over the
    draws on one side rests on a few of them. It is where two sums meet, one over the draws on
    each side (Bennett 1976). The error is Frühwirth-Schnatter's (2004), with autocorrelation.

    Args:
        before: log-likelihood of what is let in, at draws (chains x draws) without it.
        after: the same at draws with it.

    Returns:
        The log predictive density of what is let in, and what its error comes from.
    """
    more = float(np.log(after.size / before.size))

    def sides(ratio: float) -> tuple[np.ndarray, np.ndarray]:
        return log_expit(before + more - ratio), log_expit(ratio - more - after)

    def apart(ratio: float) -> float:
        low, high = map(_log_sum, sides(ratio))
        return high - low

    ends = [end(before.min(), before.max(), after.min(), after.max()) for end in (min, max)]
    width = 1.0 + ends[1] - ends[0]
    value = float(brentq(apart, ends[0] + more - width, ends[1] + more + width, xtol=1e-9))
    top, bottom = (np.exp(side - side.max()) for side in sides(value))
    return Bridge(value, top / top.mean() - 1, 1 - bottom / bottom.mean())


def _log_sum(log_values: np.ndarray) -> float:
    largest = log_values.max()
    return float(largest + np.log(np.exp(log_values - largest).sum()))


def mean_error(values: np.ndarray) -> float:
    """Monte Carlo standard error of the mean of some values, chains x draws.

    By the means of batches that each chain is cut into (Flegal and Jones 2010).
    """
    chains, draws = values.shape
    size = int(np.sqrt(draws))
    batches = values[:, : draws // size * size].reshape(chains, -1, size).mean(axis=-1)
    return float(batches.std(ddof=1) / np.sqrt(batches.size))
