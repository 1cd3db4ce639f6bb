"""Whether the data can tell coefficients apart: not too many columns, and which are aliased.

Columns that depend on each other leave a posterior under proper priors as proper as it was: what
the data say nothing of, the priors do (index coding, in McElreath's words, lives by that). Under
flat priors nothing does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from partialpool.cells.levels import levels_of
from partialpool.errors import InputError
from partialpool.model.coefficients import INTERCEPT

if TYPE_CHECKING:
    from formulaic import Formula as FormulaicFormula

MOST_COLUMNS = 5000
"""Of the population level, or of the coefficients of a group-level term."""
MOST_NAMED = 8
"""Columns that a message names at most."""
NEGLIGIBLE = 1e-6
"""The part in a direction of length 1 of a coefficient that has none."""


def check_size(formula: FormulaicFormula, cells: pd.DataFrame) -> None:
    """Refuse more columns than a model has use for, before they are made.

    Args:
        formula: of one side.
        cells: factors as categories.

    Raises:
        InputError: there would be more than `MOST_COLUMNS`.
    """
    widths = {str(name): max(1, len(levels)) for name, levels in levels_of(cells).items()}
    total = sum(
        math.prod(_width(factor.expr, widths) for factor in term.factors) for term in formula
    )
    if total > MOST_COLUMNS:
        raise InputError(
            f"formula: {str(formula)[:80]!r} has some {total:,} columns in the cells, expected "
            f"{MOST_COLUMNS:,} at most; let effects of many levels vary instead, as (1 | g) does"
        )


def _width(expression: str, widths: Mapping[str, int]) -> int:
    """Columns that a factor of a term has at most."""
    named = [width for name, width in widths.items() if re.search(rf"\b{name}\b", expression)]
    sizes = [int(size) for size in re.findall(r"\b\d{1,4}\b", expression)]
    return max([1, *named, *(sizes if "(" in expression else [])])


def find_aliased(names: Sequence[str], matrix: np.ndarray) -> list[str]:
    """The coefficients that can change together without the predictor of any cell changing.

    Args:
        names: of the coefficients.
        matrix: cells x coefficients.
    """
    if not names:
        return []
    values, directions = np.linalg.svd(np.linalg.qr(_unitless(matrix), mode="r"))[1:]
    limit = values.max(initial=0) * max(matrix.shape) * np.finfo(float).eps
    silent = np.abs(directions[int((values > limit).sum()) :]).max(axis=0, initial=0)
    return [name for name, part in zip(names, silent, strict=True) if part > NEGLIGIBLE]


def check_rank(names: Sequence[str], matrix: np.ndarray) -> None:
    """Check that coefficients with flat priors can be told from each other, whatever the units.

    Args:
        names: of the coefficients.
        matrix: cells x coefficients.

    Raises:
        InputError: naming the columns that those before them determine.
    """
    matrix = _unitless(matrix)
    rank = np.linalg.matrix_rank(matrix) if len(names) else 0
    if rank == len(names):
        return
    ranks = [np.linalg.matrix_rank(matrix[:, : i + 1]) for i in range(len(names))]
    redundant = [n for n, r, before in zip(names, ranks, [0, *ranks], strict=False) if r == before]
    more = f" and {len(redundant) - MOST_NAMED} more" if len(redundant) > MOST_NAMED else ""
    raise InputError(
        f"formula: {', '.join(redundant[:MOST_NAMED])}{more} cannot be told from the other "
        "coefficients with flat priors in the cells, expected columns that are linearly "
        f"independent, or proper priors such as normal(0, 2.5){_remedy(names)}"
    )


def _unitless(matrix: np.ndarray) -> np.ndarray:
    """Columns that are at most 1, so that no unit of a number matters."""
    size = np.abs(matrix).max(axis=0, initial=0)
    return np.asarray(matrix / np.where(size > 0, size, 1))


def _remedy(names: Sequence[str]) -> str:
    """Cubic splines have a column for the intercept too, unless they are told not to."""
    splines = [name for name in names if re.match(r"c[crs]\(", name) and "constraints" not in name]
    if INTERCEPT not in names or not splines:
        return ""
    call = splines[0].rpartition(")")[0]
    return f"; beside an intercept write {call}, constraints='center')"
