"""Columns that the cells cannot tell apart are found, and too many of them refused in a line."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.errors import InputError
from partialpool.model.design import learn_design
from partialpool.model.identifiability import MOST_COLUMNS, check_rank, find_aliased

FACTORS = ["promo", "channel", "region"]


def test_what_the_columns_before_it_determine_is_named():
    with pytest.raises(InputError, match=r"^formula: c cannot be told from the other"):
        check_rank(["a", "b", "c"], np.array([[1.0, 0, 1], [1, 1, 2], [1, 2, 3]]))
    check_rank(["a", "b"], np.array([[1.0, 0], [1, 1], [1, 2]]))


COLUMNS = {
    "each tells itself": ([[1, 0], [1, 1], [1, 2]], []),
    "one is the sum of two": ([[1, 0, 1, 0], [1, 1, 2, 1], [1, 2, 3, 5]], ["a", "b", "c"]),
    "one is nothing": ([[1, 0], [1, 0]], ["b"]),
    "one is another in other units": ([[1, 3e9, 1e-9], [1, 0, 0], [1, 6e9, 2e-9]], ["b", "c"]),
    "fewer cells than columns": ([[1, 1, 0], [1, 0, 1]], ["a", "b", "c"]),
    "two pairs": ([[1, 1, 0, 0], [2, 2, 1, 3], [0, 0, 1, 3]], ["a", "b", "c", "d"]),
    "none": (np.zeros((3, 0)), []),
}


@pytest.mark.parametrize(("columns", "aliased"), COLUMNS.values(), ids=COLUMNS)
def test_coefficients_that_can_change_together_unseen_are_found(columns, aliased):
    matrix = np.array(columns, float)
    names = list("abcd")[: matrix.shape[1]]
    found = find_aliased(names, matrix)
    assert found == aliased
    if found:
        with pytest.raises(InputError):
            check_rank(names, matrix)
    else:
        check_rank(names, matrix)


@pytest.mark.parametrize("spline", ["cr(age, df=4)", "cs(age, df=4)", "cc(age, df=4)"])
def test_a_spline_with_a_column_for_the_intercept_says_how_it_goes_beside_one(spline):
    cells = pd.DataFrame({"promo": list("xyxyxyxy"), "age": np.linspace(0.2, 0.6, 8)})
    cells = with_levels(cells.assign(successes=1, trials=2), {"promo": ["x", "y"]})
    design = learn_design(f"1 + {spline}", cells)
    with pytest.raises(InputError, match=r"beside an intercept write .*constraints='center'"):
        check_rank(design.coefficients, design.matrices(cells).population)


def test_columns_that_would_fill_the_memory_are_refused_before_they_are_made():
    levels = {name: [f"{name}{i}" for i in range(40)] for name in FACTORS}
    cells = with_levels(pd.DataFrame(levels).assign(successes=1, trials=2), levels)
    with pytest.raises(InputError, match=f"expected {MOST_COLUMNS:,} at most"):
        learn_design("promo * channel * region", cells)


@pytest.mark.parametrize("unit", [1e-15, 1, 1e12])
def test_no_unit_of_a_number_makes_it_redundant(unit):
    cells = pd.DataFrame({"promo": list("xyxyxyxy"), "age": unit * np.linspace(0.2, 0.6, 8)})
    cells = with_levels(cells.assign(successes=1, trials=2), {"promo": ["x", "y"]})
    design = learn_design("promo + age + I(age^2)", cells)
    assert find_aliased(design.coefficients, design.matrices(cells).population) == []
    check_rank(design.coefficients, design.matrices(cells).population)
