"""Cells of known truth, at random: what a fit should find again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from partialpool.cells.levels import Levels, with_levels
from partialpool.errors import InputError
from partialpool.model.design import Design, Matrices, Term, learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.posterior.predictor import combine, split_effects


@dataclass(frozen=True)
class Simulated:
    """Cells with successes and trials, and what they were drawn with."""

    cells: pd.DataFrame
    truth: dict[str, float]
    """Every parameter of the model by its name, group-level effects too."""
    eta: np.ndarray
    """The linear predictor of each cell."""


def simulate_cells(
    formula: str,
    levels: Levels,
    trials: int,
    values: Mapping[str, float],
    generator: np.random.Generator,
    likelihood: Likelihood = LOGISTIC,
    count: int | None = None,
) -> Simulated:
    """Draw group-level effects and successes from a model.

    Args:
        formula: of the model, over the factors.
        levels: of each factor.
        trials: of each cell.
        values: of coefficients, standard deviations, correlations and `phi`, by their names;
            those without are 0.
        generator: random stream.
        likelihood: of the model.
        count: how many combinations of levels are cells, chosen at random; none: all.

    Raises:
        InputError: a value for a parameter that the model does not have.
    """
    cells = _place_cells(levels, generator, count).assign(successes=0, trials=trials)
    design = learn_design(formula, cells)
    named = list(name_parameters(design, likelihood)["parameter"])
    unknown = [name for name in values if name not in named]
    if unknown:
        raise InputError(f"found a value of {unknown[0]}, expected parameters of {formula}")
    truth = {name: float(values.get(name, 0.0)) for name in named}
    truth |= draw_effects(design.terms, truth, generator)
    eta = predict(design, design.matrices(cells), truth)
    phi = np.array([truth["phi"]]) if likelihood.overdispersed else None
    successes = likelihood.simulate(eta[None], cells["trials"].to_numpy(), phi, generator)[0]
    return Simulated(cells.assign(successes=successes), truth, eta)


def draw_effects(
    terms: Iterable[Term], truth: Mapping[str, float], generator: np.random.Generator
) -> dict[str, float]:
    """The effects of every term, by name.

    Args:
        terms: the group-level terms, in their order.
        truth: their standard deviations and correlations, by name.
        generator: random stream.
    """
    drawn: dict[str, float] = {}
    for term in terms:
        size = len(term.coefficients)
        correlation = np.eye(size)
        rows, columns = np.tril_indices(size, -1)
        below = [truth[name] for name in term.correlation_names]
        correlation[rows, columns] = correlation[columns, rows] = below
        sd = np.array([truth[name] for name in term.sd_names])
        standard = generator.standard_normal((len(term.levels), size))
        effects = np.ravel(sd[:, None] * (np.linalg.cholesky(correlation) @ standard.T))
        drawn |= dict(zip(term.effect_names, map(float, effects), strict=True))
    return drawn


def predict(design: Design, matrices: Matrices, truth: Mapping[str, float]) -> np.ndarray:
    """The linear predictor of some rows, from known parameters.

    Args:
        design: of the model.
        matrices: the design of the rows (`Design.matrices`); a level that the model was not learned
            with has no effects of its own, so that it is as the average one.
        truth: coefficients and effects, by name.
    """
    population = np.array([[truth[name] for name in design.coefficients]])
    effects = np.array([[truth[name] for term in design.terms for name in term.effect_names]])
    blocks = [
        np.pad(block, ((0, 0), (0, 0), (0, len(new))))
        for block, new in zip(split_effects(design, effects), matrices.new_levels, strict=True)
    ]
    return np.asarray(combine(matrices, population, blocks)[0])


def _place_cells(levels: Levels, generator: np.random.Generator, count: int | None) -> pd.DataFrame:
    sizes = [len(names) for names in levels.values()]
    total = int(np.prod(sizes))
    chosen = np.arange(total)
    if count is not None:
        chosen = np.sort(generator.choice(total, count, replace=False, shuffle=False))
    places = np.unravel_index(chosen, sizes)
    columns = {
        name: np.asarray(names)[place]
        for (name, names), place in zip(levels.items(), places, strict=True)
    }
    return with_levels(pd.DataFrame(columns), levels)
