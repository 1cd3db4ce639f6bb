"""The oracle takes any unit of a number: the same model, the same posterior."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.checks.oracle.density import Density
from partialpool.checks.oracle.importance import sample
from partialpool.checks.oracle.units import measure_units, restore, standardise
from partialpool.model.design import learn_design
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.settings import Priors

SHOPS = list("abcdef")


def data_of(formula, unit=1.0):
    random = np.random.default_rng(3)
    cells = pd.DataFrame(
        {
            "shop": np.repeat(SHOPS, 5),
            "age": np.tile([20.0, 30.0, 40.0, 50.0, 60.0], len(SHOPS)) * unit,
            "successes": random.binomial(40, np.tile([0.2, 0.3, 0.3, 0.5, 0.6], len(SHOPS))),
            "trials": 40,
        }
    )
    cells = with_levels(cells, {"shop": SHOPS})
    return assemble_stan_data(learn_design(formula, cells), cells, Priors(), "contacts", "auto")


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e3, 1e6])
@pytest.mark.parametrize("formula", ["age", "shop + age", "age + (1 + age | shop)"])
def test_points_are_the_same_in_any_unit(formula, unit):
    here, there = (sample(Density(data_of(formula, of)), 1024, 1) for of in (1.0, unit))
    np.testing.assert_allclose(here.log_weights, there.log_weights, atol=1e-4)
    for kind, values in here.parameters.items():
        ratio = np.median(there.parameters[kind] / values, axis=0)
        expected = np.where(np.isclose(ratio, 1, rtol=1e-3), 1, 1 / unit)
        np.testing.assert_allclose(ratio, expected, rtol=1e-3)


def test_a_density_in_these_units_is_the_densitys_own():
    data = data_of("age + (1 + age | shop)")
    units = measure_units(data)
    points = np.random.default_rng(1).normal(size=(5, Density(data).coefficients))
    hyper = np.random.default_rng(2).normal(size=(5, Density(data).hyperparameters))
    inside = Density(standardise(data, units))
    deviations = (inside.spread(hyper) @ points[:, :, None])[:, :, 0]
    own = restore(inside.parameters(deviations, hyper), data, units)
    design = Density(data).design
    fixed = own["population"].copy()
    fixed[:, 0] += fixed[:, 1:] @ data.prior_at
    eta = np.column_stack([fixed, own["effect"]]) @ design.T
    np.testing.assert_allclose(eta, deviations @ inside.design.T)
    np.testing.assert_allclose(own["sd"][:, 1] * 40, np.exp(hyper[:, 1]))


def test_a_model_of_factors_stays_as_it_is():
    assert measure_units(data_of("shop")).are_one
    assert not measure_units(data_of("shop + age")).are_one
