"""Sweeping: which means of effects something else in the model takes up."""

import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.model.design import learn_design
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.sweeping import plan_sweeps
from partialpool.settings import Priors

STORES = {"north": ["n1", "n2", "n3"], "south": ["s1", "s2"]}
"""Names of stores that say where they are; they are nested in their regions."""


def data_of(formula, regions=STORES):
    rows = [
        (promo, region, store, week)
        for promo in ("none", "some")
        for region, stores in regions.items()
        for store in stores
        for week in ("w1", "w2", "w3", "w4")
    ]
    cells = pd.DataFrame(rows, columns=["promo", "region", "store", "week"])
    levels = {name: list(dict.fromkeys(cells[name])) for name in cells}
    cells = with_levels(cells.assign(successes=3, trials=10), levels)
    return assemble_stan_data(learn_design(formula, cells), cells, Priors(), "cells", "auto")


def plan_of(formula, **given):
    """The order of terms; by coefficient, what takes up its mean; and each term's groups."""
    data = data_of(formula, **given)
    plan = plan_sweeps(data.terms)
    absorbed_by = [int(into) for of_term in plan.absorbed_by for into in of_term]
    return [term + 1 for term in plan.order], absorbed_by, [group.tolist() for group in plan.group]


def test_a_term_alone_has_nothing_that_takes_up_its_means():
    assert plan_of("promo + (1 + promo | store)") == ([1], [0, 0], [[1] * 5])


def test_a_model_without_groups_has_nothing_to_sweep():
    assert plan_of("promo") == ([], [], [])


def test_means_of_crossed_terms_go_into_the_one_with_fewest_levels():
    order, absorbed_by, groups = plan_of("(1 | store) + (1 | week) + (1 | region)")
    assert order == [1, 2, 3]
    assert absorbed_by[1] == 3
    assert groups[1] == [1] * 4


@pytest.mark.parametrize("formula", ["(1 | region/store)", "(1 | region) + (1 | region:store)"])
def test_means_of_nested_levels_go_into_the_level_that_has_them(formula):
    order, absorbed_by, groups = plan_of(formula)
    assert (order, absorbed_by) == ([2, 1], [0, 1])
    assert groups == [[1, 1], [1, 1, 1, 2, 2]]


def test_levels_are_nested_by_the_cells_not_by_the_formula():
    assert plan_of("(1 | region) + (1 | store)") == plan_of("(1 | region/store)")


def test_stores_that_share_their_names_are_crossed_with_the_regions():
    alike = {"north": ["1", "2", "3"], "south": ["1", "2"]}
    _, absorbed_by, groups = plan_of("(1 | region) + (1 | store)", regions=alike)
    assert absorbed_by == [0, 1]
    assert groups[1] == [1, 1, 1]


def test_the_order_of_terms_in_the_formula_does_not_matter():
    order, absorbed_by, groups = plan_of("(1 | store) + (1 | region)")
    assert (order, absorbed_by) == ([1, 2], [2, 0])
    assert groups == [[1, 1, 1, 2, 2], [1, 1]]


def test_only_coefficients_that_both_terms_have_are_swept():
    order, absorbed_by, _ = plan_of("promo + (1 + promo | store) + (1 | week)")
    assert (order, absorbed_by) == ([1, 2], [3, 0, 0])
    order, absorbed_by, _ = plan_of("promo + (1 + promo | region/store)")
    assert (order, absorbed_by) == ([2, 1], [0, 0, 1, 2])


def test_a_coefficient_may_be_the_same_under_another_name():
    """The rows of a factor of two levels, and the whole factor without an intercept."""
    _, absorbed_by, _ = plan_of("(1 + promo | store) + (0 + promo | week)")
    assert absorbed_by == [0, 4, 0, 0]


def test_three_nested_levels_go_into_the_next_each():
    order, absorbed_by, groups = plan_of("(1 | region/store/week)")
    assert (order, absorbed_by) == ([3, 2, 1], [0, 1, 2])
    assert groups[2] == [store for store in range(1, 6) for _ in range(4)]
