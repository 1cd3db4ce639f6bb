"""The data of `stan/multilevel.stan`: a model's design, its counts, its priors, its centring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.model.beliefs import ModelPriors
from partialpool.model.coefficients import INTERCEPT
from partialpool.model.design import Design, name_correlations
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.links import LINK_CODES
from partialpool.model.parameters import PRECISION, of_kind
from partialpool.sampling.centring import choose_centring
from partialpool.sampling.sweeping import coarsest_first
from partialpool.settings import Priors
from partialpool.settings.priors import FAMILY_CODES, PriorClass


def stan_data(
    design: Design,
    cells: pd.DataFrame,
    priors: Priors,
    intercept_prior_at: str,
    centring: str,
    likelihood: Likelihood = LOGISTIC,
) -> dict[str, Any]:
    """The data of `stan/multilevel.stan`, with the names of its data block.

    Args:
        design: learned from the cells.
        cells: with `successes` and `trials`.
        priors: by class of parameter and by name; beliefs among them.
        intercept_prior_at: see `prior_point`.
        centring: how effects are sampled, see `centring.choose_centring`.
        likelihood: family and link.

    Raises:
        InputError: a belief that the base rate leaves no room for (`beliefs.as_prior`).
    """
    matrices = design.matrices(cells)
    slopes = matrices.population[:, [name != INTERCEPT for name in design.coefficients]]
    terms = design.terms
    data = {
        "N": len(cells),
        "trials": cells["trials"].tolist(),
        "successes": cells["successes"].tolist(),
        "prior_only": 0,
        "link": LINK_CODES[likelihood.link],
        "overdispersed": int(likelihood.overdispersed),
        "has_intercept": int(design.has_intercept),
        "K": slopes.shape[1],
        "X": slopes.tolist(),
        "X_at": prior_point(design, slopes, cells, intercept_prior_at).tolist(),
        "T": len(terms),
        "E": sum(len(term.effect_names) for term in terms),
        "levels": [len(term.levels) for term in terms],
        "coefs": [len(term.coefficients) for term in terms],
        "level": (matrices.level.T + 1).tolist(),
        "Z": np.column_stack([np.zeros((len(cells), 0)), *matrices.groups]).tolist(),
        "partner": _partners(design),
    }
    data |= prior_data(priors, design, likelihood)
    return data | choose_centring(data, centring)


def unknown_coefficients(priors: Priors, names: pd.DataFrame) -> list[str]:
    """The names among `priors.coefficients` that a model does not have.

    Args:
        priors: of the model.
        names: of its parameters (`parameters.name_parameters`).
    """
    correlated = names["grouping"][names["kind"] == "correlation"].unique()
    known = {*of_kind(names, "population", "sd"), *map(name_correlations, correlated)}
    return [name for name in priors.coefficients if name not in known]


def prior_only(data: Mapping[str, Any]) -> dict[str, Any]:
    """Stan's data with the likelihood left out, and with it what is told of any effect."""
    return {**data, "prior_only": 1} | choose_centring(data, "non-centred")


def prior_point(design: Design, slopes: np.ndarray, cells: pd.DataFrame, at: str) -> np.ndarray:
    """The values of the predictors at which the intercept's prior holds, one per slope.

    `cells` is their mean over cells, as brms centres grouped data; `contacts` their mean over
    contacts; `reference` 0, every factor at its reference level.
    """
    if not design.has_intercept or at == "reference":
        return np.zeros(slopes.shape[1])
    weights = cells["trials"].to_numpy() if at == "contacts" else np.ones(len(cells))
    return np.asarray(np.average(slopes, axis=0, weights=weights))


def prior_data(priors: Priors, design: Design, likelihood: Likelihood) -> dict[str, Any]:
    """The part of Stan's data that the priors are: one for every parameter that the model has.

    Raises:
        InputError: a belief that the base rate leaves no room for (`beliefs.as_prior`).
    """
    stated = ModelPriors(priors, likelihood.link, design.has_intercept)
    intercept = [INTERCEPT] * design.has_intercept
    slopes = [name for name in design.coefficients if name != INTERCEPT]
    sds = [name for term in design.terms for name in term.sd_names]
    correlations = [name_correlations(term.name) for term in design.terms]
    return {
        **_prior_data(stated, "intercept", intercept),
        **_prior_data(stated, "slope", slopes),
        **_prior_data(stated, "sd", sds),
        **_prior_data(stated, "phi", [PRECISION] * likelihood.overdispersed),
        "lkj_shape": [stated.prior("correlation", name).shape for name in correlations],
    }


def _prior_data(
    stated: ModelPriors, of: PriorClass, names: Iterable[str]
) -> dict[str, list[float]]:
    priors = [stated.prior(of, name) for name in names]
    return {
        f"{of}_family": [FAMILY_CODES[prior.family] for prior in priors],
        f"{of}_location": [prior.location for prior in priors],
        f"{of}_scale": [prior.scale for prior in priors],
        f"{of}_df": [prior.df for prior in priors],
    }


def _partners(design: Design) -> list[int]:
    """Where `population` in the Stan program has the coefficient that each effect varies about.

    0 where there is none, or where a coarser term varies about it already.
    """
    order = [INTERCEPT, *(name for name in design.coefficients if name != INTERCEPT)]
    free = set(design.coefficients)
    partners: dict[int, list[int]] = {}
    for term in coarsest_first([len(term.levels) for term in design.terms]):
        coefficients = design.terms[term].coefficients
        partners[term] = [order.index(name) + 1 if name in free else 0 for name in coefficients]
        free.difference_update(coefficients)
    return [partner for term in sorted(partners) for partner in partners[term]]
