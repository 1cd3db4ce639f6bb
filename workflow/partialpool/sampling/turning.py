"""Along which axes the population level is sampled, where the cells cannot tell coefficients apart.

Of aliased coefficients the data tell sums to within little, and what is left is the prior's: a
posterior that is long across all of them, and thin, which a sampler walks slowly. Along the axes of
the data's information relative to the prior's precision (their generalised eigenvectors, at the
cells' own rates) coefficients are independent and of one size in a Gaussian model, and independent
still where the data tell some multiple of that. The posterior is exact in any case: the axes only
say what is sampled.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from partialpool.model.identifiability import find_aliased
from partialpool.model.links import to_scale
from partialpool.sampling.pilot import linearise
from partialpool.sampling.stan_data import StanData

WIDE = 100.0
"""The scale that a flat prior counts as, of predictors as large as 1."""


def turn(data: StanData) -> StanData:
    """The data with the axes of the population level, where the cells cannot tell it apart.

    Of an aliased coefficient the data tell too little for effects to be sampled about it.

    Args:
        data: of `stan/multilevel.stan`.
    """
    ones = np.ones((data.cells, int(data.has_intercept)))
    columns = np.column_stack([ones, data.predictors])
    places = range(2 - data.has_intercept, 2 + data.predictors.shape[1])
    aliased = find_aliased([str(place) for place in places], columns[data.trials > 0])
    if not aliased:
        return data
    terms = []
    for term in data.terms:
        about = term.population_coefficient
        known = np.where(np.isin(about, [int(place) for place in aliased]), 0, about)
        terms.append(replace(term, population_coefficient=known))
    return replace(data, axes=_axes(data), terms=tuple(terms))


def _axes(data: StanData) -> np.ndarray:
    """Coefficients x axes, both with the intercept at `prior_at` first, if there is one."""
    ones = np.ones((data.cells, int(data.has_intercept)))
    columns = np.column_stack([ones, data.predictors - data.prior_at])
    scales = _prior_scales(data, columns)
    rates = (data.successes + 0.5) / (data.trials + 1.0)
    _, weight = linearise(to_scale(rates, data.likelihood.link), data)
    scaled = columns * scales
    values, directions = np.linalg.eigh(scaled.T @ (weight[:, None] * scaled))
    return np.asarray(scales[:, None] * directions / np.sqrt(1 + np.maximum(values, 0)))


def _prior_scales(data: StanData, columns: np.ndarray) -> np.ndarray:
    """Of every coefficient's prior."""
    family, _, scale, _ = np.concatenate([data.priors.intercept, data.priors.slope]).T
    size = np.abs(columns).max(axis=0, initial=0)
    return np.where(family == 0, WIDE / np.where(size > 0, size, 1), scale)
