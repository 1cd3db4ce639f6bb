"""Priors as SciPy's distributions, halves included."""

import numpy as np
import pytest
from scipy import integrate, stats

from partialpool.model.distributions import as_distribution
from partialpool.settings.priors import parse_prior

COUNT = 4000
LEAST_P = 0.001
"""Of a Kolmogorov-Smirnov test; with the seed below each is passed by chance but for 1 in 1000."""
WHOLE = {
    "normal(1, 2)": stats.norm(1, 2),
    "student_t(3, -1, 2.5)": stats.t(3, -1, 2.5),
    "cauchy(0, 2)": stats.cauchy(0, 2),
}
HALVES = {
    "normal(0, 2)": stats.halfnorm(0, 2).cdf,
    "student_t(3, 0, 100)": lambda value: 2 * stats.t(3, 0, 100).cdf(value) - 1,
    "cauchy(0, 1.5)": stats.halfcauchy(0, 1.5).cdf,
    "exponential(0.5)": stats.expon(0, 2).cdf,
    "gamma(2.5, 0.5)": stats.gamma(2.5, scale=2).cdf,
    "inv_gamma(3, 2)": lambda value: stats.gamma(3, scale=0.5).sf(1 / np.asarray(value)),
    "lognormal(0.5, 0.8)": lambda value: stats.norm(0.5, 0.8).cdf(np.log(value)),
}
BOUNDED = {"uniform(0.5, 2)": lambda value: np.clip((value - 0.5) / 1.5, 0, 1)}


def read(text, of):
    return as_distribution(parse_prior(text, of), of)


def drawn(text, of):
    generator, prior = np.random.default_rng(1), read(text, of)
    return np.array([prior.rvs(size=None, random_state=generator) for _ in range(COUNT)])


@pytest.mark.parametrize("text", WHOLE)
@pytest.mark.parametrize("of", ["intercept", "slope"])
def test_a_coefficient_has_the_distribution_of_its_prior(text, of):
    assert stats.kstest(drawn(text, of), WHOLE[text].cdf).pvalue > LEAST_P


@pytest.mark.parametrize("text", HALVES)
@pytest.mark.parametrize("of", ["sd", "phi"])
def test_a_standard_deviation_or_a_precision_has_the_half_of_its_prior(text, of):
    values = drawn(text, of)
    assert (values > 0).all()
    assert stats.kstest(values, HALVES[text]).pvalue > LEAST_P


def test_a_standard_deviation_between_bounds_is_uniform():
    for text, distribution in BOUNDED.items():
        assert stats.kstest(drawn(text, "sd"), distribution).pvalue > LEAST_P


def test_a_constant_has_one_value():
    assert set(drawn("constant(0.7)", "sd")) == {0.7}
    np.testing.assert_array_equal(read("constant(0.7)", "sd").ppf([0.05, 0.5, 0.95]), 0.7)


@pytest.mark.parametrize("text", HALVES)
def test_densities_quantiles_and_tails_are_of_one_distribution(text):
    half, at = read(text, "sd"), np.array([0.05, 0.4, 1.0, 7.0])
    np.testing.assert_allclose(half.cdf(at), HALVES[text](at))
    np.testing.assert_allclose(half.sf(at), 1 - half.cdf(at))
    np.testing.assert_allclose(half.ppf(half.cdf(at)), at)
    np.testing.assert_allclose(half.logpdf(at), np.log(half.pdf(at)))
    assert integrate.quad(half.pdf, 0, 1)[0] == pytest.approx(half.cdf(1))


def test_an_entry_of_a_correlation_matrix_is_a_stretched_beta():
    of_two = as_distribution(parse_prior("lkj(1)", "correlation"), "correlation", 2)
    np.testing.assert_allclose(of_two.cdf([-1, -0.5, 0, 1]), [0, 0.25, 0.5, 1])
    of_five = as_distribution(parse_prior("lkj(2)", "correlation"), "correlation", 5)
    assert of_five.var() == pytest.approx(1 / (2 * 3.5 + 1))


def test_a_flat_prior_is_no_distribution():
    with pytest.raises(ValueError, match="flat"):
        read("flat", "slope")
