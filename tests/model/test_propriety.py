"""Flat priors where the counts hold a coefficient back on one side only are refused."""

import numpy as np
import pytest

from partialpool.errors import InputError
from partialpool.model.propriety import check_propriety, separating_coefficients

ONES = np.ones(4)
ARM = np.array([0.0, 1.0, 0.0, 1.0])
CITY = np.array([0.0, 0.0, 1.0, 1.0])
TRIALS = np.full(4, 10)
DESIGN = np.column_stack([ONES, ARM, CITY])
NAMES = ["Intercept", "arm[b]", "city[x]"]


def free(successes, columns=DESIGN, names=NAMES):
    return separating_coefficients(names, columns, np.array(successes), TRIALS)


def test_counts_that_overlap_hold_every_coefficient_back():
    assert free([3, 5, 4, 7]) == []


def test_one_empty_cell_separates_nothing_where_the_others_share_its_coefficients():
    assert free([0, 5, 4, 7]) == []


def test_an_arm_without_a_success_is_named_alone():
    assert free([3, 0, 4, 0]) == ["arm[b]"]


def test_an_arm_with_nothing_but_successes_is_named_too():
    assert free([3, 10, 4, 10]) == ["arm[b]"]


def test_no_success_anywhere_frees_the_intercept():
    assert "Intercept" in free([0, 0, 0, 0])


def test_a_combination_that_no_single_coefficient_shows_is_found():
    # x + z tells successes from failures, neither does alone
    columns = np.array([[1.0, -2, 1], [1, 1, -2], [1, 2, -1], [1, -1, 2]])
    assert set(free([0, 0, 10, 10], columns, ["Intercept", "x", "z"])) >= {"x", "z"}
    assert free([0, 10, 0, 10], columns[:, :2], ["Intercept", "x"]) == []


def test_quasi_separation_counts_on_the_line_itself_do_not_help():
    # both outcomes where x is 0, only successes above it
    columns = np.array([[1.0, 0], [1, 0], [1, 1], [1, 2]])
    assert free([4, 5, 10, 10], columns, ["Intercept", "x"]) == ["x"]


def test_cells_without_contacts_say_nothing():
    trials = np.array([10, 10, 10, 0])
    assert separating_coefficients(["arm[b]"], DESIGN[:, [1]], np.array([3, 4, 3, 0]), trials) == []


def test_units_of_a_number_do_not_matter():
    columns = DESIGN * np.array([1, 1e-6, 1e6])
    assert free([3, 0, 4, 0], columns) == ["arm[b]"]
    assert free([3, 5, 4, 7], columns) == []


def test_it_is_refused_in_a_line_that_says_what_to_do():
    with pytest.raises(InputError, match=r"flat on arm\[b\], .* such as normal\(0, 2.5\)") as told:
        check_propriety(NAMES, DESIGN, np.array([3, 0, 4, 0]), TRIALS)
    assert "\n" not in str(told.value)
