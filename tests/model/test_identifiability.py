"""Columns that the cells cannot tell apart, or too many of them, are refused in a line."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.errors import InputError
from partialpool.model.design import learn_design
from partialpool.model.identifiability import MOST_COLUMNS, check_rank

FACTORS = ["promo", "channel", "region"]


def test_what_the_columns_before_it_determine_is_named():
    with pytest.raises(InputError, match=r"^formula: c cannot be told from the other"):
        check_rank(["a", "b", "c"], np.array([[1.0, 0, 1], [1, 1, 2], [1, 2, 3]]))
    check_rank(["a", "b"], np.array([[1.0, 0], [1, 1], [1, 2]]))


@pytest.mark.parametrize("spline", ["cr(age, df=4)", "cs(age, df=4)", "cc(age, df=4)"])
def test_a_spline_with_a_column_for_the_intercept_says_how_it_goes_beside_one(spline):
    cells = pd.DataFrame({"promo": list("xyxyxyxy"), "age": np.linspace(0.2, 0.6, 8)})
    cells = with_levels(cells.assign(successes=1, trials=2), {"promo": ["x", "y"]})
    with pytest.raises(InputError, match=r"beside an intercept write .*constraints='center'"):
        learn_design(f"1 + {spline}", cells)


def test_columns_that_would_fill_the_memory_are_refused_before_they_are_made():
    levels = {name: [f"{name}{i}" for i in range(40)] for name in FACTORS}
    cells = with_levels(pd.DataFrame(levels).assign(successes=1, trials=2), levels)
    with pytest.raises(InputError, match=f"expected {MOST_COLUMNS:,} at most"):
        learn_design("promo * channel * region", cells)


@pytest.mark.parametrize("unit", [1e-15, 1, 1e12])
def test_no_unit_of_a_number_makes_it_redundant(unit):
    cells = pd.DataFrame({"promo": list("xyxyxyxy"), "age": unit * np.linspace(0.2, 0.6, 8)})
    cells = with_levels(cells.assign(successes=1, trials=2), {"promo": ["x", "y"]})
    assert learn_design("promo + age + I(age^2)", cells).coefficients[-1] == "I(age ** 2)"
