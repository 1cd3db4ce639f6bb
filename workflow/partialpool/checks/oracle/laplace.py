"""Laplace approximations: coefficients given hyperparameters, and hyperparameters by themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from partialpool.checks.oracle.density import Density

ITERATIONS = 50
LONGEST_STEP = 3.0
CLOSE = 1e-4
"""A mode is found once a Newton step would raise the log density by less."""
RIDGE = 1e-10
STEP = 1e-3
"""Of finite differences by hyperparameters, on their unconstrained scale."""
START, REACH = (-0.7, 0.0, 4.0), (10.0, 5.0, 12.0)
"""Where log sd, open partial correlations and log phi are sought from, and how far from 0."""
FLATTEST, SHARPEST = 0.1, 1e4
"""Curvatures of hyperparameters that an approximation takes, others being brought between."""


@dataclass(frozen=True)
class Conditional:
    """Coefficients given hyperparameters, at several points."""

    mode: np.ndarray
    """Points x d."""
    root: np.ndarray
    """Cholesky factor of the precision at the mode, points x d x d."""
    spread: np.ndarray
    """What makes standardised coefficients deviations (`Density.spread`)."""
    log_density: np.ndarray
    """Joint log density with the hyperparameters, at the mode."""
    gain: np.ndarray
    """What a further Newton step would add to it; all but 0 at a mode."""

    @property
    def log_marginal(self) -> np.ndarray:
        """Approximate log density of the hyperparameters alone."""
        return np.asarray(self.log_density - log_determinant(self.root))


def log_determinant(root: np.ndarray) -> np.ndarray:
    """Log determinant of triangular matrices."""
    return np.asarray(np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1))


def log_joint(
    density: Density, hyper: np.ndarray, coefficients: np.ndarray, spread: np.ndarray
) -> np.ndarray:
    """Joint log density of hyperparameters and coefficients at each point."""
    total = density.log_hyperprior(hyper) + density.log_coefficient_prior(coefficients)
    return np.asarray(total + density.log_likelihood(multiply(spread, coefficients), hyper))


def multiply(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Matrices (points x d x d) times vectors (points x d)."""
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])


def find_modes(density: Density, hyper: np.ndarray, start: np.ndarray) -> Conditional:
    """Newton's method with steps that are shortened until the density rises, at all points at once.

    Args:
        density: of the model.
        hyper: points x h.
        start: coefficients from which modes are sought, points x d or d.
    """
    spread = density.spread(hyper)
    at, value = _start(density, hyper, start, spread)
    damping, gain = np.ones(len(hyper)), np.full(len(hyper), np.inf)
    precision = np.empty_like(spread)
    left = np.arange(len(hyper))
    for _ in range(ITERATIONS):
        gradient, precision[left] = _curvature(density, hyper[left], at[left], spread[left])
        step = np.linalg.solve(precision[left], gradient[:, :, None])[:, :, 0]
        gain[left] = (gradient * step).sum(axis=1) / 2
        open_still = ~(gain[left] < CLOSE)
        left, step = left[open_still], step[open_still]
        if not left.size:
            break
        longest = np.abs(step).max(axis=1, initial=LONGEST_STEP)
        moved = at[left] + step * (damping[left] * LONGEST_STEP / longest)[:, None]
        reached = log_joint(density, hyper[left], moved, spread[left])
        better = reached >= value[left]
        at[left[better]], value[left[better]] = moved[better], reached[better]
        damping[left] = np.where(better, np.minimum(2 * damping[left], 1), damping[left] / 4)
    return Conditional(at, np.linalg.cholesky(precision), spread, value, gain)


def _start(
    density: Density, hyper: np.ndarray, start: np.ndarray, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The better of a start and 0 at each point, and its log density."""
    origin = np.zeros((len(hyper), density.coefficients))
    given = np.broadcast_to(start, origin.shape)
    values = [log_joint(density, hyper, at, spread) for at in (given, origin)]
    better = values[0] > values[1]
    return np.where(better[:, None], given, origin), np.where(better, *values)


def _curvature(
    density: Density, hyper: np.ndarray, at: np.ndarray, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of the joint log density in the coefficients, and a precision."""
    design, size = density.design, density.coefficients
    eta = multiply(spread, at) @ design.T
    score, information = density.likelihood.curvature(
        eta, density.successes, density.trials, density.phi(hyper)
    )
    data = np.zeros((len(at), size, size))
    rows, columns = density.pairs
    data[:, rows, columns] = data[:, columns, rows] = information @ density.products
    from_prior, own = density.prior_score(at)
    turned = spread.transpose(0, 2, 1)
    precision = turned @ data @ spread + (own[:, :, None] + RIDGE) * np.eye(size)
    return multiply(turned, score @ design) + from_prior, precision


def find_hyper_mode(density: Density) -> tuple[np.ndarray, np.ndarray, Conditional]:
    """The mode of the hyperparameters' approximate marginal posterior.

    Returns:
        The mode; the covariance that its curvature stands for; the coefficients given it.
    """
    sizes = (density.sds, sum(density.partials), density.data.likelihood.overdispersed)
    reach = np.repeat(REACH, sizes)
    nearest = find_modes(density, np.repeat(START, sizes)[None], np.zeros(density.coefficients))

    def marginal(points: np.ndarray) -> np.ndarray:
        nonlocal nearest
        found = find_modes(density, points, nearest.mode[0])
        nearest = found
        return found.log_marginal

    def fall(point: np.ndarray) -> tuple[float, np.ndarray]:
        steps = STEP * np.eye(len(point))
        value, *around = marginal(np.vstack([point, point + steps, point - steps]))
        up, down = np.split(np.array(around), 2)
        return -value, (down - up) / (2 * STEP)

    found = minimize(
        fall,
        np.repeat(START, sizes),
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(-reach, reach, strict=True)),
    ).x
    slopes = np.array([fall(found + step)[1] for step in 0.1 * np.eye(len(found))])
    slopes -= np.array([fall(found - step)[1] for step in 0.1 * np.eye(len(found))])
    values, vectors = np.linalg.eigh((slopes + slopes.T) / 0.4)
    covariance = (vectors / np.clip(values, FLATTEST, SHARPEST)) @ vectors.T
    return found, covariance, find_modes(density, found[None], nearest.mode[0])
