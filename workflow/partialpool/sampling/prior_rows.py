"""Priors as the Stan program takes them: a table for each kind of parameter, a row for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from partialpool.settings.priors import FAMILY_CODES, Prior

PRIORS = ("intercept", "slope", "sd", "phi")
"""Kinds of parameters with a prior for each; Stan has the tables as `intercept_prior` and so on."""
PRIOR_COLUMNS = ("family", "location", "scale", "shape")
"""Of a Student t, `shape` is its degrees of freedom."""
SHAPED = ("gamma", "inv_gamma", "lognormal")
"""Families with a shape of their own."""


@dataclass(frozen=True)
class PriorTable:
    """One prior for every parameter that has one: rows of `PRIOR_COLUMNS`."""

    intercept: np.ndarray
    """One row, or none."""
    slope: np.ndarray
    sd: np.ndarray
    """Term after term."""
    phi: np.ndarray
    """One row, or none."""
    lkj_shape: np.ndarray
    """Of each term's correlation matrix."""


def tabulate_rows(priors: Iterable[Prior]) -> np.ndarray:
    """Rows of `PRIOR_COLUMNS`, one for each prior."""
    return np.reshape(np.array([_row(prior) for prior in priors], float), (-1, len(PRIOR_COLUMNS)))


def _row(prior: Prior) -> tuple[float, ...]:
    """One of `PRIOR_COLUMNS`; a lognormal one's scale says where it is."""
    shape = prior.shape if prior.family in SHAPED else prior.df
    location = 0.0 if prior.family == "lognormal" else prior.location
    return FAMILY_CODES[prior.family], location, prior.scale, shape


def prior_variables(priors: PriorTable) -> dict[str, Any]:
    """The tables as the program's data block names them."""
    tables = {f"{of}_prior": getattr(priors, of).tolist() for of in PRIORS}
    return {**tables, "lkj_shape": priors.lkj_shape.tolist()}


def read_priors(variables: Mapping[str, Any]) -> PriorTable:
    """The tables of which these are the `prior_variables`."""
    shape = (-1, len(PRIOR_COLUMNS))
    tables = {of: np.reshape(np.array(variables[f"{of}_prior"], float), shape) for of in PRIORS}
    return PriorTable(**tables, lkj_shape=np.array(variables["lkj_shape"], float))
