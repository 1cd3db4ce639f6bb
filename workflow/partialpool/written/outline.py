"""A model by its terms: what its program and its equations are written from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from partialpool.model.beliefs import ModelPriors
from partialpool.model.design import Design, Matrices, name_correlations
from partialpool.model.likelihood import Likelihood
from partialpool.model.spreads import state_priors
from partialpool.posterior.fit import CellModel
from partialpool.sampling.assembly import prior_point
from partialpool.settings import Priors
from partialpool.written.blocks import INTERCEPT, Block, list_blocks


@dataclass(frozen=True)
class Group:
    """A group-level term: what varies over the levels of a grouping factor, and how."""

    grouping: tuple[str, ...]
    levels: tuple[str, ...]
    blocks: tuple[Block, ...]
    level: np.ndarray
    """Of each cell, from 0."""
    sds: tuple[str, ...]
    """Names of the standard deviations."""
    correlation: str
    """The name of the correlation matrix, none where there is one coefficient."""
    has_namesakes: bool
    """Whether other terms have the same grouping factor."""

    @property
    def title(self) -> str:
        """The grouping factor, `region:store`."""
        return ":".join(self.grouping)

    @property
    def coefficients(self) -> tuple[str, ...]:
        """The names of all coefficients."""
        return tuple(name for block in self.blocks for name in block.names)

    @property
    def is_shared(self) -> bool:
        """Whether its name needs the coefficient in it, for others have the same grouping."""
        return self.has_namesakes and self.coefficients[0] != INTERCEPT


@dataclass(frozen=True)
class Outline:
    """A model by its terms."""

    cells: pd.DataFrame
    """Factors as ordered categories, numbers, `successes` and `trials`."""
    likelihood: Likelihood
    priors: ModelPriors
    """With the spreads of numbers."""
    prior_at: str
    """Where the intercept's prior holds: `cells`, `contacts` or `reference`."""
    at: np.ndarray
    """The same, as a value of the predictor of each slope."""
    has_intercept: bool
    slopes: tuple[Block, ...]
    groups: tuple[Group, ...]

    @property
    def is_shifted(self) -> bool:
        """Whether the intercept's prior holds elsewhere than where all that is added is 0."""
        return bool(self.has_intercept and self.at.any())


def outline(model: CellModel, priors: Priors, prior_at: str) -> Outline:
    """A model by its terms, at both levels.

    Args:
        model: its cells, design and likelihood.
        priors: by class of parameter and by name.
        prior_at: as for `assembly.prior_point`.
    """
    design, cells = model.design, model.cells
    blocks = list_blocks(design.columns, model.matrices.population, cells)
    slopes = [name != INTERCEPT for name in design.coefficients]
    return Outline(
        cells=cells,
        likelihood=model.likelihood,
        priors=state_priors(priors, design, cells, model.likelihood),
        prior_at=prior_at,
        at=prior_point(design, model.matrices.population[:, slopes], cells, prior_at),
        has_intercept=design.has_intercept,
        slopes=tuple(block for block in blocks if not block.is_intercept),
        groups=tuple(_list_groups(design, model.matrices, cells)),
    )


def _list_groups(design: Design, matrices: Matrices, cells: pd.DataFrame) -> Iterator[Group]:
    by_name = [{column.name: column for column in columns} for columns in design.group_columns]
    sizes = [
        1 if group.correlated else len(columns)
        for group, columns in zip(design.formula.groups, by_name, strict=True)
    ]
    own = [columns for columns, size in zip(by_name, sizes, strict=True) for _ in range(size)]
    twice = Counter(term.name for term in design.terms)
    for number, (term, columns) in enumerate(zip(design.terms, own, strict=True)):
        coefficients = [columns[name] for name in term.coefficients]
        pairs = len(coefficients) > 1
        yield Group(
            term.grouping,
            term.levels,
            tuple(list_blocks(coefficients, matrices.groups[number], cells)),
            matrices.level[:, number],
            tuple(term.sd_names),
            name_correlations(term.name) if pairs else "",
            twice[term.name] > 1,
        )
