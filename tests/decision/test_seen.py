"""New data are held against what the functions of a formula were fitted to."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.decision.seen import check_seen
from partialpool.errors import InputError
from partialpool.model.formula import parse_formula

CELLS = with_levels(
    pd.DataFrame({"promo": list("xyxy"), "age": [20.0, 30, 40, 50], "successes": 1, "trials": 2}),
    {"promo": ["x", "y"]},
)


def checked(text, ages):
    rows = CELLS[["promo", "age"]].assign(age=np.array(ages, float))
    check_seen(parse_formula(text, ["promo"], ["age"]).sides, rows, CELLS)


def test_what_was_seen_passes():
    checked("promo + bs(age, df=4) + C(age)", [20, 50, 30, 20])


def test_functions_without_memory_of_a_range_take_any_number():
    checked("promo + poly(age, 2) + center(age) + log(age)", [1, 99, 30, 20])


def test_the_contrasts_of_a_factor_are_no_concern_here():
    checked("C(promo, contr.sum)", [1, 2, 3, 4])


def test_every_row_that_does_not_fit_is_counted():
    with pytest.raises(InputError, match=r"^row 1: bs\(age, …\) is given 5 \(2 such rows\)"):
        checked("(bs(age, df=4) | promo)", [5, 20, 99, 50])
