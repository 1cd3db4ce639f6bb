"""Mixtures of Student t distributions fitted to a density by weighted points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, gammaln, logsumexp, ndtri

KERNELS = 64
WIDE, WIDE_SHARE = 1.5, 0.2
"""How much wider than the points the kernel is that guards the tails, and its share of draws."""
DF = 5.0
INSIDE = 1e-12


@dataclass(frozen=True)
class Mixture:
    """Student t kernels that differ in place and size."""

    centres: np.ndarray
    """Kernels x dimensions."""
    sizes: np.ndarray
    shares: np.ndarray
    root: np.ndarray
    """Cholesky factor of the matrix that a kernel of size 1 has."""

    def draw(self, uniforms: np.ndarray) -> np.ndarray:
        """Points from uniform numbers, points x (2 + dimensions)."""
        kernel = np.searchsorted(np.cumsum(self.shares)[:-1], uniforms[:, 0], side="right")
        standard = student_t(uniforms[:, 1:], DF)
        return np.asarray(self.centres[kernel] + self.sizes[kernel, None] * standard @ self.root.T)

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Log density at each point."""
        inverse, size = np.linalg.inv(self.root), points.shape[1]
        distance = (points[:, None, :] - self.centres) @ inverse.T / self.sizes[:, None]
        kernels = log_student_t(np.square(distance).sum(axis=2), size, DF)
        kernels += np.log(self.shares) - size * np.log(self.sizes)
        return np.asarray(logsumexp(kernels, axis=1) - np.log(np.diag(self.root)).sum())


def about(mode: np.ndarray, covariance: np.ndarray) -> Mixture:
    """One kernel about a mode."""
    return Mixture(mode[None], np.ones(1), np.ones(1), _root(covariance))


def fit_mixture(points: np.ndarray, log_weights: np.ndarray) -> Mixture:
    """Kernels at some of weighted points, shrunk to keep their covariance (West 1993).

    One wide kernel guards the tails. The kernels' size is Silverman's, for as many points as the
    weights leave effective.
    """
    weights = np.exp(log_weights - logsumexp(log_weights))
    effective, size = 1 / np.square(weights).sum(), points.shape[1]
    mean = weights @ points
    covariance = (points - mean).T @ (weights[:, None] * (points - mean))
    bandwidth = min((4 / ((size + 2) * effective)) ** (1 / (size + 4)), 0.9)
    # systematic resampling
    chosen = np.searchsorted(np.cumsum(weights)[:-1], (np.arange(KERNELS) + 0.5) / KERNELS)
    centres = mean + np.sqrt(1 - bandwidth**2) * (points[chosen] - mean)
    return Mixture(
        centres=np.vstack([centres, mean]),
        sizes=np.append(np.full(KERNELS, bandwidth), WIDE),
        shares=np.append(np.full(KERNELS, (1 - WIDE_SHARE) / KERNELS), WIDE_SHARE),
        root=_root(covariance),
    )


def student_t(uniforms: np.ndarray, df: float) -> np.ndarray:
    """Standard multivariate Student t from uniform numbers, of which there is one more."""
    inside = np.clip(uniforms, INSIDE, 1 - INSIDE)
    return np.asarray(ndtri(inside[:, 1:]) * np.sqrt(df / chdtri(df, inside[:, :1])))


def log_student_t(squared: np.ndarray, size: int, df: float) -> np.ndarray:
    """Log density of a standard multivariate Student t at a squared distance from 0."""
    constant = gammaln((df + size) / 2) - gammaln(df / 2) - size / 2 * np.log(df * np.pi)
    return np.asarray(constant - (df + size) / 2 * np.log1p(squared / df))


def _root(covariance: np.ndarray) -> np.ndarray:
    return np.linalg.cholesky(covariance + 1e-9 * np.eye(len(covariance)))
