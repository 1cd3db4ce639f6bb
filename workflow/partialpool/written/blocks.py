"""The columns of a design by the terms that they are of, as one would write them by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, product

import numpy as np
import pandas as pd

from partialpool.model.coefficients import Coefficient, Part
from partialpool.model.grammar import INDEX
from partialpool.model.parameters import INTERCEPT as INTERCEPT
from partialpool.model.parameters import PRECISION as PRECISION
from partialpool.model.spreads import evaluate_part

TOLERANCE = 1e-12
"""Relative, to which a column is the product that it is written as."""


@dataclass(frozen=True)
class Block:
    """The coefficients of one term: `promo`, `promo:channel`, `poly(age, 2)`."""

    coefficients: tuple[Coefficient, ...]
    columns: np.ndarray
    """Of the design: cells x coefficients."""
    cells: pd.DataFrame
    """Factors as ordered categories, and numbers."""

    @property
    def names(self) -> tuple[str, ...]:
        """`promo[Bundle]`, `promo[None]`."""
        return tuple(coefficient.name for coefficient in self.coefficients)

    @property
    def expressions(self) -> tuple[str, ...]:
        """The factors of the products that the columns are, as the formula has them."""
        return tuple(part.expression for part in self.coefficients[0].parts)

    @property
    def title(self) -> str:
        """The term, in the words of the formula."""
        return ":".join(self.expressions) or INTERCEPT

    @property
    def label(self) -> str:
        """The same without what only says how levels are coded."""
        called = re.compile(rf"^{INDEX}\((.*)\)$")
        return ":".join(called.sub(r"\1", expression) for expression in self.expressions)

    @property
    def is_intercept(self) -> bool:
        """Whether it is the intercept alone."""
        return not self.expressions

    @property
    def factors(self) -> tuple[str, ...]:
        """The factors whose levels tell the coefficients apart."""
        return tuple(part.variables[0] for part in self._parts(has_level=True))

    @property
    def numbers(self) -> tuple[Part, ...]:
        """All else that is multiplied, of the first coefficient."""
        return self._parts(has_level=False)

    @property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """Of each coefficient, those of `factors`."""
        return tuple(
            tuple(part.level for part in coefficient.parts if part.level)
            for coefficient in self.coefficients
        )

    @cached_property
    def index(self) -> np.ndarray | None:
        """Which coefficient each cell has, from 1, or 0; none where it may have several.

        The columns must be these choices, times the one number that the term may have.
        """
        numbers = {tuple(p for p in c.parts if not p.level) for c in self.coefficients}
        if not self.factors or len(numbers) > 1:
            return None
        index = self._choose()
        known = np.column_stack([np.zeros(len(index)), self.columns])
        value, others = known[np.arange(len(index)), index], np.abs(self.columns).sum(axis=1)
        wanted = self.number * (index > 0)
        rounding = TOLERANCE * np.abs(self.columns).max(initial=1.0)
        agrees = np.abs(value - wanted) <= rounding
        alone = np.abs(others - np.abs(wanted)) <= rounding
        return index if bool((agrees & alone).all()) else None

    @property
    def number(self) -> np.ndarray:
        """The product of the first coefficient's numbers in every cell; 1 where there are none."""
        values = [evaluate_part(part, self.cells) for part in self.numbers]
        return np.asarray(np.prod([np.ones(len(self.cells)), *values], axis=0))

    def _choose(self) -> np.ndarray:
        """The coefficient of each cell by its levels alone, from 1, or 0."""
        places = {levels: place for place, levels in enumerate(self.levels, start=1)}
        factors = [self.cells[name].cat for name in self.factors]
        names = [list(map(str, factor.categories)) for factor in factors]
        table = [places.get(levels, 0) for levels in product(*names)]
        codes = [factor.codes.to_numpy() for factor in factors]
        return np.asarray(np.reshape(table, [len(of) for of in names])[tuple(codes)])

    def _parts(self, has_level: bool) -> tuple[Part, ...]:
        return tuple(p for p in self.coefficients[0].parts if bool(p.level) == has_level)


def list_blocks(
    coefficients: Sequence[Coefficient], columns: np.ndarray, cells: pd.DataFrame
) -> list[Block]:
    """Coefficients that follow each other and are of one term.

    Args:
        coefficients: of a design matrix.
        columns: the matrix, cells x coefficients.
        cells: that the matrix is of.
    """
    places = range(len(coefficients))
    runs = groupby(places, lambda place: [part.expression for part in coefficients[place].parts])
    found = []
    for _, run in runs:
        own = list(run)
        found.append(Block(tuple(coefficients[place] for place in own), columns[:, own], cells))
    return found
