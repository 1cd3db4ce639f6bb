"""The data of `stan/multilevel.stan`: as arrays for Python, as JSON for Stan, and back.

Every stage passes `StanData` along; what the program's data block names and counts from 1 is
known here alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from partialpool.frames import read_facts
from partialpool.model.likelihood import Likelihood
from partialpool.model.links import LINK_CODES, LINKS
from partialpool.sampling.prior_rows import PRIOR_COLUMNS as PRIOR_COLUMNS
from partialpool.sampling.prior_rows import PriorTable as PriorTable
from partialpool.sampling.prior_rows import prior_variables, read_priors
from partialpool.sampling.prior_rows import tabulate_rows as tabulate_rows
from partialpool.seals import write_sealed
from partialpool.settings.modelling import Family


@dataclass(frozen=True)
class Geometry:
    """How the effects of one term are sampled (`centring.choose_centring`)."""

    information: np.ndarray
    """Of each level's data on its coefficients: levels x lower triangle, row by row."""
    score: np.ndarray
    """Of the same, with every slope at 0: levels x coefficients."""
    slope_pull: np.ndarray
    """What each slope takes from the score: levels x coefficients x slopes."""
    prior_weight: np.ndarray
    """Levels x coefficients."""
    centring: np.ndarray
    """The share of each effect's variance that its data take away, levels x coefficients, for
    the report; Stan does not read it."""
    absorbed_by: np.ndarray
    """Of each coefficient, the one of another term that takes up the means of its effects: its
    number over all terms, from 1, or 0."""
    group: np.ndarray
    """Of each level, the other term's level that takes up its mean, from 1."""


@dataclass(frozen=True)
class TermData:
    """One group-level term."""

    levels: int
    level: np.ndarray
    """Of each cell, from 0."""
    predictors: np.ndarray
    """Cells x coefficients."""
    population_coefficient: np.ndarray
    """Of each coefficient, the population-level one that it varies about: 1 the intercept, 1 + k
    slope k, 0 none."""
    geometry: Geometry

    @property
    def coefficients(self) -> int:
        """How many there are."""
        return int(self.predictors.shape[1])

    @property
    def correlations(self) -> int:
        """How many there are between its coefficients."""
        return self.coefficients * (self.coefficients - 1) // 2

    @property
    def effects(self) -> int:
        """How many there are."""
        return self.levels * self.coefficients


@dataclass(frozen=True)
class StanData:
    """A model with its counts, as the Stan program takes it."""

    trials: np.ndarray
    successes: np.ndarray
    likelihood: Likelihood
    has_intercept: bool
    predictors: np.ndarray
    """Population-level, without the intercept: cells x slopes."""
    prior_at: np.ndarray
    """Values of the predictors at which the intercept's prior holds."""
    priors: PriorTable
    terms: tuple[TermData, ...]
    order: tuple[int, ...]
    """Of terms, from 0: those that others take up means of before these."""
    prior_only: bool = False
    """Whether the likelihood is left out."""
    axes: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    """The axes, in columns, along which the population level is sampled (`turning.turn`);
    without any each coefficient is one."""

    @property
    def cells(self) -> int:
        """How many there are."""
        return len(self.trials)

    @property
    def population(self) -> int:
        """How many population-level coefficients there are, the intercept among them."""
        return int(self.has_intercept + self.predictors.shape[1])

    def variables(self) -> dict[str, Any]:
        """The data block of the Stan program, and `centring`, as JSON has it."""
        terms = self.terms
        return {
            "N": self.cells,
            "trials": self.trials.tolist(),
            "successes": self.successes.tolist(),
            "prior_only": int(self.prior_only),
            "link": LINK_CODES[self.likelihood.link],
            "overdispersed": int(self.likelihood.overdispersed),
            "has_intercept": int(self.has_intercept),
            "K": self.predictors.shape[1],
            "X": self.predictors.tolist(),
            "X_at": self.prior_at.tolist(),
            "T": len(terms),
            "E": sum(term.effects for term in terms),
            "levels": [term.levels for term in terms],
            "coefs": [term.coefficients for term in terms],
            "level": [(term.level + 1).tolist() for term in terms],
            "Z": np.column_stack(
                [np.zeros((self.cells, 0)), *(term.predictors for term in terms)]
            ).tolist(),
            "population_coefficient": _joined(term.population_coefficient for term in terms),
            **_geometry_variables([term.geometry for term in terms]),
            "slope_pull": [row for term in terms for row in _effect_rows(term.geometry.slope_pull)],
            "order": [term + 1 for term in self.order],
            "A": len(self.axes),
            "axes": self.axes.tolist(),
            **prior_variables(self.priors),
        }


