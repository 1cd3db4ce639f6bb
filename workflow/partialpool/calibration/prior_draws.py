"""Parameters drawn from a model's prior in NumPy, by no part of the Stan program.

A mistake in the program's prior, or in the data that tell it which prior to use, is then one that
simulation-based calibration sees.
"""

from __future__ import annotations

import numpy as np

from partialpool.calibration.simulate import draw_effects
from partialpool.model.beliefs import ModelPriors
from partialpool.model.design import Design, name_correlations
from partialpool.model.distributions import as_distribution
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import INTERCEPT, PRECISION
from partialpool.settings.priors import PriorClass


def draw_truth(
    design: Design,
    stated: ModelPriors,
    at: np.ndarray,
    likelihood: Likelihood,
    generator: np.random.Generator,
) -> dict[str, float]:
    """Every parameter of a model drawn from its prior, by name; effects from their terms.

    Args:
        design: of the model.
        stated: the model's priors.
        at: values of the predictors at which the intercept's prior holds (`prior_point`).
        likelihood: of the model.
        generator: random stream.

    Raises:
        ValueError: a flat prior, which nothing can be drawn from.
    """

    def draw(of: PriorClass, name: str) -> float:
        prior = as_distribution(stated.prior(of, name), of)
        return float(prior.rvs(size=None, random_state=generator))

    intercept = draw("intercept", INTERCEPT) if design.has_intercept else 0.0
    slopes = {name: draw("slope", name) for name in design.coefficients if name != INTERCEPT}
    truth = {name: slopes.get(name, 0.0) for name in design.coefficients}
    if design.has_intercept:
        truth[INTERCEPT] = intercept - float(np.dot(at, [*slopes.values()]))
    truth |= {name: draw("sd", name) for term in design.terms for name in term.sd_names}
    for term in design.terms:
        size = len(term.coefficients)
        shape = stated.prior("correlation", name_correlations(term.name)).shape
        below = draw_correlation(size, shape, generator)[np.tril_indices(size, -1)]
        truth |= dict(zip(term.correlation_names, map(float, below), strict=True))
    truth |= draw_effects(design.terms, truth, generator)
    if likelihood.overdispersed:
        truth[PRECISION] = draw("phi", PRECISION)
    return truth


def draw_correlation(size: int, shape: float, generator: np.random.Generator) -> np.ndarray:
    """A correlation matrix from LKJ(shape).

    By the onion method of Lewandowski, Kurowicka and Joe (2009, section 3.2): row after row, where
    the Stan program builds the same distribution from partial correlations (their section 2.4).
    """
    correlation = np.eye(size)
    for row in range(1, size):
        beta = shape + (size - 1 - row) / 2
        length = np.sqrt(generator.beta(row / 2, beta))
        direction = generator.standard_normal(row)
        direction /= np.linalg.norm(direction)
        inner = np.linalg.cholesky(correlation[:row, :row])
        correlation[row, :row] = correlation[:row, row] = length * (inner @ direction)
    return correlation
