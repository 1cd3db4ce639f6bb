"""How each group-level effect is sampled: centred where its own data are strong, else not.

An effect that its level's data pin down mixes best as itself, one that they leave open as
its standardised form (Papaspiliopoulos, Roberts and Sköld 2007). A quick pilot, EM over
Laplace approximations, gives each effect's posterior variance and its term's variance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

SHRUNK_LITTLE = 0.8
"""An effect is centred when its data leave less than 1 - this of its term's variance."""
ITERATIONS = 100
LONGEST_STEP = 2.0


@dataclass
class _Term:
    """State of the pilot for one term: effects (levels x coefficients) and their spread."""

    design: np.ndarray
    level: np.ndarray
    effect: np.ndarray
    variance: np.ndarray
    """Covariance within the term, coefficients x coefficients."""
    posterior: np.ndarray
    """Posterior covariance of each level's effects, levels x coefficients x coefficients."""

    def log_odds(self) -> np.ndarray:
        return np.asarray(np.einsum("nm,nm->n", self.design, self.effect[self.level]))


def choose_centring(data: Mapping[str, Any], wanted: str) -> list[float]:
    """The centring of every effect, 1 or 0, in the order of the Stan program.

    Args:
        data: of `stan/multilevel.stan`, without `centring`.
        wanted: `auto`, `centred` or `non-centred`.
    """
    if wanted != "auto":
        return [float(wanted == "centred")] * data["E"]
    terms = run_pilot(data)
    kept = [1 - _diagonals(term.posterior) / np.diag(term.variance) for term in terms]
    return [float(value) for k in kept for value in (k > SHRUNK_LITTLE).astype(float).T.ravel()]


def run_pilot(data: Mapping[str, Any]) -> list[_Term]:
    """EM for the terms' covariances over Laplace approximations, one level at a time.

    Every level's effects are updated given all else, so that the cost is linear in cells.
    """
    trials, successes = np.asarray(data["trials"], float), np.asarray(data["successes"], float)
    cells = len(trials)
    population = np.column_stack(
        [np.ones((cells, data["has_intercept"])), np.reshape(data["X"], (cells, data["K"]))]
    )
    coefficients = np.zeros(population.shape[1])
    terms = _start(data, cells)
    for _ in range(ITERATIONS if terms else 0):
        for term in (None, *terms):
            log_odds = population @ coefficients + sum(t.log_odds() for t in terms)
            rate = expit(log_odds)
            residual, weight = successes - trials * rate, trials * rate * (1 - rate)
            if term is None:
                precision = population.T @ (weight[:, None] * population) + np.eye(
                    len(coefficients)
                )
                gradient = population.T @ residual - coefficients
                coefficients = coefficients + _step(np.linalg.solve(precision, gradient))
            else:
                _update(term, residual, weight)
    return terms


def _start(data: Mapping[str, Any], cells: int) -> list[_Term]:
    columns = np.reshape(data["Z"], (cells, -1))
    blocks = np.split(columns, np.cumsum(data["coefs"])[:-1], axis=1) if data["T"] else []
    return [
        _Term(
            design=block,
            level=np.asarray(level) - 1,
            effect=np.zeros((count, size)),
            variance=np.eye(size),
            posterior=np.zeros((count, size, size)),
        )
        for block, level, count, size in zip(
            blocks, data["level"], data["levels"], data["coefs"], strict=True
        )
    ]


def _update(term: _Term, residual: np.ndarray, weight: np.ndarray) -> None:
    """One Newton step of every level's effects, then the term's covariance (EM)."""
    prior = np.linalg.inv(term.variance)
    gradient = np.zeros_like(term.effect)
    precision = np.tile(prior, (len(term.effect), 1, 1))
    np.add.at(gradient, term.level, term.design * residual[:, None])
    outer = term.design[:, :, None] * term.design[:, None, :] * weight[:, None, None]
    np.add.at(precision, term.level, outer)
    term.posterior = np.linalg.inv(precision)
    newton = np.einsum("lij,lj->li", term.posterior, gradient - term.effect @ prior)
    term.effect = term.effect + _step(newton)
    spread = np.einsum("li,lj->lij", term.effect, term.effect) + term.posterior
    term.variance = spread.mean(axis=0) + 1e-9 * np.eye(len(prior))


def _step(newton: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(newton, -LONGEST_STEP, LONGEST_STEP))


def _diagonals(matrices: np.ndarray) -> np.ndarray:
    return np.diagonal(matrices, axis1=1, axis2=2)
