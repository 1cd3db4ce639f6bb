"""Functions of numbers see contacts: what they give does not depend on the cells these lie in."""

import numpy as np
import pandas as pd
import pytest
from formulaic import Formula

from partialpool.cells.levels import with_levels
from partialpool.model import transforms
from partialpool.model.design import learn_design
from partialpool.model.grammar import INDEX
from partialpool.model.transforms import LEARNING, contact_transforms, repeat_values

CALLS = {
    "center": "center(age)",
    "scale": "scale(age)",
    "standardize": "standardize(age)",
    "poly": "poly(age, 3)",
    "bs": "bs(age, df=6)",
    "cc": "cc(age, df=4, constraints='center')",
    "cr": "cr(age, df=4, constraints='center')",
    "cs": "cs(age, df=4, constraints='center')",
}


def contacts(count=2000):
    random = np.random.default_rng(5)
    ages = np.round(random.gamma(4, 10, count))
    return pd.DataFrame({"age": ages, "shop": random.choice(list("abcdefgh"), count)})


def cells_of(rows, *by):
    cells = rows.groupby(["age", *by]).size().rename("trials").reset_index()
    return with_levels(cells.assign(successes=0), {name: sorted(set(rows[name])) for name in by})


def curve(formula, cells, ages):
    """The columns of a design at some ages."""
    rows = cells.drop_duplicates("age").set_index("age", drop=False).loc[ages]
    return learn_design(formula, cells).matrices(rows).population


def test_every_function_that_learns_has_a_case():
    assert set(CALLS) == set(LEARNING) == set(contact_transforms()) - {INDEX}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_function_of_cells_is_that_of_the_contacts_row_by_row(call):
    rows = contacts()
    ages = sorted(set(rows["age"]))
    expected = Formula(call).get_model_matrix(rows.sort_values("age")).to_numpy()
    first = np.searchsorted(np.sort(rows["age"]), ages)
    np.testing.assert_allclose(
        curve(call, cells_of(rows), ages), expected[first], atol=1e-9, rtol=1e-7
    )


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_more_cells_of_the_same_contacts_change_not_a_bit(call):
    rows = contacts()
    ages = sorted(set(rows["age"]))
    few, many = cells_of(rows), cells_of(rows, "shop")
    assert len(many) > 4 * len(few)
    np.testing.assert_array_equal(curve(call, few, ages), curve(call, many, ages))


def test_values_are_repeated_as_often_as_contacts_have_them():
    values, trials = np.array([3.0, 1.0, 3.0, 2.0]), np.array([2, 1, 3, 0])
    assert repeat_values(values, trials).tolist() == [1.0, 2.0, *[3.0] * 5]
    assert repeat_values(values, None).tolist() == [1.0, 2.0, 3.0, 3.0]


def test_of_very_many_contacts_as_many_as_are_enough_are_learned_from(monkeypatch):
    monkeypatch.setattr(transforms, "MOST_ROWS", 1000)
    found = repeat_values(np.array([1.0, 2.0, 3.0]), np.array([75e9, 25e9, 1.0]))
    assert np.unique(found, return_counts=True)[1].tolist() == [750, 250, 1]
