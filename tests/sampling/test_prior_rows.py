"""Priors in the tables that Stan reads, and back."""

import numpy as np

from partialpool.sampling.prior_rows import (
    PRIOR_COLUMNS,
    PriorTable,
    prior_variables,
    read_priors,
    tabulate_rows,
)
from partialpool.settings.priors import parse_prior

ROWS = {
    "normal(0, 2)": (1, 0, 2, 1),
    "student_t(4, 0, 2)": (2, 0, 2, 4),
    "cauchy(0, 3)": (2, 0, 3, 1),
    "exponential(4)": (3, 0, 0.25, 1),
    "gamma(2, 4)": (4, 0, 0.25, 2),
    "inv_gamma(3, 2)": (5, 0, 2, 3),
    "lognormal(0, 0.5)": (6, 0, 1, 0.5),
    "uniform(0.5, 2)": (7, 0.5, 1.5, 1),
    "constant(0.3)": (8, 0.3, 0.3, 1),
}


def test_every_family_has_its_row():
    found = tabulate_rows(parse_prior(text, "sd") for text in ROWS)
    np.testing.assert_allclose(found, np.array(list(ROWS.values()), float))


def test_a_table_is_read_as_it_was_written():
    none, some = tabulate_rows([]), tabulate_rows(parse_prior(text, "sd") for text in ROWS)
    assert none.shape == (0, len(PRIOR_COLUMNS))
    table = PriorTable(none, some[:2], some, none, np.array([1.0, 2.0]))
    again = read_priors(prior_variables(table))
    for name in ("intercept", "slope", "sd", "phi", "lkj_shape"):
        np.testing.assert_array_equal(getattr(again, name), getattr(table, name))
