"""How each group-level effect is sampled: as far centred as its own data are strong.

An effect that its level's data pin down mixes best as itself, one that they leave open as
its standardised form, and one between as a mixture of the two: in a Gaussian model the best
weight is the share of its term's variance that the level's data take away, 1 - V / sd^2
(Papaspiliopoulos, Roberts and Sköld 2003, section 4). A quick pilot, EM over Laplace
approximations, gives each effect's posterior variance V and its term's sd. Where few levels tell
of the sd it may be smaller than that, down to where a centred effect makes the sampler diverge,
so the weight is that of an sd at the low end of what is plausible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from partialpool.links import LINKS, log_rates, log_slope

CAUTION = 2.0
"""Standard errors below the pilot's log variance at which the weights are taken."""
LEAST_INFORMATION = 0.1
ITERATIONS = 100
LONGEST_STEP = 2.0
LEAST_RATE = 1e-6
MOST_ALIKE = 0.9
"""Correlation of two contacts of a cell, at most, that the pilot takes overdispersion to be."""


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

    def predictor(self) -> np.ndarray:
        return np.asarray(np.einsum("nm,nm->n", self.design, self.effect[self.level]))


def choose_centring(data: Mapping[str, Any], wanted: str) -> dict[str, list[float]]:
    """How far every effect is sampled centred, as a part of the Stan program's data.

    Args:
        data: of `stan/multilevel.stan`, without what this returns.
        wanted: `auto`, `centred` or `non-centred`.

    Returns:
        `centring`, from 0 to 1 for every effect in the order of the Stan program; and `unit`,
        the sd of each coefficient's effects that the pilot found, which a mixture of the two
        parametrisations is measured in.
    """
    if wanted != "auto":
        count = sum(data["coefs"])
        return {"centring": [float(wanted == "centred")] * data["E"], "unit": [1.0] * count}
    terms = run_pilot(data)
    variances = [np.diag(term.variance) for term in terms]
    told = [
        np.clip(1 - _diagonals(term.posterior) / variance, 0, 1)
        for term, variance in zip(terms, variances, strict=True)
    ]
    return {
        "centring": [float(value) for share in told for value in _cautious(share).T.ravel()],
        "unit": [float(sd) for variance in variances for sd in np.sqrt(variance)],
    }


def _cautious(told: np.ndarray) -> np.ndarray:
    """The shares that data tell of effects (levels x coefficients), were their variance smaller.

    Of the log variance of effects that are known but for noise, levels give the information
    half the sum of squared shares.
    """
    information = np.maximum(np.square(told).sum(axis=0) / 2, LEAST_INFORMATION)
    smaller = np.exp(-CAUTION / np.sqrt(information))
    return np.asarray(told * smaller / (told * smaller + 1 - told))


def run_pilot(data: Mapping[str, Any]) -> list[_Term]:
    """EM for the terms' covariances over Laplace approximations, one level at a time.

    Every level's effects are updated given all else, so that the cost is linear in cells.
    """
    trials = np.asarray(data["trials"], float)
    cells = len(trials)
    population = np.column_stack(
        [np.ones((cells, data["has_intercept"])), np.reshape(data["X"], (cells, data["K"]))]
    )
    coefficients = np.zeros(population.shape[1])
    terms = _start(data, cells)
    for _ in range(ITERATIONS if terms else 0):
        for term in (None, *terms):
            eta = population @ coefficients + sum(t.predictor() for t in terms)
            score, weight = _curvature(eta, data, trials)
            if term is None:
                precision = population.T @ (weight[:, None] * population) + np.eye(
                    len(coefficients)
                )
                gradient = population.T @ score - coefficients
                coefficients = coefficients + _step(np.linalg.solve(precision, gradient))
            else:
                _update(term, score, weight)
    return terms


def _curvature(
    eta: np.ndarray, data: Mapping[str, Any], trials: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Each cell's score in the linear predictor, and its expected information.

    A beta-binomial's are the binomial's over the design effect 1 + (trials - 1) alike, where
    `alike`, the correlation of two contacts of a cell, is found by moments.
    """
    successes, link = np.asarray(data["successes"], float), LINKS[data["link"]]
    log_p, log_q = log_rates(eta, link)
    log_ratio = log_slope(eta, link) - log_p - log_q
    residual = successes - trials * np.exp(log_p)
    score, weight = residual * np.exp(log_ratio), trials * np.exp(2 * log_ratio + log_p + log_q)
    if not data["overdispersed"]:
        return score, weight
    variance = trials * np.maximum(np.exp(log_p + log_q), LEAST_RATE)
    seen = trials > 0
    excess = np.sum(residual[seen] ** 2 / variance[seen] - 1) / max(np.sum(trials[seen] - 1), 1.0)
    design_effect = 1 + np.maximum(trials - 1, 0) * np.clip(excess, 0, MOST_ALIKE)
    return score / design_effect, weight / design_effect


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


def _update(term: _Term, score: np.ndarray, weight: np.ndarray) -> None:
    """One Newton step of every level's effects, then the term's covariance (EM)."""
    prior = np.linalg.inv(term.variance)
    gradient = np.zeros_like(term.effect)
    precision = np.tile(prior, (len(term.effect), 1, 1))
    np.add.at(gradient, term.level, term.design * score[:, None])
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
