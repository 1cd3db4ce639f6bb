"""Group-level terms as Stan sees them: blocks of coefficients, their levels and their names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np
import pandas as pd

from partialpool.errors import InputError
from partialpool.model.formula import GroupTerm


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


def combine_levels(cells: pd.DataFrame, grouping: tuple[str, ...]) -> pd.Series[str]:
    """The grouping factor of some factors, its levels `a:b`."""
    parts = (cells[name].astype(str) for name in grouping)
    return reduce(lambda left, right: left + ":" + right, parts)


def position_levels(term: Term, rows: pd.DataFrame) -> tuple[np.ndarray, tuple[str, ...]]:
    """Where each row's level stands among the term's and the new ones, and the new ones."""
    combined = pd.Index(combine_levels(rows, term.grouping))
    new = combined.difference(pd.Index(term.levels)).unique()
    positions = pd.Index([*term.levels, *new]).get_indexer(combined)
    return np.asarray(positions), tuple(map(str, new))


def list_terms(group: GroupTerm, coefficients: list[str], cells: pd.DataFrame) -> list[Term]:
    """The blocks of a group-level term: one where its effects are correlated, else one for each.

    Args:
        group: the term of the formula.
        coefficients: the names of its columns.
        cells: with the grouping factors as ordered categories.

    Raises:
        InputError: two combinations of levels that read the same.
    """
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


def check_terms(terms: tuple[Term, ...]) -> None:
    """Check that every standard deviation can be estimated.

    Raises:
        InputError: a grouping factor with a single level, or effects that stand twice.
    """
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