def write_stan_data(data: StanData, path: Path) -> None:
    """Write the JSON that Stan reads."""
    write_sealed(path, json.dumps(data.variables()).encode("utf-8"))


def read_stan_data(path: Path | str) -> StanData:
    """Read what `write_stan_data` wrote.

    Raises:
        DamagedError: the file is missing, or not as it was written.
    """
    return from_variables(read_facts(path))


def from_variables(variables: Mapping[str, Any]) -> StanData:
    """The model of which these are the `StanData.variables`."""
    cells = variables["N"]
    family: Family = "beta_binomial" if variables["overdispersed"] else "binomial"
    return StanData(
        trials=np.array(variables["trials"]),
        successes=np.array(variables["successes"]),
        likelihood=Likelihood(family, LINKS[variables["link"]]),
        has_intercept=bool(variables["has_intercept"]),
        predictors=np.reshape(np.array(variables["X"], float), (cells, variables["K"])),
        prior_at=np.array(variables["X_at"], float),
        priors=read_priors(variables),
        terms=tuple(_read_terms(variables)),
        order=tuple(term - 1 for term in variables["order"]),
        prior_only=bool(variables["prior_only"]),
        axes=np.reshape(np.array(variables["axes"], float), (variables["A"], variables["A"])),
    )


def _geometry_variables(geometries: Sequence[Geometry]) -> dict[str, Any]:
    """Term after term, in each coefficient after coefficient."""
    information = _joined(geometry.information.T for geometry in geometries)
    return {
        "I": len(information),
        "information": information,
        "score": _joined(geometry.score.T for geometry in geometries),
        "prior_weight": _joined(geometry.prior_weight.T for geometry in geometries),
        "centring": _joined(geometry.centring.T for geometry in geometries),
        "absorbed_by": _joined(geometry.absorbed_by for geometry in geometries),
        "group": _joined(geometry.group for geometry in geometries),
    }


def _effect_rows(values: np.ndarray) -> list[list[float]]:
    """Levels x coefficients x slopes as effects x slopes, coefficient after coefficient."""
    return [row for rows in values.transpose(1, 0, 2).tolist() for row in rows]


def _read_terms(variables: Mapping[str, Any]) -> Iterable[TermData]:
    counts, sizes = variables["levels"], variables["coefs"]
    predictors = np.reshape(np.array(variables["Z"], float), (variables["N"], sum(sizes)))
    effects = [count * size for count, size in zip(counts, sizes, strict=True)]
    entries = [n * (size + 1) // 2 for n, size in zip(effects, sizes, strict=True)]
    lengths = {
        **dict.fromkeys(("population_coefficient", "absorbed_by"), sizes),
        **dict.fromkeys(("score", "slope_pull", "prior_weight", "centring"), effects),
        **{"information": entries, "group": counts},
    }
    parts = {name: _split(variables[name], length) for name, length in lengths.items()}
    by_level = ("information", "score", "prior_weight", "centring")
    of_terms = zip(counts, _split(predictors.T, sizes), strict=True)
    for number, (count, columns) in enumerate(of_terms):
        own = {name: part[number] for name, part in parts.items()}
        geometry: dict[str, Any] = {name: own[name].reshape(-1, count).T for name in by_level}
        geometry["slope_pull"] = own["slope_pull"].reshape(len(columns), count, -1).swapaxes(0, 1)
        yield TermData(
            levels=count,
            level=np.array(variables["level"][number]) - 1,
            predictors=np.ascontiguousarray(columns.T),
            population_coefficient=own["population_coefficient"],
            geometry=Geometry(**geometry, absorbed_by=own["absorbed_by"], group=own["group"]),
        )


def _split(values: Any, lengths: Sequence[int]) -> list[np.ndarray]:
    """One part for each term."""
    return np.split(np.asarray(values), np.cumsum(lengths)[:-1]) if lengths else []


def _joined(parts: Iterable[np.ndarray]) -> list[Any]:
    return [value for part in parts for value in part.ravel().tolist()]
