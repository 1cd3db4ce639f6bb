"""Joint draws of the rate of every arm in every stratum, and what they average to.

A stratum is a combination of levels that an answer tells apart: of the factor that the treatment
is compared within, and of those that values, costs or a target mix go by. Inside a stratum every
contact is given each arm in turn and the model's rates are averaged over those contacts
(g-computation, Robins 1986); over strata they are averaged by whatever mix is asked about, which
is poststratification (Gelman and Little 1997).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import logsumexp

from partialpool.cells.question import ALL
from partialpool.posterior.draws import read_draws, write_draws
from partialpool.posterior.fit import Fit
from partialpool.posterior.rates import Rate, standardise

MOST_KEPT = 16_000_000
"""Rates that are written at most; of more, draws are left out evenly."""
GROUP, OF = "rates", "of_"
"""The group of a file, and how names of columns of `levels` begin in it."""
OBSERVED = "trials"
"""The contacts that a stratum has."""
WEIGHT = "weight"
"""The contacts that it counts as in the answer."""


@dataclass(frozen=True)
class Strata:
    """Draws of rates, jointly over arms and strata."""

    levels: pd.DataFrame
    """A row per stratum: the level of each of its factors as text, `trials`, its contacts, and
    `weight`, as how many it counts."""
    arms: tuple[str, ...]
    log_success: np.ndarray
    """Logarithm of the rate: draws x strata x arms."""
    log_failure: np.ndarray
    """Logarithm of its complement."""
    unpooled: Strata | None = None
    """As the model has them, where lifts are pooled over places afterwards (`pooling`): of all
    contacts together that was not asked for."""

    @property
    def rates(self) -> np.ndarray:
        """Draws x strata x arms."""
        return np.asarray(np.exp(self.log_success))

    @property
    def weights(self) -> np.ndarray:
        """As how many contacts each stratum counts."""
        return self.levels[WEIGHT].to_numpy(dtype=float)

    def at(self, place: str) -> Strata:
        """Those that answer in a place: over all the model itself does."""
        return (self.unpooled or self) if place == ALL else self

    def averaged(self, rows: np.ndarray, weights: np.ndarray, arm: int) -> Rate:
        """The rate of an arm over some strata.

        Args:
            rows: positions of the strata.
            weights: of all strata.
            arm: position of the arm.
        """
        if len(rows) == 1:
            return Rate(self.log_success[:, rows[0], arm], self.log_failure[:, rows[0], arm])
        shares = weights[rows]
        if shares.sum() <= 0:  # nobody of a place is asked about: as its contacts are
            shares = self.levels[OBSERVED].to_numpy(dtype=float)[rows]
        with np.errstate(divide="ignore"):
            logs = np.log(shares / shares.sum())
        success, failure = (
            logsumexp(values[:, rows, arm] + logs, axis=1)
            for values in (self.log_success, self.log_failure)
        )
        return Rate(success, failure)


@dataclass(frozen=True)
class Places:
    """Draws of rates, jointly over arms and the places that an answer tells apart."""

    names: list[str]
    """The levels of `within` in order, then `ALL`."""
    arms: tuple[str, ...]
    log_success: np.ndarray
    """Logarithm of the rate: draws x places x arms."""
    log_failure: np.ndarray
    """Logarithm of its complement."""
    shares: np.ndarray
    """Of the contacts that the answer is for, by place."""

    @property
    def rates(self) -> np.ndarray:
        """Draws x places x arms."""
        return np.asarray(np.exp(self.log_success))

    @property
    def log_odds(self) -> np.ndarray:
        """Draws x places x arms."""
        return np.asarray(self.log_success - self.log_failure)


def stratify(fit: Fit, treatment: str, factors: Sequence[str]) -> Strata:
    """The rate of every arm in every stratum that has contacts.

    Args:
        fit: draws of the parameters; the trials of its cells are the weights.
        treatment: the factor whose levels are the arms.
        factors: those whose combined levels are the strata; none: all contacts are one.
    """
    arms = fit.cells[treatment].cat.categories
    levels, members = divide(fit.cells, list(factors))
    drawn: list[list[Rate]] = []
    for rows in members:
        weights = rows["trials"].to_numpy()
        forced = [pd.Categorical([arm] * len(rows), arms, ordered=True) for arm in arms]
        given = [fit.predict(rows.assign(**{treatment: arm})) for arm in forced]
        drawn.append([standardise(chunks, weights, fit.likelihood) for chunks in given])
    return Strata(levels, tuple(map(str, arms)), *stack_rates(drawn))


def stratify_own(fit: Fit, factor: str) -> Strata:
    """The rate of every level of a factor over the contacts that it had, as one stratum.

    Args:
        fit: draws of the parameters; the trials of its cells are the weights.
        factor: whose levels are the arms; those without contacts are left out.
    """
    levels, _ = divide(fit.cells, [])
    found = list(fit.cells.groupby(factor, observed=True, sort=True))
    rates = [
        standardise(fit.predict(rows), rows["trials"].to_numpy(), fit.likelihood)
        for _, rows in found
    ]
    success, failure = (
        np.stack([getattr(rate, name) for rate in rates], axis=-1)[:, None]
        for name in ("log_success", "log_failure")
    )
    return Strata(levels, tuple(str(level) for level, _ in found), success, failure)


def reweigh(strata: Strata, weights: np.ndarray) -> Strata:
    """The same strata for other contacts."""
    return replace(strata, levels=strata.levels.assign(**{WEIGHT: weights}))


def divide(cells: pd.DataFrame, factors: list[str]) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The strata of cells, in the order of their levels, and the cells of each."""
    found: list[tuple[Any, pd.DataFrame]] = [((), cells)]
    if factors:
        found = list(cells.groupby(factors, observed=True, sort=True))
    levels = pd.DataFrame([list(map(str, key)) for key, _ in found], columns=factors, dtype=object)
    trials = [int(rows["trials"].sum()) for _, rows in found]
    return levels.assign(**{OBSERVED: trials, WEIGHT: trials}), [rows for _, rows in found]


