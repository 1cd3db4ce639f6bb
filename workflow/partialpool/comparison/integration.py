"""The likelihood of cells with the effects integrated out that they alone inform.

Leaving out all cells of a level leaves its effect to its distribution, which no reweighting of
draws that have seen the cells can do well: the weights have no variance. With the effect
integrated out, the rest of the draws moves little (Merkle, Furr and Rabe-Hesketh 2019). The
integral is by adaptive Gauss-Hermite quadrature about its mode (Liu and Pierce 1994), draw by draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import logsumexp

from partialpool.model.likelihood import Likelihood, log_orders

NODES = {1: 15, 2: 9, 3: 7}
"""Nodes for each dimension, by how many dimensions there are."""
MOST_DIMENSIONS = max(NODES)
NEWTON_STEPS = 50
HALVINGS = 40
CLOSE = 1e-8
LONGEST_STEP = 3.0
"""Of the standardised effects, so that no first step overshoots where a rate is near its ends."""


@dataclass(frozen=True)
class Cells:
    """Counts of some cells, and what of the draws they have their likelihood from."""

    successes: np.ndarray
    trials: np.ndarray
    likelihood: Likelihood
    phi: np.ndarray | None
    """Draws of a beta-binomial's precision."""

    def part(self, members: np.ndarray) -> Cells:
        """Some of the cells."""
        return Cells(self.successes[members], self.trials[members], self.likelihood, self.phi)

    def log_mass(self, eta: np.ndarray) -> np.ndarray:
        """Joint log probability of the counts, of the linear predictor (draws x cells)."""
        orders = log_orders(self.successes, self.trials)
        mass = self.likelihood.log_mass(eta, self.successes, self.trials, self.phi)
        return np.asarray((orders + mass).sum(axis=-1))


def integrate_effects(cells: Cells, eta: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """Log likelihood of cells, jointly, averaged over effects that they share.

    Args:
        cells: their counts.
        eta: draws x cells, the linear predictor without these effects.
        loadings: draws x cells x effects, what one standard deviation of each independent effect
            adds to the linear predictor; `MOST_DIMENSIONS` effects at most.

    Returns:
        One value for each draw.
    """
    if not loadings.shape[-1]:
        return cells.log_mass(eta)
    mode, covariance = _find_modes(cells, eta, loadings)
    root = np.linalg.cholesky(covariance)
    points, log_weights = _grid(loadings.shape[-1])
    terms = []
    for point, log_weight in zip(points, log_weights, strict=True):
        standard = mode + np.einsum("dij,j->di", root, point)
        log_mass = cells.log_mass(eta + np.einsum("dck,dk->dc", loadings, standard))
        density = -0.5 * np.square(standard).sum(axis=-1) + 0.5 * np.square(point).sum()
        terms.append(log_mass + density + log_weight)
    determinant = np.log(np.abs(np.linalg.det(root)))
    return np.asarray(logsumexp(terms, axis=0) + determinant)


def integrate_nested(
    cells: Cells,
    eta: np.ndarray,
    loadings: np.ndarray,
    groups: Sequence[tuple[np.ndarray, np.ndarray]],
) -> np.ndarray:
    """The same where the cells share some effects, and groups of them have others of their own.

    Args:
        cells: their counts.
        eta: draws x cells, the linear predictor without any of these effects.
        loadings: draws x cells x shared effects.
        groups: of each group, which part the cells: positions of its cells, and the loadings of
            its own effects, draws x these cells x effects.

    Returns:
        One value for each draw.
    """
    if not groups:
        return integrate_effects(cells, eta, loadings)
    if not loadings.shape[-1]:
        parts = [integrate_effects(cells.part(at), eta[:, at], own) for at, own in groups]
        return np.asarray(np.sum(parts, axis=0))
    shared = loadings.shape[-1]
    mode, covariance = _find_modes(cells, eta, _stacked(loadings, groups))
    mode, root = mode[:, :shared], np.linalg.cholesky(covariance[:, :shared, :shared])
    points, log_weights = _grid(shared)
    terms = []
    for point, log_weight in zip(points, log_weights, strict=True):
        standard = mode + np.einsum("dij,j->di", root, point)
        moved = eta + np.einsum("dck,dk->dc", loadings, standard)
        inner = [integrate_effects(cells.part(at), moved[:, at], own) for at, own in groups]
        density = -0.5 * np.square(standard).sum(axis=-1) + 0.5 * np.square(point).sum()
        terms.append(np.sum(inner, axis=0) + density + log_weight)
    return np.asarray(logsumexp(terms, axis=0) + np.log(np.abs(np.linalg.det(root))))


def _stacked(loadings: np.ndarray, groups: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Loadings of the shared effects, then of those of every group, 0 for the others' cells."""
    draws, cells, _ = loadings.shape
    blocks = [loadings]
    for at, own in groups:
        block = np.zeros((draws, cells, own.shape[-1]))
        block[:, at] = own
        blocks.append(block)
    return np.concatenate(blocks, axis=-1)


def _find_modes(
    cells: Cells, eta: np.ndarray, loadings: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where each draw's integrand is largest (draws x effects), and its inverse curvature there.

    By Newton's method on the standardised effects, whose density is the standard normal.
    """
    draws, _, size = loadings.shape
    standard, identity = np.zeros((draws, size)), np.eye(size)

    def height(at: np.ndarray) -> np.ndarray:
        moved = eta + np.einsum("dck,dk->dc", loadings, at)
        return np.asarray(cells.log_mass(moved) - 0.5 * np.square(at).sum(axis=-1))

    for _ in range(NEWTON_STEPS):
        moved = eta + np.einsum("dck,dk->dc", loadings, standard)
        score, information = cells.likelihood.curvature(
            moved, cells.successes, cells.trials, cells.phi
        )
        curved = np.einsum("dci,dc,dcj->dij", loadings, information, loadings) + identity
        slope = np.einsum("dci,dc->di", loadings, score) - standard
        step = np.linalg.solve(curved, slope[..., None])[..., 0]
        length = np.linalg.norm(step, axis=-1, keepdims=True)
        step *= np.minimum(1.0, LONGEST_STEP / np.maximum(length, LONGEST_STEP))
        reached = height(standard) - CLOSE
        for _ in range(HALVINGS):  # or steps may leap to and fro over the mode for ever
            down = height(standard + step) < reached
            if not down.any():
                break
            step[down] /= 2
        standard += step
        if length.max() < CLOSE:
            break
    return standard, np.linalg.inv(curved)


def _grid(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and log weights of an integral over a standard normal density, in some dimensions."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES[size])
    log_weights = np.log(weights) - 0.5 * np.log(2 * np.pi)
    points = np.array(list(product(nodes, repeat=size)))
    return points, np.array([sum(of) for of in product(log_weights, repeat=size)])
