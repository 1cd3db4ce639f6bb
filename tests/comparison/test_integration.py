"""Integrals over effects are those of brute force, wherever the counts put their mode."""

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit, logsumexp

from partialpool.comparison.integration import Cells, integrate_effects, integrate_nested
from partialpool.model.likelihood import LOGISTIC, Likelihood

BETA = Likelihood("beta_binomial")
COUNTS = {
    "some of many": ([30, 41], [100, 90]),
    "none": ([0, 0], [40, 50]),
    "all": ([40, 50], [40, 50]),
    "a few of very many": ([3, 4], [20_000, 30_000]),
    "one contact": ([1], [1]),
    "no contact": ([0], [0]),
}


def brute(cells, eta, loading):
    """The integral over one effect on a fine grid."""
    z = np.linspace(-60, 60, 40_001)
    log_mass = cells.log_mass(eta + np.outer(z, loading))
    values = np.exp(log_mass - log_mass.max()) * stats.norm.pdf(z)
    return np.log(integrate.simpson(values, x=z)) + log_mass.max()


@pytest.mark.parametrize("case", COUNTS)
@pytest.mark.parametrize("sd", [0.0, 0.3, 2.0, 5.0])
def test_one_effect_is_integrated_out(case, sd):
    successes, trials = map(np.array, COUNTS[case])
    cells = Cells(successes, trials, LOGISTIC, None)
    eta = np.tile([-1.0, 0.5][: len(trials)], (1, 1))
    loadings = np.full((1, len(trials), 1), sd)
    found = integrate_effects(cells, eta, loadings)
    assert found[0] == pytest.approx(brute(cells, eta[0], loadings[0, :, 0]), abs=2e-3)


def test_a_beta_binomial_is_integrated_too():
    cells = Cells(np.array([30, 41]), np.array([100, 90]), BETA, np.array([12.0]))
    eta, loadings = np.array([[-1.0, 0.5]]), np.array([[[0.8], [1.1]]])
    one = Cells(cells.successes, cells.trials, BETA, np.array(12.0))
    assert integrate_effects(cells, eta, loadings)[0] == pytest.approx(
        brute(one, eta[0], loadings[0, :, 0]), abs=1e-3
    )


def test_two_correlated_effects_are_integrated_out():
    cells = Cells(np.array([12, 30]), np.array([80, 70]), LOGISTIC, None)
    columns = np.array([[1.0, 0], [1, 1]])
    root = np.linalg.cholesky(np.array([[1.2, -0.5], [-0.5, 0.9]]))
    eta, loadings = np.array([[-1.0, -1.0]]), (columns @ root)[None]
    z = np.linspace(-8, 8, 801)
    grid = np.stack(np.meshgrid(z, z, indexing="ij"), axis=-1).reshape(-1, 2)
    log_mass = cells.log_mass(eta + grid @ (columns @ root).T)
    mass = np.exp(log_mass - log_mass.max()) * stats.norm.pdf(grid).prod(axis=-1)
    expected = np.log(mass.sum() * (z[1] - z[0]) ** 2) + log_mass.max()
    assert integrate_effects(cells, eta, loadings)[0] == pytest.approx(expected, abs=1e-3)


def test_every_draw_has_an_integral_of_its_own():
    random = np.random.default_rng(1)
    cells = Cells(np.array([5, 9]), np.array([20, 30]), LOGISTIC, None)
    eta, loadings = random.normal(size=(7, 2)), random.uniform(0.1, 2, (7, 2, 1))
    together = integrate_effects(cells, eta, loadings)
    alone = [integrate_effects(cells, eta[[d]], loadings[[d]])[0] for d in range(7)]
    np.testing.assert_allclose(together, alone, rtol=1e-9)


@pytest.mark.parametrize("size", [1, 100])
def test_shops_inside_a_region_that_share_its_effect(size):
    cells = Cells(size * np.array([3, 6, 15]), size * np.array([20, 20, 25]), LOGISTIC, None)
    eta, region, shop = np.full((1, 3), -0.7), 0.8, 0.6
    groups = [(np.array([i]), np.full((1, 1, 1), shop)) for i in range(3)]
    found = integrate_nested(cells, eta, np.full((1, 3, 1), region), groups)
    z = np.linspace(-9, 9, 1801)
    inner = np.zeros(len(z))
    for y, n in zip(cells.successes, cells.trials, strict=True):
        rates = expit(-0.7 + region * z[:, None] + shop * z[None, :])
        inner += logsumexp(stats.binom.logpmf(y, n, rates) + stats.norm.logpdf(z), axis=1)
    expected = logsumexp(inner + stats.norm.logpdf(z)) + 4 * np.log(z[1] - z[0])
    assert found[0] == pytest.approx(expected, abs=1e-3)


def test_groups_without_anything_shared_are_independent():
    cells = Cells(np.array([3, 6]), np.array([20, 20]), LOGISTIC, None)
    eta, own = np.array([[-0.7, 0.1]]), np.full((1, 1, 1), 0.6)
    groups = [(np.array([i]), own) for i in range(2)]
    found = integrate_nested(cells, eta, np.zeros((1, 2, 0)), groups)
    parts = [integrate_effects(cells.part(np.array([i])), eta[:, [i]], own) for i in range(2)]
    np.testing.assert_allclose(found, np.sum(parts, axis=0))


@pytest.mark.parametrize(("y", "b", "s"), [(190, -2.1, 1.575), (268, -1.587, 0.739), (2, 4.0, 3.0)])
def test_a_mode_far_from_the_start_is_reached_and_not_leapt_over(y, b, s):
    """Full Newton steps go to and fro there for ever, and the integral misses its mass."""
    z = np.linspace(-9, 9, 20_001)
    mass = stats.binom.pmf(y, 300, expit(b + s * z)) * stats.norm.pdf(z)
    cells = Cells(np.array([y]), np.array([300]), LOGISTIC, None)
    found = integrate_effects(cells, np.array([[b]]), np.array([[[s]]]))
    assert found[0] == pytest.approx(np.log(np.trapezoid(mass, z)), abs=1e-4)
