"""A model's Stan data, put together from its design, its counts, its priors and its centring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from partialpool.model.design import Design, name_correlations
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.parameters import INTERCEPT, PRECISION, of_kind
from partialpool.model.propriety import check_propriety
from partialpool.model.spreads import state_priors
from partialpool.sampling.centring import choose_centring, non_centred
from partialpool.sampling.stan_data import (
    PriorTable,
    StanData,
    TermData,
    tabulate_rows,
)
from partialpool.sampling.sweeping import coarsest_first
from partialpool.sampling.turning import turn
from partialpool.settings import Priors
from partialpool.settings.priors import FAMILY_CODES, PriorClass


def assemble_stan_data(
    design: Design,
    cells: pd.DataFrame,
    priors: Priors,
    intercept_prior_at: str,
    centring: str,
    likelihood: Likelihood = LOGISTIC,
) -> StanData:
    """The data of `stan/multilevel.stan`.

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
    slopes = [name != INTERCEPT for name in design.coefficients]
    predictors = np.ascontiguousarray(design.matrices(cells).population[:, slopes])
    data = StanData(
        trials=cells["trials"].to_numpy(),
        successes=cells["successes"].to_numpy(),
        likelihood=likelihood,
        has_intercept=design.has_intercept,
        predictors=predictors,
        prior_at=prior_point(design, predictors, cells, intercept_prior_at),
        priors=tabulate_priors(priors, design, cells, likelihood),
        terms=tuple(_terms(design, cells)),
        order=(),
    )
    return choose_centring(turn(data), centring)


def check_flat_priors(data: StanData, design: Design) -> None:
    """Check that the counts hold back every population-level coefficient that no prior does.

    Effects have a proper distribution, whatever the priors of their standard deviations.

    Raises:
        InputError: naming coefficients along which the likelihood never falls.
    """
    flat = FAMILY_CODES["flat"]
    free = data.priors.slope[:, 0] == flat
    intercept = bool(len(data.priors.intercept) and data.priors.intercept[0, 0] == flat)
    slopes = [name for name in design.coefficients if name != INTERCEPT]
    # beside an intercept that no prior holds it is the same where predictors begin
    columns = (data.predictors - (0 if intercept else data.prior_at))[:, free]
    names = [INTERCEPT] * intercept + [n for n, f in zip(slopes, free, strict=True) if f]
    columns = np.column_stack([np.ones((data.cells, int(intercept))), columns])
    check_propriety(names, columns, data.successes, data.trials)


def unknown_coefficients(priors: Priors, names: pd.DataFrame) -> list[str]:
    """The names among `priors.coefficients` that a model does not have.

    Args:
        priors: of the model.
        names: of its parameters (`parameters.name_parameters`).
    """
    correlated = names["grouping"][names["kind"] == "correlation"].unique()
    known = {*of_kind(names, "population", "sd"), *map(name_correlations, correlated)}
    return [name for name in priors.coefficients if name not in known]


def prior_only(data: StanData) -> StanData:
    """Stan's data with the likelihood left out, and with it what the data say of any effect."""
    own = replace(data, prior_only=True, axes=np.zeros((0, 0)))
    return choose_centring(own, "non-centred")


def prior_point(design: Design, slopes: np.ndarray, cells: pd.DataFrame, at: str) -> np.ndarray:
    """The values of the predictors at which the intercept's prior holds, one per slope.

    `cells` is their mean over cells, as brms centres grouped data; `contacts` their mean over
    contacts; `reference` 0, every factor at its reference level.
    """
    if not design.has_intercept or at == "reference":
        return np.zeros(slopes.shape[1])
    weights = cells["trials"].to_numpy() if at == "contacts" else np.ones(len(cells))
    return np.asarray(np.average(slopes, axis=0, weights=weights))


def tabulate_priors(
    priors: Priors, design: Design, cells: pd.DataFrame, likelihood: Likelihood
) -> PriorTable:
    """The priors of every parameter that the model has, each on the parameter's own scale.

    Raises:
        InputError: a belief that the base rate leaves no room for (`beliefs.as_prior`).
    """
    stated = state_priors(priors, design, cells, likelihood)

    def rows(of: PriorClass, names: Iterable[str]) -> np.ndarray:
        return tabulate_rows(stated.prior(of, name) for name in names)

    shapes = [
        stated.prior("correlation", name_correlations(term.name)).shape for term in design.terms
    ]
    return PriorTable(
        intercept=rows("intercept", [INTERCEPT] * design.has_intercept),
        slope=rows("slope", [name for name in design.coefficients if name != INTERCEPT]),
        sd=rows("sd", [name for term in design.terms for name in term.sd_names]),
        phi=rows("phi", [PRECISION] * likelihood.overdispersed),
        lkj_shape=np.array(shapes, float),
    )


def _terms(design: Design, cells: pd.DataFrame) -> Iterable[TermData]:
    matrices = design.matrices(cells)
    for term, level, predictors, population_coefficient in zip(
        design.terms,
        matrices.level.T,
        matrices.groups,
        _population_coefficients(design),
        strict=True,
    ):
        size = len(term.levels), len(term.coefficients)
        slopes = sum(name != INTERCEPT for name in design.coefficients)
        rows = np.ascontiguousarray(predictors)  # as they are read: the order of sums depends on it
        yield TermData(size[0], level, rows, population_coefficient, non_centred(*size, slopes))


def _population_coefficients(design: Design) -> list[np.ndarray]:
    """Where `population` in the Stan program has the coefficient that each effect varies about.

    0 where there is none, or where a coarser term varies about it already.
    """
    order = [INTERCEPT, *(name for name in design.coefficients if name != INTERCEPT)]
    free = set(design.coefficients)
    population_coefficients: dict[int, np.ndarray] = {}
    for term in coarsest_first([len(term.levels) for term in design.terms]):
        coefficients = design.terms[term].coefficients
        places = [order.index(name) + 1 if name in free else 0 for name in coefficients]
        population_coefficients[term] = np.array(places)
        free.difference_update(coefficients)
    return [population_coefficients[term] for term in sorted(population_coefficients)]
