"""What draws fall short of is what their verdict finds."""

import numpy as np
import pytest

from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import Draws
from partialpool.settings import Priors, Verdict
from partialpool.shortfalls import find_shortfalls

from .factories.cells import listed

CELLS = listed(
    [("none", 2015.0, 3, 9), ("some", 2020.0, 4, 9), ("some", 2025.0, 6, 9)],
    {"offer": ["none", "some"]},
    ["year"],
)


def shortfalls(spoil, limits):
    design = learn_design("offer + year", CELLS)
    values = np.random.default_rng(1).standard_normal((4, 500, 3)) * [1, 1, 1e-3]
    spoil(values)
    data = assemble_stan_data(design, CELLS, Priors(), "cells", "auto")
    draws = Draws({"population": values}, {"energy": values[..., 0]})
    return find_shortfalls(draws, name_parameters(design, LOGISTIC), data, limits)


def test_enough_draws_fall_short_of_nothing():
    assert shortfalls(lambda values: None, Verdict()) == []


@pytest.mark.parametrize(
    ("limits", "short"),
    [
        ({"ess": 1, "mcse": 9}, ["rhat"]),
        ({"rhat": 9, "mcse": 9}, ["ess_bulk"]),
        ({"rhat": 9, "ess": 1}, ["mcse"]),
    ],
)
def test_a_chain_that_is_elsewhere_falls_short_of_every_limit_by_itself(limits, short):
    def elsewhere(values):
        values[0, :, 1] += 2

    assert shortfalls(elsewhere, Verdict(**limits))[:1] == short
