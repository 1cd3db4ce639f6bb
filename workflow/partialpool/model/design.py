"""Design of a model: the matrices of its terms, the names of their columns, and Stan's data.

The same matrices serve later for any rows: fitted cells, margins, new data.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from partialpool.cells.levels import levels_of, numbers_of
from partialpool.errors import InputError
from partialpool.model.coefficients import INTERCEPT, Coefficient, list_coefficients
from partialpool.model.formula import Formula, GroupTerm, first_line, parse_formula
from partialpool.model.identifiability import check_rank, check_size
from partialpool.model.transforms import contact_transforms

if TYPE_CHECKING:
    from formulaic import ModelSpec


@dataclass(frozen=True)
class Term:
    """A group-level term as Stan sees it: one correlated block of coefficients."""

    grouping: tuple[str, ...]
    coefficients: tuple[str, ...]
    levels: tuple[str, ...]
    """Levels of the grouping factor; combined ones as `a:b`."""

    @property
    def name(self) -> str:
        """The grouping factor's name."""
        return ":".join(self.grouping)

    @property
    def effect_names(self) -> list[str]:
        """`r_channel[Email, promo[Bundle]]`, coefficient by coefficient, level by level."""
        pairs = product(self.coefficients, self.levels)
        return [name_effect(self.name, level, coefficient) for coefficient, level in pairs]

    @property
    def sd_names(self) -> list[str]:
        """`sd_channel[promo[Bundle]]`, one for each coefficient."""
        return [f"sd_{self.name}[{c}]" for c in self.coefficients]

    @property
    def correlation_names(self) -> list[str]:
        """`cor_channel[Intercept, promo[Bundle]]`, pair by pair."""
        return [f"{name_correlations(self.name)}[{a}, {b}]" for a, b in self.pairs]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The coefficients that correlate, below the diagonal, row by row."""
        return [(a, b) for i, b in enumerate(self.coefficients) for a in self.coefficients[:i]]


def name_effect(grouping: str, level: str, coefficient: str) -> str:
    """`r_channel[Email, promo[Bundle]]`."""
    return f"r_{grouping}[{level}, {coefficient}]"


def name_correlations(grouping: str) -> str:
    """`cor_channel`, the whole matrix, which has one prior."""
    return f"cor_{grouping}"


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
        InputError: columns of the population-level design that the others determine, or a
            grouping factor with a single level.
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
            for term in _terms(group, [column.name for column in columns], cells)
        )
        _check_terms(self.terms)
        check_rank(self.coefficients, self.matrices(cells).population)

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
            placed += [_positions(self.terms[len(blocks)], rows)] * len(split)
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
        InputError: the formula cannot be read, or cannot be told apart in the cells (`Design`).
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


def combine_levels(cells: pd.DataFrame, grouping: tuple[str, ...]) -> pd.Series[str]:
    """The grouping factor of some factors, its levels `a:b`."""
    parts = (cells[name].astype(str) for name in grouping)
    return reduce(lambda left, right: left + ":" + right, parts)


def _positions(term: Term, rows: pd.DataFrame) -> tuple[np.ndarray, tuple[str, ...]]:
    """Where each row's level stands among the term's and the new ones, and the new ones."""
    combined = pd.Index(combine_levels(rows, term.grouping))
    new = combined.difference(pd.Index(term.levels)).unique()
    positions = pd.Index([*term.levels, *new]).get_indexer(combined)
    return np.asarray(positions), tuple(map(str, new))


def _terms(group: GroupTerm, coefficients: list[str], cells: pd.DataFrame) -> list[Term]:
    combined = combine_levels(cells, group.grouping)
    order = cells[list(group.grouping)].apply(lambda column: column.cat.codes)
    sorted_levels = combined.loc[order.sort_values(list(group.grouping)).index]
    levels = tuple(sorted_levels.drop_duplicates())
    if len(levels) != len(order.drop_duplicates()):
        raise InputError(
            f"formula: two levels of {':'.join(group.grouping)} read the same, expected levels "
            "that differ once joined by ':'"
        )
    blocks = [coefficients] if group.correlated else [[c] for c in coefficients]
    return [Term(group.grouping, tuple(block), levels) for block in blocks]


def _check_terms(terms: tuple[Term, ...]) -> None:
    names = [name for term in terms for name in term.sd_names]
    for term in terms:
        if len(term.levels) < 2:
            raise InputError(
                f"formula: the grouping factor {term.name} has the single level {term.levels[0]}, "
                "expected two or more"
            )
        twice = [name for name in term.sd_names if names.count(name) > 1]
        if twice:
            raise InputError(f"formula: {twice[0]} would be estimated twice, expected once")
