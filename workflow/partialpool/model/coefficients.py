"""The columns of a design matrix: what each is called, and which levels and numbers it is of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING

import pandas as pd

from partialpool.errors import InputError
from partialpool.model.grammar import INDEX

if TYPE_CHECKING:
    from formulaic import ModelSpec

INTERCEPT = "Intercept"


@dataclass(frozen=True)
class Part:
    """One factor of the product that a column is."""

    name: str
    """`promo[Bundle]`, `age`, `poly(age, 2)[1]`."""
    expression: str
    """As the formula has it: `promo`, `poly(age, 2)`."""
    variables: tuple[str, ...]
    """The columns of the cells in it."""
    level: str = ""
    """Of a factor that stands in the formula as itself."""


@dataclass(frozen=True)
class Coefficient:
    """A column of a design matrix, and what it is the product of; of nothing for the intercept."""

    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """`promo[Bundle]:channel[Email]`."""
        return ":".join(part.name for part in self.parts) or INTERCEPT


def list_coefficients(
    spec: ModelSpec | None, cells: pd.DataFrame, columns_alone: Callable[[str], Sequence[str]]
) -> list[Coefficient]:
    """The columns of a design matrix, in their order.

    Args:
        spec: formulaic's memory of the matrix; none for one without columns.
        cells: that it was made of.
        columns_alone: names of the columns of a matrix with a formula of its own.

    Raises:
        InputError: two columns would have one name.
    """
    if spec is None:
        return []
    variables = _variables(spec, cells)
    found = []
    for scoped in chain.from_iterable(term.scoped_terms for term in spec.structure):
        factors = [
            [
                Part(name, expression, variables[expression], level)
                for name, level in _columns(expression, factor.reduced, cells, columns_alone)
            ]
            for factor in scoped.factors
            for expression in [str(factor.factor.expr)]
        ]
        # formulaic's order: the first factor changes fastest
        found += [Coefficient(tuple(reversed(parts))) for parts in product(*reversed(factors))]
    _check_names([coefficient.name for coefficient in found], len(spec.column_names))
    return found


def tabulate_coefficients(coefficients: Sequence[Coefficient]) -> pd.DataFrame:
    """What coefficients are of: a row for each variable of each factor of their products.

    Args:
        coefficients: `Design.columns`.

    Returns:
        Columns `coefficient`; `expression`, the factor as the formula has it; `variable`, a column
        of the cells in it; `level`, where the expression is a factor itself, otherwise empty. The
        intercept has no rows.
    """
    rows = [
        (coefficient.name, part.expression, variable, part.level)
        for coefficient in coefficients
        for part in coefficient.parts
        for variable in part.variables
    ]
    return pd.DataFrame(rows, columns=["coefficient", "expression", "variable", "level"])


def _columns(
    expression: str, reduced: bool, cells: pd.DataFrame, alone: Callable[[str], Sequence[str]]
) -> list[tuple[str, str]]:
    """Names and levels of the columns of one factor, without its reference level if reduced."""
    if expression.startswith(f"{INDEX}("):
        expression, reduced = expression[len(INDEX) + 1 : -1], False
    if expression not in cells.columns:
        names = alone(f"{int(reduced)} + {{{expression}}}")
        return [(name, "") for name in names if name != INTERCEPT]
    if not isinstance(cells[expression].dtype, pd.CategoricalDtype):
        return [(expression, "")]
    levels = [str(level) for level in cells[expression].cat.categories]
    return [(f"{expression}[{level}]", level) for level in levels[int(reduced) :]]


def _variables(spec: ModelSpec, cells: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The columns of the cells that each factor uses, in their order; functions are left out."""
    used = {str(of.expr): set(map(str, names)) for of, names in spec.factor_variables.items()}
    return {
        expression: tuple(str(name) for name in cells.columns if name in names)
        for expression, names in used.items()
    }


def _check_names(names: Sequence[str], columns: int) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InputError(
            f"formula: two coefficients would be called {twice[0]}, expected levels whose names "
            "tell them apart"
        )
    assert len(names) == columns, "a design matrix has other columns than its structure says"
