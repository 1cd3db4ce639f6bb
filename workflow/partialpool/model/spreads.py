"""How far the numbers in predictors spread over contacts: the unit of the priors of their slopes.

A prior of a slope that is stated of one standard deviation means the same whatever unit a number
has. What is measured is the numeric part of a column: of `promo[Bundle]:age` that is `age`, so that
a slope and its difference between levels are told alike, however many contacts a level has.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain

import numpy as np
import pandas as pd

from partialpool.cells.levels import numbers_of
from partialpool.model.beliefs import ModelPriors
from partialpool.model.coefficients import Part
from partialpool.model.design import Design, evaluate
from partialpool.model.likelihood import Likelihood
from partialpool.settings import Priors

CONSTANT = 1e-12
"""A column that spreads by less than this, relative to its largest value, is constant."""


def state_priors(
    priors: Priors, design: Design, cells: pd.DataFrame, likelihood: Likelihood
) -> ModelPriors:
    """The priors of a model with the spreads that those of slopes of numbers are stated by.

    Args:
        priors: by class of parameter and by name.
        design: of the model.
        cells: that the design was learned from, with `trials`.
        likelihood: of the model.
    """
    spreads = measure_spreads(design, cells)
    by_name = {name: spreads[name] for name in design.coefficients if name in spreads}
    for term in design.terms:
        named = zip(term.sd_names, term.coefficients, strict=True)
        by_name |= {name: spreads[of] for name, of in named if of in spreads}
    return ModelPriors(priors, likelihood.link, design.has_intercept, by_name)


def measure_spreads(design: Design, cells: pd.DataFrame) -> dict[str, float]:
    """The standard deviation over contacts of the numeric part of each column that has one.

    Where all contacts have one value, it is that over cells; where those do too, 1.

    Args:
        design: of a model, at both levels.
        cells: that it was learned from, with `trials`.

    Returns:
        By coefficient; those of factors alone are left out.
    """
    numbers = set(numbers_of(cells))
    trials = cells["trials"].to_numpy(float)

    @cache
    def values(part: Part) -> np.ndarray:
        return evaluate_part(part, cells)

    found = {}
    for column in chain(design.columns, *design.group_columns):
        numeric = [part for part in column.parts if numbers & set(part.variables)]
        if numeric:
            found[column.name] = _spread(
                np.prod([values(part) for part in numeric], axis=0), trials
            )
    return found


def evaluate_part(part: Part, cells: pd.DataFrame) -> np.ndarray:
    """One factor of the product that a column is, in every cell.

    Args:
        part: of a coefficient.
        cells: that its design was learned from.
    """
    if part.name in cells.columns:
        return cells[part.name].to_numpy(float)
    # a basis that spans the constant has one column fewer beside an intercept
    sides = (evaluate(f"{ones} + {{{part.expression}}}", cells) for ones in (1, 0))
    return next(side[part.name].to_numpy() for side in sides if part.name in side.columns)


def _spread(values: np.ndarray, trials: np.ndarray) -> float:
    least = CONSTANT * np.abs(values).max(initial=0.0)
    return next((sd for sd in _standard_deviations(values, trials) if sd > least), 1.0)


def _standard_deviations(values: np.ndarray, trials: np.ndarray) -> Iterator[float]:
    for weights in (trials, np.ones(len(values))):
        if weights.sum() > 0:
            mean = np.average(values, weights=weights)
            yield float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