def stack_rates(found: Sequence[Sequence[Rate]]) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of rates and of their complements, draws x rows x arms, from rows of arms."""
    success, failure = (
        np.stack([np.stack([getattr(r, name) for r in row], axis=-1) for row in found], axis=1)
        for name in ("log_success", "log_failure")
    )
    return success, failure


def weights_by_mix(strata: Strata, within: str | None) -> dict[str, np.ndarray]:
    """Weights of the strata by mix: `observed`, `equal` over places, and a `target`, if any."""
    observed = strata.levels[OBSERVED].to_numpy(dtype=float)
    mixes = {"observed": observed}
    if within is not None:
        column = strata.levels[within]
        whole = column.map(strata.levels.groupby(column)[OBSERVED].sum())
        mixes["equal"] = np.asarray(observed / whole, dtype=float)
    if not np.array_equal(observed, strata.weights):
        mixes["target"] = strata.weights
    return mixes


def places_of(levels: pd.DataFrame, within: str | None) -> dict[str, np.ndarray]:
    """The strata of each level of `within` in their order, and of `ALL`, which comes last."""
    everything = np.arange(len(levels))
    if within is None:
        return {ALL: everything}
    column = levels[within].to_numpy()
    return {**{str(k): np.flatnonzero(column == k) for k in dict.fromkeys(column)}, ALL: everything}


def average(strata: Strata, within: str | None, weights: np.ndarray | None = None) -> Places:
    """Rates in every place, the levels of `within` and `ALL`, under a mix of strata.

    Args:
        strata: the rates.
        within: the factor whose levels are places; none: `ALL` is the only one.
        weights: of the strata; none: their own.
    """
    given = strata.weights if weights is None else weights
    places = places_of(strata.levels, within)
    found = [
        [strata.at(place).averaged(rows, given, arm) for arm in range(len(strata.arms))]
        for place, rows in places.items()
    ]
    success, failure = stack_rates(found)
    shares = np.array([given[rows].sum() for rows in places.values()])
    return Places(list(places), strata.arms, success, failure, shares / given.sum())


def write_strata(strata: Strata, path: Path) -> None:
    """Write rates as NetCDF; of many, evenly spread draws."""
    count = len(strata.log_success)
    kept = max(1, min(count, MOST_KEPT // strata.log_success[0].size))
    at = ((np.arange(kept) + 0.5) * count / kept).astype(int)
    logs = {"log_success": strata.log_success[at], "log_failure": strata.log_failure[at]}
    arrays = {name: (("draw", "stratum", "arm"), values) for name, values in logs.items()}
    table = {f"{OF}{name}": ("stratum", strata.levels[name].to_numpy()) for name in strata.levels}
    group = xr.Dataset({**arrays, **table}, coords={"arm": list(strata.arms)})
    write_draws(xr.DataTree.from_dict({GROUP: group}), path)


def read_strata(path: Path) -> Strata:
    """Read what `write_strata` wrote."""
    group = read_draws(path, GROUP)
    names = [str(name) for name in group if str(name).startswith(OF)]
    levels = pd.DataFrame({name.removeprefix(OF): group[name].values for name in names})
    arms = tuple(map(str, group["arm"].values))
    return Strata(levels, arms, group["log_success"].values, group["log_failure"].values)
