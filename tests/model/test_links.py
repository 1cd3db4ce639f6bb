"""Links: rates and back, exact in the tails, with the slopes that finite differences give."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, log_expit, log_ndtr

from partialpool.model.links import LINK_CODES, log_odds, log_rates, log_slope, to_rate, to_scale

NEAR = np.linspace(-3, 1.5, 10)
FAR = np.array([-1e4, -800.0, -40.0, 40.0, 600.0])
EXPECTED = {"logit": expit, "probit": stats.norm.cdf, "cloglog": lambda x: 1 - np.exp(-np.exp(x))}


@pytest.fixture(params=LINK_CODES)
def link(request):
    return request.param


def test_a_rate_is_that_of_the_link(link):
    np.testing.assert_allclose(to_rate(NEAR, link), EXPECTED[link](NEAR))


def test_a_rate_and_its_place_on_the_scale_lead_to_each_other(link):
    np.testing.assert_allclose(to_scale(to_rate(NEAR, link), link), NEAR)


def test_the_ends_of_the_scale_are_at_the_ends_of_the_rates(link):
    assert to_scale(np.array([0.0, 1.0]), link).tolist() == [-np.inf, np.inf]
    assert to_rate(np.array([-np.inf, np.inf]), link).tolist() == [0, 1]


def test_logarithms_are_those_of_the_rate_and_its_complement(link):
    log_p, log_q = log_rates(NEAR, link)
    np.testing.assert_allclose(np.exp(log_p), to_rate(NEAR, link))
    np.testing.assert_allclose(np.exp(log_q), 1 - to_rate(NEAR, link))
    np.testing.assert_allclose(log_odds(NEAR, link), log_p - log_q)


def test_logarithms_are_exact_however_far_out():
    for link, log in (("logit", log_expit), ("probit", log_ndtr)):
        np.testing.assert_allclose(log_rates(FAR, link), [log(FAR), log(-FAR)])
    log_p, log_q = log_rates(FAR, "cloglog")
    np.testing.assert_allclose(log_p[:3], FAR[:3])  # there the rate is all but exp(eta)
    np.testing.assert_allclose(log_q, -np.exp(FAR))


def test_logarithms_are_finite_everywhere(link):
    beyond = np.array([-1e6, 1e6])
    assert np.isfinite(log_rates(beyond, link)).all()


def test_the_complementary_log_log_is_smooth_where_its_formula_changes():
    eta = np.array([-30 - 1e-9, -30 + 1e-9])
    np.testing.assert_allclose(log_rates(eta, "cloglog")[0], eta - np.exp(eta) / 2, rtol=1e-15)


def test_the_slope_is_that_of_the_rate(link):
    step = 1e-6
    numeric = (to_rate(NEAR + step, link) - to_rate(NEAR - step, link)) / (2 * step)
    np.testing.assert_allclose(np.exp(log_slope(NEAR, link)), numeric, rtol=1e-6)
