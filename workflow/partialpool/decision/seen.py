"""Whether the functions of a formula have seen what new data hold.

A spline knows nothing outside of the numbers that it was fitted to, and `C()` of a number has no
level for another one; a library may extrapolate, refuse in words of its own, or take such a value
for the reference.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

import numpy as np
import pandas as pd

from partialpool.cells.levels import levels_of
from partialpool.errors import InputError
from partialpool.model.grammar import find_calls

SPLINES = ("bs", "cc", "cr", "cs")
MOST_NAMED = 12
"""Known values that a message names at most."""


def check_seen(sides: Iterable[str], rows: pd.DataFrame, cells: pd.DataFrame) -> None:
    """Check that functions of numbers are only asked for what they were fitted to.

    Args:
        sides: of the model's formula (`Formula.sides`).
        rows: new data, factors and numbers as the cells have them.
        cells: that the model was fitted to.

    Raises:
        InputError: naming the first row, its value, and what was expected.
    """
    factors = levels_of(cells)
    for side in sides:
        for call in find_calls(side):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name not in (*SPLINES, "C") or not call.args:
                continue
            inner = ast.unparse(call.args[0])
            if inner in factors:
                continue
            seen, asked = _values(inner, cells), _values(inner, rows)
            if name == "C":
                _check_levels(inner, seen, asked, rows.index)
            else:
                _check_range(call, inner, seen, asked, rows.index)


def _values(expression: str, rows: pd.DataFrame) -> np.ndarray:
    """What a function is given, row by row."""
    from formulaic import Formula as FormulaicFormula

    matrix = FormulaicFormula(f"0 + {{{expression}}}").get_model_matrix(rows, context={})
    return np.asarray(matrix, dtype=float)[:, -1]


def _check_levels(inner: str, seen: np.ndarray, asked: np.ndarray, index: pd.Index) -> None:
    known = np.unique(seen)
    unknown = ~np.isin(asked, known)
    if unknown.any():
        more = ", …" * (len(known) > MOST_NAMED)
        expected = ", ".join(f"{value:g}" for value in known[:MOST_NAMED])
        raise _unseen(f"C({inner})", asked, unknown, index, f"one of {expected}{more}")


def _check_range(
    call: ast.Call, inner: str, seen: np.ndarray, asked: np.ndarray, index: pd.Index
) -> None:
    bounds = {keyword.arg: keyword.value for keyword in call.keywords}
    low, high = (
        float(ast.literal_eval(bounds[key])) if key in bounds else float(end)
        for key, end in (("lower_bound", seen.min()), ("upper_bound", seen.max()))
    )
    outside = (asked < low) | (asked > high)
    if outside.any():
        what = f"{ast.unparse(call.func)}({inner}, …)"
        raise _unseen(what, asked, outside, index, f"a value from {low:g} to {high:g}")


def _unseen(
    what: str, asked: np.ndarray, unfit: np.ndarray, index: pd.Index, expected: str
) -> InputError:
    """The first row that does not fit."""
    first, count = int(unfit.argmax()), int(unfit.sum())
    more = f" ({count:,} such rows)" if count > 1 else ""
    return InputError(
        f"row {int(index[first]) + 1}: {what} is given {asked[first]:g}{more}, expected "
        f"{expected}, which is what the model was fitted to"
    )
