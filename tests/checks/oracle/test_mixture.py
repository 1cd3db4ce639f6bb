"""Mixtures of Student t: their density is SciPy's, draws have it, and they fit what they see."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from partialpool.checks.oracle.mixture import (
    DF,
    Mixture,
    about,
    fit_mixture,
    log_student_t,
    student_t,
)

COVARIANCE = np.array([[1.0, 0.6], [0.6, 2.0]])
ROOT = np.linalg.cholesky(COVARIANCE)


def uniforms(count, size, seed=1):
    return np.random.default_rng(seed).uniform(size=(count, size))


def test_a_student_t_has_scipys_density():
    point = np.array([0.4, -1.2, 3.0])
    found = log_student_t(np.square(point).sum(), 3, 7.0)
    assert found == pytest.approx(stats.multivariate_t(np.zeros(3), df=7).logpdf(point))


def test_a_student_t_scatters_as_its_degrees_of_freedom_say():
    drawn = student_t(uniforms(40_000, 3), 8.0)
    np.testing.assert_allclose(np.cov(drawn.T), np.eye(2) * 8 / 6, atol=0.05)


def test_a_mixture_is_the_sum_of_its_kernels():
    centres, sizes, shares = np.array([[0.0, 1.0], [3.0, -1.0]]), np.array([0.5, 2]), [0.3, 0.7]
    mixture = Mixture(centres, sizes, np.array(shares), ROOT)
    points = np.random.default_rng(2).normal(size=(5, 2))
    kernels = [
        np.log(share) + stats.multivariate_t(centre, size**2 * COVARIANCE, df=DF).logpdf(points)
        for centre, size, share in zip(centres, sizes, shares, strict=True)
    ]
    np.testing.assert_allclose(mixture.log_density(points), logsumexp(kernels, axis=0))
    drawn = mixture.draw(uniforms(40_000, 4))
    np.testing.assert_allclose(drawn.mean(axis=0), shares @ centres, atol=0.05)


def test_it_learns_a_skewed_density_from_points_of_another():
    random = np.random.default_rng(3)
    points = random.standard_t(3, (2000, 2)) * 2
    target = stats.gamma(4).logpdf(points[:, 0] + 4) + stats.norm(1, 0.5).logpdf(points[:, 1])
    first = target - stats.t(3, scale=2).logpdf(points).sum(axis=1)
    mixture = fit_mixture(points, first)
    drawn = mixture.draw(uniforms(4000, 4))
    weights = stats.gamma(4).logpdf(drawn[:, 0] + 4) + stats.norm(1, 0.5).logpdf(drawn[:, 1])
    efficiency = [effective_share(w) for w in (first, weights - mixture.log_density(drawn))]
    assert efficiency[1] > 0.5 > efficiency[0]


def effective_share(log_weights):
    """Effective draws by the weights, as a share of all."""
    weights = np.exp(log_weights - logsumexp(log_weights))
    return 1 / np.square(weights).sum() / len(weights)


def test_one_kernel_stands_about_a_mode():
    mixture = about(np.array([1.0, 2.0]), COVARIANCE)
    found = mixture.log_density(np.array([[1.0, 2.0]]))
    assert found[0] == pytest.approx(
        stats.multivariate_t([1, 2], COVARIANCE, df=DF).logpdf([1, 2]), abs=1e-6
    )
