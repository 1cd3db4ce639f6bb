"""Design of a model: the matrices of its terms, the names of their columns, and Stan's data.

The same matrices serve later for any rows: fitted cells, margins, new data.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from partialpool.cells.levels import levels_of, numbers_of
from partialpool.errors import InputError
from partialpool.model.coefficients import INTERCEPT, Coefficient, list_coefficients
from partialpool.model.formula import Formula, first_line, parse_formula
from partialpool.model.identifiability import check_size
from partialpool.model.terms import (
    Term,
    check_terms,
    combine_levels,
    list_terms,
    name_correlations,
    name_effect,
    position_levels,
)
from partialpool.model.transforms import contact_transforms

if TYPE_CHECKING:
    from formulaic import ModelSpec


__all__ = [
    "Design",
    "Matrices",
    "Term",
    "combine_levels",
    "learn_design",
    "name_correlations",
    "name_effect",
]


@dataclass(frozen=True)
class Matrices:
    """What turns coefficients into log-odds, for some rows.

    `population` is rows x population-level coefficients, the intercept's column included;
    `groups` has rows x coefficients for each term, `level` rows x terms the index of each
    row's level in its term, from 0. Levels that the cells do not have are counted on from the
    term's own, in the order of `new_levels`, of which there is a tuple for each term.
    """

    population: np.ndarray
    groups: tuple[np.ndarray, ...]
    level: np.ndarray
    new_levels: tuple[tuple[str, ...], ...] = ()


class Design:
    """The design of one formula, learned from the cells it will be fitted to.

    Args:
        formula: the parsed formula.
        cells: factor columns as ordered categories (`cells.with_levels`).

    Raises:
        InputError: a grouping factor with a single level, or two coefficients of one name.
    """

    def __init__(self, formula: Formula, cells: pd.DataFrame) -> None:
        self.formula = formula
        self._population = _spec(formula.population, cells)
        self._groups = [_spec(group.coefficients, cells) for group in formula.groups]
        self.columns = _columns(self._population, cells)
        self.coefficients = [column.name for column in self.columns]
        self.group_columns = [_columns(spec, cells) for spec in self._groups]
        self.terms: tuple[Term, ...] = tuple(
            term
            for group, columns in zip(formula.groups, self.group_columns, strict=True)
            for term in list_terms(group, [column.name for column in columns], cells)
        )
        check_terms(self.terms)

    @property
    def has_intercept(self) -> bool:
        """Whether there is a population-level intercept."""
        return INTERCEPT in self.coefficients

    def matrices(self, rows: pd.DataFrame) -> Matrices:
        """The design for rows with the same factors as the cells.

        Levels of grouping factors, and combinations of them, may be new; those of a factor that
        a coefficient belongs to must be levels of the cells.

        Raises:
            InputError: a transform cannot take a number of these rows.
        """
        blocks: list[np.ndarray] = []
        placed: list[tuple[np.ndarray, tuple[str, ...]]] = []
        for group, spec in zip(self.formula.groups, self._groups, strict=True):
            columns = _matrix(spec, rows)
            split = [columns] if group.correlated else np.split(columns, columns.shape[1], axis=1)
            placed += [position_levels(self.terms[len(blocks)], rows)] * len(split)
            blocks += split
        level = [positions for positions, _ in placed]
        return Matrices(
            _matrix(self._population, rows),
            tuple(blocks),
            np.column_stack(level) if level else np.zeros((len(rows), 0), int),
            tuple(new for _, new in placed),
        )


def learn_design(formula: str, cells: pd.DataFrame) -> Design:
    """The design of a formula as a user writes it.

    Raises:
        InputError: the formula cannot be read, or `Design` refuses it.
    """
    return Design(parse_formula(formula, list(levels_of(cells)), numbers_of(cells)), cells)


def evaluate(side: str, cells: pd.DataFrame) -> pd.DataFrame:
    """The matrix of the right-hand side of a formula, learned from the cells that it is of.

    Raises:
        InputError: a transform cannot take a number of these cells.
    """
    spec = _spec(side, cells)
    names = [] if spec is None else list(spec.column_names)
    return pd.DataFrame(_matrix(spec, cells), columns=names, index=cells.index)


def _spec(side: str, cells: pd.DataFrame) -> ModelSpec | None:
    """Formulaic's memory of levels, contrasts and transforms; none for an empty side."""
    from formulaic import Formula as FormulaicFormula

    formula = FormulaicFormula(side)
    if not list(formula):
        return None
    check_size(formula, cells)
    with _readable():
        # a formula sees its columns and functions, not this module's names
        matrix = formula.get_model_matrix(cells, na_action="raise", context=contact_transforms())
        return matrix.model_spec


def _matrix(spec: ModelSpec | None, rows: pd.DataFrame) -> np.ndarray:
    if spec is None:
        return np.zeros((len(rows), 0))
    with _readable():
        matrix = np.asarray(spec.get_model_matrix(rows, context=contact_transforms()), dtype=float)
    if not np.isfinite(matrix).all():
        column = spec.column_names[int(np.argmin(np.isfinite(matrix).all(axis=0)))]
        raise InputError(
            f"formula: {column} is not a finite number in every row, expected it to be"
        )
    return matrix


@contextmanager
def _readable() -> Iterator[None]:
    """What formulaic could not evaluate, in a line."""
    from formulaic.errors import DataMismatchWarning

    try:
        with (
            np.errstate(invalid="ignore", divide="ignore", over="ignore"),
            warnings.catch_warnings(action="error", category=DataMismatchWarning),
        ):
            yield
    except InputError:
        raise
    except DataMismatchWarning:  # formulaic would take such a value for the reference
        raise InputError(
            "formula: found a value that C() has no level for, expected one of those that the "
            "model was fitted to, and every level of a factor in `levels`"
        ) from None
    except Exception as error:  # whatever a function of the formula makes of these columns
        raise InputError(f"formula: {first_line(error)}") from None


def _columns(spec: ModelSpec | None, cells: pd.DataFrame) -> list[Coefficient]:
    def alone(side: str) -> list[str]:
        columns = _spec(side, cells)
        return list(columns.column_names) if columns is not None else []

    return list_coefficients(spec, cells, alone)
