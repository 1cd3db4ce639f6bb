"""Aliased coefficients are sampled along axes of their own, and their posterior is right."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from arviz_stats.base import array_stats
from scipy.special import expit, log_expit

from partialpool.cells.levels import with_levels
from partialpool.model.design import learn_design
from partialpool.sampling.assembly import assemble_stan_data, prior_only
from partialpool.sampling.engines import load_engine
from partialpool.sampling.stan_data import from_variables
from partialpool.settings import Priors, Sampling

LEVELS = {"gender": ["f", "m"], "department": ["A", "B"]}
INDEX = "0 + index(gender) + index(department)"
SCALE = 1.5
PRIORS = Priors(intercept=f"normal(0, {SCALE})", slope=f"normal(0, {SCALE})")


def cells(trials=(9, 14, 6, 11), successes=(2, 9, 4, 10)):
    grid = pd.DataFrame(product(*LEVELS.values()), columns=list(LEVELS))
    return with_levels(grid.assign(trials=trials, successes=successes), LEVELS)


def data_of(formula, of=None, at="contacts"):
    of = cells() if of is None else of
    return assemble_stan_data(learn_design(formula, of), of, PRIORS, at, "auto")


@pytest.mark.parametrize("formula", ["1", "gender * department", "0 + gender + department"])
def test_coefficients_that_the_cells_tell_apart_are_sampled_as_they_are(formula):
    assert data_of(formula).axes.shape == (0, 0)


def test_axes_make_information_and_prior_independent():
    data = data_of(INDEX)
    rates = (data.successes + 0.5) / (data.trials + 1)
    weight = data.trials * rates * (1 - rates)
    precision = data.predictors.T @ (weight[:, None] * data.predictors) + np.eye(4) / SCALE**2
    np.testing.assert_allclose(data.axes.T @ precision @ data.axes, np.eye(4), atol=0.02)


def test_axes_come_back_from_stans_data_and_go_with_the_likelihood():
    data = data_of(INDEX)
    np.testing.assert_array_equal(from_variables(data.variables()).axes, data.axes)
    assert prior_only(data).axes.shape == (0, 0)


def test_effects_do_not_vary_about_what_the_cells_do_not_tell():
    for side, about in (("gender", [1]), ("index(gender)", [0])):
        term = data_of(f"{side} + (1 | department)").terms[0]
        assert term.population_coefficient.tolist() == about


def sampled(compiled, data):
    """Draws of the coefficients at 0, chains x draws x coefficients, and what the sampler says."""
    found = load_engine("stanli").sample(compiled("stanli"), data, Sampling(draws=2000), 5, 2)
    return found.variables["population"], found.statistics


def by_quadrature(of, rows, covariance):
    """Mean and sd of contrasts `rows` of the cells' predictors, normal with a covariance a priori.

    The predictor of additive cells has three dimensions, along its covariance's own axes.
    """
    values, vectors = np.linalg.eigh(covariance)
    assert np.linalg.matrix_rank(covariance) == 3
    root = (vectors * np.sqrt(np.maximum(values, 0)))[:, -3:]
    axis = np.linspace(-5, 5, 81)
    standard = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    eta = standard @ root.T
    y, n = of["successes"].to_numpy(), of["trials"].to_numpy()
    log = y * log_expit(eta) + (n - y) * log_expit(-eta)
    log = log.sum(axis=1) - (standard**2).sum(axis=1) / 2
    weight = np.exp(log - log.max())
    values = np.column_stack([expit(eta), eta @ rows.T])
    mean = weight @ values / weight.sum()
    return mean, np.sqrt(weight @ (values - mean) ** 2 / weight.sum())


def test_rates_and_contrasts_of_index_coding_are_those_of_the_same_prior_on_the_cells(compiled):
    data = data_of(INDEX)
    population, statistics = sampled(compiled, data)
    assert statistics["divergent"].sum() == 0
    eta = population[..., 1:] @ data.predictors.T
    contrasts = np.array([[1, 0, -1, 0], [1, -1, 0, 0]])  # f against m, A against B
    covariance = SCALE**2 * data.predictors @ data.predictors.T
    mean, sd = by_quadrature(cells(), contrasts, covariance)
    found = np.concatenate([expit(eta), eta @ contrasts.T], axis=-1)
    for values, exact, spread in zip(np.moveaxis(found, -1, 0), mean, sd, strict=True):
        assert abs(values.mean() - exact) < 4 * array_stats.mcse(values, 0, 1, method="mean")
        assert values.std() == pytest.approx(spread, rel=0.04)


def test_what_the_cells_are_silent_of_keeps_its_prior(compiled):
    population, _ = sampled(compiled, data_of(INDEX))
    silent = population[..., 1:] @ np.array([1, 1, -1, -1]) / 2
    assert abs(silent.mean()) < 4 * array_stats.mcse(silent, 0, 1, method="mean")
    assert silent.std() == pytest.approx(SCALE, rel=0.04)


@pytest.mark.parametrize("formula", [INDEX, "index(gender) + index(department)"])
@pytest.mark.parametrize("at", ["contacts", "reference"])
@pytest.mark.parametrize("trials", [30, 1_000_000])
def test_aliased_coefficients_mix_however_much_the_cells_tell(compiled, formula, at, trials):
    of = cells([trials] * 4, [trials // 5, trials // 3, trials // 6, trials // 4])
    population, statistics = sampled(compiled, data_of(formula, of, at))
    assert statistics["divergent"].sum() == 0
    assert statistics["treedepth"].max() <= 5
    for values in np.moveaxis(population[..., int("0" in formula) :], -1, 0):
        assert array_stats.ess(values, 0, 1, method="bulk") > 1000
