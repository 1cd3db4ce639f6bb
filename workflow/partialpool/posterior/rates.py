"""Draws of rates: averaged over cells, and two of them contrasted, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from partialpool.model.likelihood import Likelihood
from partialpool.posterior.predictor import Chunks


@dataclass(frozen=True)
class Rate:
    """Draws of a rate and of its complement, as logarithms: neither is lost where it is small."""

    log_success: np.ndarray
    log_failure: np.ndarray

    @property
    def value(self) -> np.ndarray:
        """The rate itself."""
        return np.asarray(np.exp(self.log_success))

    @property
    def log_odds(self) -> np.ndarray:
        """Finite wherever the linear predictor is."""
        return np.asarray(self.log_success - self.log_failure)


def standardise(chunks: Chunks, weights: np.ndarray, likelihood: Likelihood) -> Rate:
    """The rate averaged over rows, draw by draw."""
    shares = np.log(weights / weights.sum())
    success = failure = np.array(-np.inf)
    for chunk, eta in chunks:
        log_p, log_q = likelihood.log_rates(eta)
        success = np.logaddexp(success, logsumexp(log_p + shares[chunk], axis=1))
        failure = np.logaddexp(failure, logsumexp(log_q + shares[chunk], axis=1))
    return Rate(success, failure)


def contrast(treated: Rate, reference: Rate) -> dict[str, np.ndarray]:
    """Lift, log odds ratio, odds ratio and relative rate of two rates, draw by draw."""
    difference = treated.log_odds - reference.log_odds
    return {
        "lift": treated.value - reference.value,
        "log_odds_ratio": difference,
        "odds_ratio": np.exp(difference),
        "relative_rate": np.exp(treated.log_success - reference.log_success),
    }
