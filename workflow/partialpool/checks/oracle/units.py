"""A model in which every predictor spans 1, and its parameters brought back to their own units.

Steps, ridges and starting points of the oracle have a size; in such units they suit any predictor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from partialpool.sampling.stan_data import StanData


@dataclass(frozen=True)
class Units:
    """What the predictors of a model span, over its cells."""

    slopes: np.ndarray
    """Of each slope."""
    terms: tuple[np.ndarray, ...]
    """Of each coefficient, term by term."""

    @property
    def are_one(self) -> bool:
        """Whether nothing is to be done, as with factors alone."""
        return all((of == 1).all() for of in (self.slopes, *self.terms))


def measure_units(data: StanData) -> Units:
    """The units of a model; a predictor that is constant has 1."""
    return Units(_span(data.predictors), tuple(_span(term.predictors) for term in data.terms))


def standardise(data: StanData, units: Units) -> StanData:
    """The same model of predictors in these units, with priors that say the same."""
    sds = np.concatenate([np.ones(0), *units.terms])
    priors = replace(
        data.priors,
        slope=_stretch(data.priors.slope, units.slopes),
        sd=_stretch(data.priors.sd, sds),
    )
    return replace(
        data,
        predictors=data.predictors / units.slopes,
        prior_at=data.prior_at / units.slopes,
        priors=priors,
        terms=tuple(
            replace(term, predictors=term.predictors / of)
            for term, of in zip(data.terms, units.terms, strict=True)
        ),
    )


def restore(
    parameters: Mapping[str, np.ndarray], data: StanData, units: Units
) -> dict[str, np.ndarray]:
    """Parameters of the standardised model as those of the model itself.

    Args:
        parameters: points x names, by kind (`Density.parameters`).
        data: of the model.
        units: in which the parameters are.
    """
    levels = [term.levels for term in data.terms]
    by_kind = {
        "population": np.concatenate([np.ones(int(data.has_intercept)), units.slopes]),
        "sd": np.concatenate([np.ones(0), *units.terms]),
        "effect": np.concatenate([np.ones(0), *map(np.repeat, units.terms, levels)]),
    }
    return {kind: values / by_kind.get(kind, 1.0) for kind, values in parameters.items()}


def _span(predictors: np.ndarray) -> np.ndarray:
    span = np.ptp(predictors, axis=0) if len(predictors) else np.ones(predictors.shape[1])
    return np.where(span > 0, span, 1.0)


def _stretch(priors: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Rows of `stan_data.PRIOR_COLUMNS` with location and scale multiplied."""
    family, location, scale, df = priors.T
    return np.column_stack([family, location * by, scale * by, df])
