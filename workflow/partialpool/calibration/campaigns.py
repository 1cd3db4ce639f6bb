"""Campaigns: an analysis' mix of cells, in which a treatment is given a lift of a known size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from partialpool.calibration.replicates import Study
from partialpool.calibration.simulate import predict
from partialpool.errors import InputError
from partialpool.model.design import Design, Matrices
from partialpool.settings import Recovery

FARTHEST = 40.0
"""On the scale of the link: how far a lift may move the linear predictor."""
EXACT = 1e-6
"""Of a shift that the model's coefficients must bring about."""


@dataclass(frozen=True)
class Campaign:
    """A study whose treatment is given a lift."""

    study: Study
    treatment: str
    base_rate: float | None
    """Under the reference level, over all cells; none: what the parameters say."""

    @cached_property
    def levels(self) -> list[str]:
        """Of the treatment, the reference first."""
        return [str(level) for level in self.study.model.cells[self.treatment].cat.categories]

    @cached_property
    def given(self) -> dict[str, Matrices]:
        """The design of the cells with each level of the treatment given to all."""
        return {level: self.study.model.design.matrices(self._give(level)) for level in self.levels}

    @cached_property
    def shares(self) -> np.ndarray:
        """Of the contacts, in each cell."""
        trials = self.study.model.cells["trials"].to_numpy(float)
        return np.asarray(trials / trials.sum())

    def true_rates(self, truth: Mapping[str, float], cells: pd.DataFrame) -> dict[str, float]:
        """The rate under each level of the treatment, over the contacts of the cells."""
        weights = cells["trials"].to_numpy()
        rates = {}
        for level, of in self.given.items():
            rate = self.study.model.likelihood.rate(predict(self.study.model.design, of, truth))
            rates[level] = float(np.average(rate, weights=weights))
        return rates

    def _give(self, level: str) -> pd.DataFrame:
        cells = self.study.model.cells
        forced = pd.Categorical([level] * len(cells), self.levels, ordered=True)
        return cells.assign(**{self.treatment: forced})


def give_lift(campaign: Campaign, truth: Mapping[str, float], lift: float) -> dict[str, float]:
    """Parameters moved so that every treatment has a lift over all contacts.

    The treatment's coefficient moves on the scale of the link, by the same everywhere, and so does
    the intercept where a base rate is named; how cells differ otherwise stays. Where only
    group-level effects hold the treatment's, those of all levels move alike, and standard
    deviations and correlations, which no longer describe them, are left out of the result.

    Args:
        campaign: where the lift is given.
        truth: every parameter, by name.
        lift: the difference of rates.

    Raises:
        InputError: the lift leads to no rate, or the formula cannot express it.
    """
    design = campaign.study.model.design
    eta = {level: predict(design, of, truth) for level, of in campaign.given.items()}
    reference, *treatments = campaign.levels
    base = campaign.base_rate
    shift = dict.fromkeys(campaign.levels, 0.0)
    if base is None:
        base = _rate(campaign, eta[reference], 0.0)
    else:
        shift[reference] = _solve(campaign, eta[reference], base)
    if not 0 < base + lift < 1:
        raise InputError(
            f"calibration.recovery.lifts: found {lift:g}, which leads from the base rate of "
            f"{base:.3g} to no rate; expected a smaller one"
        )
    for level in treatments:
        shift[level] = _solve(campaign, eta[level], base + lift)
    return _move(design, campaign.given, truth, shift)


def list_sizes(asked: Recovery, cells: pd.DataFrame) -> list[int]:
    """The contacts of the campaigns that are asked for: named, or multiples of those in cells."""
    total = int(cells["trials"].sum())
    return [*asked.contacts] or [round(total * multiple) for multiple in asked.multiples]


def draw_trials(campaign: Campaign, contacts: int, generator: np.random.Generator) -> np.ndarray:
    """So many contacts, met in the mix of cells that the analysis has."""
    return generator.multinomial(contacts, campaign.shares)


def _rate(campaign: Campaign, eta: np.ndarray, shift: float) -> float:
    return float(campaign.shares @ campaign.study.model.likelihood.rate(eta + shift))


def _solve(campaign: Campaign, eta: np.ndarray, rate: float) -> float:
    """How far the linear predictor must move everywhere for a rate over all contacts."""

    def excess(shift: float) -> float:
        return _rate(campaign, eta, shift) - rate

    far = FARTHEST + float(np.abs(eta).max())
    return float(brentq(excess, -far, far, xtol=1e-12))


def _move(
    design: Design,
    given: Mapping[str, Matrices],
    truth: Mapping[str, float],
    shift: Mapping[str, float],
) -> dict[str, float]:
    """The parameters after a shift of the linear predictor under each level of the treatment."""
    wanted = np.concatenate([np.full(len(of.level), shift[level]) for level, of in given.items()])
    population = np.concatenate([of.population for of in given.values()])
    groups = [np.column_stack([np.zeros((len(of.level), 0)), *of.groups]) for of in given.values()]
    both = np.column_stack([population, np.concatenate(groups)])
    for columns in (population, both):
        moved = np.linalg.lstsq(columns, wanted, rcond=None)[0]
        if np.abs(columns @ moved - wanted).max(initial=0.0) < EXACT:
            return _moved(design, truth, np.pad(moved, (0, both.shape[1] - len(moved))))
    raise InputError(
        "calibration.recovery: the formula cannot express a lift that is the same everywhere on "
        "the scale of its link; set calibration.recovery.replicates to 0"
    )


def _moved(design: Design, truth: Mapping[str, float], moved: np.ndarray) -> dict[str, float]:
    size = len(design.coefficients)
    result = dict(truth)
    for name, by in zip(design.coefficients, moved[:size], strict=True):
        result[name] += float(by)
    start = size
    for term in design.terms:
        by = moved[start : start + len(term.coefficients)]
        start += len(term.coefficients)
        if not np.abs(by).max() > 0:
            continue
        for name, value in zip(term.effect_names, np.repeat(by, len(term.levels)), strict=True):
            result[name] += float(value)
        for name in (*term.sd_names, *term.correlation_names):
            del result[name]
    return result
