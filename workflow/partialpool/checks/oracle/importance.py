"""A posterior by importance sampling: without Stan, without Markov chains.

Hyperparameters come from a mixture of Student t that learns their approximate marginal posterior;
coefficients, given those, from a Student t about their mode. Points are quasi-random, in several
independently scrambled sets, whose scatter gives the Monte Carlo errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from arviz_stats.base.array import array_stats
from scipy.special import logsumexp
from scipy.stats import qmc

from partialpool.checks.oracle.density import Density
from partialpool.checks.oracle.laplace import (
    Conditional,
    find_hyper_mode,
    find_modes,
    log_determinant,
    log_joint,
    multiply,
)
from partialpool.checks.oracle.mixture import Mixture, about, fit_mixture, log_student_t, student_t
from partialpool.checks.oracle.units import measure_units, restore, standardise
from partialpool.posterior.predictor import AT_ONCE

SETS = 16
"""Independently scrambled sets of points."""
ROUNDS = (256, 512, 1024)
"""Points from which the mixture learns, round after round."""
MOST_DF = 10.0
"""Degrees of freedom of what coefficients are drawn from; fewer where a prior has fewer."""
NO_MODE = 1e-2
"""A Newton step that would still raise the log density by more has found no mode."""


@dataclass(frozen=True)
class Weighted:
    """Weighted points from the posterior, set after set."""

    log_weights: np.ndarray
    """Points; set after set."""
    parameters: Mapping[str, np.ndarray]
    """Points x names by kind."""

    @property
    def weights(self) -> np.ndarray:
        """Weights that add up to 1."""
        return np.asarray(np.exp(self.log_weights - logsumexp(self.log_weights)))

    @property
    def ess(self) -> float:
        """Effective sample size by the weights."""
        return float(1 / np.square(self.weights).sum())

    @property
    def pareto_k(self) -> float:
        """Shape of the weights' upper tail; below 0.5 their variance is finite."""
        if not np.isfinite(self.ess):
            return np.inf
        return float(array_stats.psislw(-self.log_weights)[1])

    def mean(self, values: np.ndarray) -> tuple[float, float]:
        """The mean of a quantity, and its Monte Carlo standard error from the sets' scatter."""
        mean = float(self.weights @ values)
        by_set = (self.weights * (values - mean)).reshape(SETS, -1).sum(axis=1)
        return mean, float(np.sqrt(np.square(by_set).sum() * SETS / (SETS - 1)))


def sample(density: Density, draws: int, seed: int) -> Weighted | None:
    """Weighted points from a posterior; none where no mode of it can be found.

    Args:
        density: of the model.
        draws: how many points, a power of 2.
        seed: of the points.
    """
    generator, data = np.random.default_rng(seed), density.data
    units = measure_units(data)
    given = density if units.are_one else Density(standardise(data, units))
    try:
        with np.errstate(all="ignore"):
            found = _sample(given, draws, generator)
    except np.linalg.LinAlgError:
        return None
    if found is None or units.are_one:
        return found
    return replace(found, parameters=restore(found.parameters, data, units))


def _sample(density: Density, draws: int, generator: np.random.Generator) -> Weighted | None:
    proposal, nearest = _propose(density, generator)
    if not (nearest.gain < NO_MODE).all():
        return None
    count = draws // SETS
    sets = [_draw_set(density, proposal, nearest, count, generator) for _ in range(SETS)]
    parameters = {kind: np.concatenate([of[kind] for _, of in sets]) for kind in sets[0][1]}
    # what is no number cannot be a point of the posterior
    log_weights = np.nan_to_num(np.concatenate([w for w, _ in sets]), nan=-np.inf, neginf=-np.inf)
    return Weighted(log_weights, parameters)


def _propose(
    density: Density, generator: np.random.Generator
) -> tuple[Mixture | None, Conditional]:
    """What hyperparameters are drawn from, if there are any, and coefficients at their mode."""
    if not density.hyperparameters:
        return None, find_modes(density, np.zeros((1, 0)), np.zeros(density.coefficients))
    mode, covariance, nearest = find_hyper_mode(density)
    proposal = about(mode, covariance)
    for count in ROUNDS:
        points = proposal.draw(_uniforms(count, density.hyperparameters + 2, generator))
        found = [find_modes(density, part, nearest.mode[0]) for part in _parts(density, points)]
        marginal = np.concatenate([conditional.log_marginal for conditional in found])
        proposal = fit_mixture(points, marginal - proposal.log_density(points))
    return proposal, nearest


def _draw_set(
    density: Density,
    proposal: Mixture | None,
    nearest: Conditional,
    count: int,
    generator: np.random.Generator,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Log weights and parameters of one set of points."""
    ahead = density.hyperparameters + 2 if proposal else 0
    uniforms = _uniforms(count, ahead + 1 + density.coefficients, generator)
    hyper, log_weights, parts = np.zeros((count, 0)), np.zeros(count), []
    if proposal:
        hyper = proposal.draw(uniforms[:, :ahead])
        log_weights -= proposal.log_density(hyper)
    df = min(MOST_DF, density.lightest_df())
    standard = student_t(uniforms[:, ahead:], df)
    for chunk in _chunks(density, count):
        given = find_modes(density, hyper[chunk], nearest.mode[0]) if proposal else nearest
        away = np.linalg.solve(given.root.transpose(0, 2, 1), standard[chunk, :, None])[:, :, 0]
        coefficients = given.mode + away
        spread = np.broadcast_to(given.spread, (len(away), *given.spread.shape[1:]))
        drawn_from = log_determinant(given.root) + log_student_t(
            np.square(standard[chunk]).sum(axis=1), density.coefficients, df
        )
        log_weights[chunk] += log_joint(density, hyper[chunk], coefficients, spread) - drawn_from
        parts.append(density.parameters(multiply(spread, coefficients), hyper[chunk]))
    return log_weights, {kind: np.concatenate([p[kind] for p in parts]) for kind in parts[0]}


def _uniforms(count: int, size: int, generator: np.random.Generator) -> np.ndarray:
    return np.asarray(qmc.Sobol(size, scramble=True, rng=generator).random(count))


def _chunks(density: Density, count: int) -> list[slice]:
    """Points in as many at once as memory is meant for."""
    size = max(1, AT_ONCE // max(density.data.cells, density.coefficients**2))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _parts(density: Density, points: np.ndarray) -> list[np.ndarray]:
    return [points[chunk] for chunk in _chunks(density, len(points))]
