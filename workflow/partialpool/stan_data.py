"""The data of `stan/multilevel.stan`: a model's design, its counts, its priors, its centring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.centring import choose_centring
from partialpool.design import INTERCEPT, Design
from partialpool.priors import FAMILY_CODES, Prior, PriorClass, parse_prior
from partialpool.settings import Priors


def stan_data(
    design: Design, cells: pd.DataFrame, priors: Priors, intercept_prior_at: str, centring: str
) -> dict[str, Any]:
    """The data of `stan/multilevel.stan`, with the names of its data block.

    Args:
        design: learned from the cells.
        cells: with `successes` and `trials`.
        priors: by class of parameter.
        intercept_prior_at: see `prior_point`.
        centring: how effects are sampled, see `centring.choose_centring`.
    """
    matrices = design.matrices(cells)
    is_slope = [name != INTERCEPT for name in design.coefficients]
    slopes = matrices.population[:, is_slope]
    terms = design.terms
    coefs = [len(term.coefficients) for term in terms]
    effects = sum(len(term.effect_names) for term in terms)
    data = {
        "N": len(cells),
        "trials": cells["trials"].tolist(),
        "successes": cells["successes"].tolist(),
        "prior_only": 0,
        "has_intercept": int(design.has_intercept),
        "K": slopes.shape[1],
        "X": slopes.tolist(),
        "X_at": prior_point(design, slopes, cells, intercept_prior_at).tolist(),
        "T": len(terms),
        "E": effects,
        "levels": [len(term.levels) for term in terms],
        "coefs": coefs,
        "level": (matrices.level.T + 1).tolist(),
        "Z": np.column_stack([np.zeros((len(cells), 0)), *matrices.groups]).tolist(),
        "partner": _partners(design),
        **_prior_data("intercept", priors.intercept, int(design.has_intercept)),
        **_prior_data("slope", priors.slope, slopes.shape[1]),
        **_prior_data("sd", priors.sd, sum(coefs)),
        "lkj_shape": [parse_prior(priors.correlation, "correlation").shape] * len(terms),
    }
    return data | {"centring": choose_centring(data, centring)}


def prior_only(data: Mapping[str, Any]) -> dict[str, Any]:
    """Stan's data with the likelihood left out; without data no effect is sampled centred."""
    return {**data, "prior_only": 1, "centring": [0.0] * len(data["centring"])}


def prior_point(design: Design, slopes: np.ndarray, cells: pd.DataFrame, at: str) -> np.ndarray:
    """The values of the predictors at which the intercept's prior holds, one per slope.

    `cells` is their mean over cells, as brms centres grouped data; `contacts` their mean over
    contacts; `reference` 0, every factor at its reference level.
    """
    if not design.has_intercept or at == "reference":
        return np.zeros(slopes.shape[1])
    weights = cells["trials"].to_numpy() if at == "contacts" else np.ones(len(cells))
    return np.asarray(np.average(slopes, axis=0, weights=weights))


def _prior_data(of: PriorClass, text: str, size: int) -> dict[str, list[float]]:
    prior: Prior = parse_prior(text, of)
    return {
        f"{of}_family": [FAMILY_CODES[prior.family]] * size,
        f"{of}_location": [prior.location] * size,
        f"{of}_scale": [prior.scale] * size,
        f"{of}_df": [prior.df] * size,
    }


def _partners(design: Design) -> list[int]:
    """Where `population` in the Stan program has the coefficient that each effect varies about.

    0 where there is none, or where an earlier term varies about it already.
    """
    order = [INTERCEPT, *(name for name in design.coefficients if name != INTERCEPT)]
    free = set(design.coefficients)
    partners = []
    for coefficient in (c for term in design.terms for c in term.coefficients):
        partners.append(order.index(coefficient) + 1 if coefficient in free else 0)
        free.discard(coefficient)
    return partners
