"""The likelihood: SciPy's masses for every family and link, and draws with their moments."""

import numpy as np
import pytest
from scipy import stats

from partialpool.model.likelihood import LOGISTIC, Likelihood, log_orders

Y, N = np.array([0, 3, 12, 0, 1]), np.array([12, 12, 12, 0, 1])
ETA = np.array([[-4.0, -1.0, 0.5, 0.0, 1.0], [-2.0, 0.3, 1.2, 3.0, -1.0]])
PHI = np.array([3.0, 50.0])


@pytest.fixture(params=["logit", "probit", "cloglog"])
def link(request):
    return request.param


def beta_binomial(link):
    """SciPy's distribution of each cell, by draw."""
    rate = Likelihood(link=link).rate(ETA)
    return stats.betabinom(N, rate * PHI[:, None], (1 - rate) * PHI[:, None])


def test_a_binomial_cell_has_the_binomials_mass(link):
    likelihood = Likelihood(link=link)
    found = log_orders(Y, N) + likelihood.log_mass(ETA, Y, N, None)
    np.testing.assert_allclose(found, stats.binom.logpmf(Y, N, likelihood.rate(ETA)))


def test_a_beta_binomial_cell_has_the_beta_binomials_mass(link):
    found = log_orders(Y, N) + Likelihood("beta_binomial", link).log_mass(ETA, Y, N, PHI)
    np.testing.assert_allclose(found, beta_binomial(link).logpmf(Y), rtol=1e-9)


def test_with_a_large_precision_a_beta_binomial_is_a_binomial(link):
    found = Likelihood("beta_binomial", link).log_mass(ETA, Y, N, np.full(2, 1e8))
    np.testing.assert_allclose(found, Likelihood(link=link).log_mass(ETA, Y, N, None), atol=1e-4)


@pytest.mark.parametrize("phi", [1e12, 1e15, 1e18, 1e300])
def test_with_an_endless_precision_it_is_one_to_rounding(link, phi):
    found = Likelihood("beta_binomial", link).log_mass(ETA, Y, N, np.full(2, phi))
    np.testing.assert_allclose(found, Likelihood(link=link).log_mass(ETA, Y, N, None), atol=1e-8)


def test_masses_add_up_to_one(link):
    every = np.arange(13)
    eta = np.full((1, 13), -0.7)
    for likelihood, phi in (
        (Likelihood("beta_binomial", link), PHI[:1]),
        (Likelihood(link=link), None),
    ):
        masses = likelihood.log_mass(eta, every, np.full(13, 12), phi) + log_orders(every, 12)
        assert np.exp(masses).sum() == pytest.approx(1)


def test_masses_are_finite_however_far_out(link):
    far = np.full((1, 5), 500.0) * [[-1], [1]]
    for likelihood, phi in (
        (Likelihood("beta_binomial", link), PHI),
        (Likelihood(link=link), None),
    ):
        assert np.isfinite(likelihood.log_mass(far, Y, N, phi)).all()


def test_contacts_of_a_binomial_depend_on_nothing_but_the_rate(link):
    likelihood = Likelihood(link=link)
    found = likelihood.contact_log_likelihoods(ETA, Y, N, None)
    rate = likelihood.rate(ETA)
    np.testing.assert_allclose(np.exp(found), [rate, 1 - rate])


def test_contacts_of_a_beta_binomial_are_given_the_rest_of_their_cell(link):
    """The mass of the cell's outcomes over that of all but one of them."""
    likelihood = Likelihood("beta_binomial", link)
    success, failure = likelihood.contact_log_likelihoods(ETA, Y, N, PHI)
    whole = likelihood.log_mass(ETA, Y, N, PHI)
    cell = 1  # 3 successes of 12
    without_success = likelihood.log_mass(ETA[:, [cell]], Y[[cell]] - 1, N[[cell]] - 1, PHI)
    without_failure = likelihood.log_mass(ETA[:, [cell]], Y[[cell]], N[[cell]] - 1, PHI)
    np.testing.assert_allclose(success[:, cell], whole[:, cell] - without_success[:, 0])
    np.testing.assert_allclose(failure[:, cell], whole[:, cell] - without_failure[:, 0])


def test_a_contact_alone_in_its_cell_has_the_models_rate(link):
    likelihood = Likelihood("beta_binomial", link)
    success, _ = likelihood.contact_log_likelihoods(ETA, Y, N, PHI)
    np.testing.assert_allclose(np.exp(success[:, 4]), likelihood.rate(ETA)[:, 4])


def test_replicates_have_the_binomials_moments():
    eta = np.tile([-1.0, 0.5], (40_000, 1))
    drawn = LOGISTIC.simulate(eta, np.array([40, 300]), None, np.random.default_rng(1))
    rate = LOGISTIC.rate(eta[0])
    np.testing.assert_allclose(drawn.mean(axis=0), [40, 300] * rate, rtol=0.01)
    np.testing.assert_allclose(drawn.var(axis=0), [40, 300] * rate * (1 - rate), rtol=0.04)


def test_replicates_of_a_beta_binomial_vary_more(link):
    likelihood = Likelihood("beta_binomial", link)
    eta, phi = np.tile([-1.0, 0.5], (40_000, 1)), np.full(40_000, 8.0)
    drawn = likelihood.simulate(eta, np.array([40, 300]), phi, np.random.default_rng(2))
    rate = likelihood.rate(eta[0])
    expected = stats.betabinom([40, 300], 8 * rate, 8 * (1 - rate))
    np.testing.assert_allclose(drawn.mean(axis=0), expected.mean(), rtol=0.02)
    np.testing.assert_allclose(drawn.var(axis=0), expected.var(), rtol=0.04)


def test_replicates_are_drawn_even_where_a_rate_rounds_to_0_or_1(link):
    eta = np.array([[-600.0, 600.0]])
    likelihood = Likelihood("beta_binomial", link)
    drawn = likelihood.simulate(eta, np.array([9, 9]), np.array([1e-9]), np.random.default_rng(3))
    assert drawn.tolist() == [[0, 9]]


@pytest.mark.parametrize("family", ["binomial", "beta_binomial"])
@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_the_score_is_the_slope_of_the_log_mass_and_information_is_above_0(family, link):
    likelihood, step = Likelihood(family, link), 1e-5
    eta = np.linspace(-4, 1.5, 12)[:, None] + np.zeros(3)
    y, n = np.array([0, 3, 40]), np.array([5, 9, 40])
    phi = np.full(12, 8.0) if family == "beta_binomial" else None
    score, information = likelihood.curvature(eta, y, n, phi)
    above, below = (likelihood.log_mass(eta + move, y, n, phi) for move in (step, -step))
    np.testing.assert_allclose(score, (above - below) / (2 * step), rtol=1e-4, atol=1e-5)
    assert (information > 0).all()


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_scores_stay_finite_far_out(link):
    eta = np.array([[-40.0, -20.0, 5.0]])
    score, information = Likelihood(link=link).curvature(eta, np.array([1]), np.array([2]), None)
    assert np.isfinite(score).all()
    assert np.isfinite(information).all()
