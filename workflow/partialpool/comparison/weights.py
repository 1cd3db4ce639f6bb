"""Weights of models by what they predict of units left out: stacking and pseudo-BMA+."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

REPLICATES = 1000
AT_ONCE = 4_000_000
"""Values that an array of replicates x units may have."""


def weigh_by_bootstrap(elpd: np.ndarray, counts: np.ndarray, seed: int) -> np.ndarray:
    """Pseudo-BMA+ weights (Yao, Vehtari, Simpson and Gelman 2018, section 3.4).

    Akaike-like weights, averaged over a Bayesian bootstrap of the units, so that a difference
    within noise does not count for more than it is.

    Args:
        elpd: units x models.
        counts: how often each unit occurs; the units that a count stands for share its weight.
        seed: of the bootstrap.
    """
    random = np.random.default_rng(seed)
    size = max(1, AT_ONCE // len(counts))
    weights = np.zeros(elpd.shape[1])
    for start in range(0, REPLICATES, size):
        gamma = random.standard_gamma(counts, (min(size, REPLICATES - start), len(counts)))
        shares = gamma / gamma.sum(axis=1, keepdims=True)
        weights += softmax(counts.sum() * shares @ elpd, axis=1).sum(axis=0)
    return weights / REPLICATES


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

    from scipy.optimize import minimize

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
