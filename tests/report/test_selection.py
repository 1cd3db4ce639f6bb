"""What a page shows of much: the most telling, chosen from the numbers, the same each time."""

import numpy as np
import pandas as pd

from partialpool.model.parameters import of_kind
from partialpool.report.selection import (
    CHAINS,
    SHOWN,
    drawn_parameters,
    select_largest,
    shown_effects,
    worst_mixed,
)

from ..factories.names import named, term


def names_of(levels, **more):
    terms = [term("shop", levels, coefficient) for coefficient in ("Intercept", "promo[a, b]")]
    return named(["x"], *terms, **more)


def means_of(names, **more):
    return pd.Series(dict.fromkeys(of_kind(names, "population", "sd", "effect"), 0.0) | more)


def test_the_largest_either_way_are_kept_in_their_own_order():
    values = pd.Series({"a": 1.0, "b": -5.0, "c": 0.0, "d": np.nan, "e": 3.0})
    assert select_largest(values, 3) == ["a", "b", "e"]
    assert select_largest(values) == list("abcde")


def test_of_equal_ones_the_first_are_taken():
    assert select_largest(pd.Series(1.0, list("abc")), 2) == ["a", "b"]


def test_effects_far_from_0_are_drawn_of_every_coefficient():
    names = names_of([str(i) for i in range(100)])
    far = {"r_shop[77, Intercept]": -3.0, "r_shop[5, promo[a, b]]": 2.0}
    drawn = shown_effects(names, means_of(names, **far))
    assert len(drawn) == SHOWN
    assert set(far) <= set(drawn)
    assert sum(name.endswith("Intercept]") for name in drawn) == SHOWN / 2


def test_levels_that_read_like_coefficients_stay_in_their_block():
    names = names_of(["a", "b, Intercept]", "c, promo[a, b]"])
    assert shown_effects(names, means_of(names)) == of_kind(names, "effect")


def test_a_model_of_thousands_of_parameters_has_few_densities():
    names = names_of([str(i) for i in range(3000)], phi=True)
    drawn = drawn_parameters(names, means_of(names, **{"phi": 9.0, "theta[1]": 1.0}))
    assert len(drawn) == 1 + 2 + 1 + 1 + SHOWN
    assert drawn[:5] == ["x", *of_kind(names, "sd"), "phi", "theta[1]"]


def test_a_program_may_hold_no_sds_though_the_design_has_them():
    names = names_of(["a", "b"])
    means = means_of(names).drop(of_kind(names, "sd"))
    assert drawn_parameters(names, means) == ["x", *of_kind(names, "effect")]


def test_the_chains_that_mixed_worst_come_first_and_what_is_no_number_before_all():
    ess = np.arange(40.0) + 100
    ess[[7, 20]] = [3.0, np.nan]
    table = pd.DataFrame({"parameter": [f"x{i}" for i in range(40)], "ess_bulk": ess})
    assert worst_mixed(table)[:3] == ["x20", "x7", "x0"]
    assert len(worst_mixed(table)) == CHAINS
