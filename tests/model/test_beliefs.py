"""Beliefs: what is said to be unlikely has the probability that is said, for every link."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit

from partialpool.errors import InputError
from partialpool.model.beliefs import ModelPriors, as_prior
from partialpool.model.links import LINK_CODES, to_rate, to_scale
from partialpool.settings import Priors
from partialpool.settings.priors import Prior, parse_prior

DRAWS = 1_000_000


def model_priors(link="logit", has_intercept=True, **priors):
    return ModelPriors(Priors(**priors), link, has_intercept)


@pytest.fixture(params=LINK_CODES)
def link(request):
    return request.param


def rates_after(prior, link, base, spread=1.0):
    """Rates to which effects under a prior lead from the base rate, at random."""
    effects = prior.scale * np.random.default_rng(1).standard_normal(DRAWS) * spread
    return to_rate(to_scale(base, link) + effects, link)


@pytest.mark.parametrize(("text", "probability"), [("", 0.95), (", 0.8", 0.8)])
def test_the_base_rate_lies_where_it_is_believed_to(link, text, probability):
    prior = model_priors(link, intercept=f"rate(0.05, 0.2{text})").prior("intercept")
    normal = stats.norm(prior.location, prior.scale)
    assert normal.cdf(to_scale(0.05, link)) == pytest.approx((1 - probability) / 2)
    assert normal.sf(to_scale(0.2, link)) == pytest.approx((1 - probability) / 2)


UNLIKELY = {
    "rate_ratio(3)": lambda rate: (rate > 3 * 0.1) | (rate < 0.1 / 3),
    "odds_ratio(3)": lambda rate: abs(logit(rate) - logit(0.1)) > np.log(3),
    "lift(0.05)": lambda rate: abs(rate - 0.1) > 0.05,
    "lift(0.3)": lambda rate: abs(rate - 0.1) > 0.3,
}


@pytest.mark.parametrize("text", UNLIKELY)
def test_a_change_that_is_unlikely_has_its_probability(link, text):
    prior = as_prior(parse_prior(text, "slope"), "slope", link, 0.1)
    assert (prior.family, prior.location) == ("normal", 0)
    unlikely = UNLIKELY[text](rates_after(prior, link, 0.1))
    assert unlikely.mean() == pytest.approx(0.05, abs=0.001)


@pytest.mark.parametrize("text", UNLIKELY)
def test_a_level_that_is_unlikely_has_its_probability_over_all_spreads(link, text):
    prior = as_prior(parse_prior(text, "sd"), "sd", link, 0.1)
    spread = abs(np.random.default_rng(2).standard_normal(DRAWS))
    unlikely = UNLIKELY[text](rates_after(prior, link, 0.1, spread))
    assert unlikely.mean() == pytest.approx(0.05, abs=0.001)


def test_a_belief_may_name_its_probability():
    prior = as_prior(parse_prior("odds_ratio(2, 0.8)", "slope"), "slope", "logit", 0.3)
    assert stats.norm(0, prior.scale).sf(np.log(2)) == pytest.approx(0.1)


def test_with_the_logit_an_odds_ratio_needs_no_base_rate():
    scales = [
        as_prior(parse_prior("odds_ratio(3)", "slope"), "slope", "logit", r).scale
        for r in (0.01, 0.7)
    ]
    assert scales == pytest.approx([np.log(3) / stats.norm.ppf(0.975)] * 2)


@pytest.mark.parametrize(
    ("intercept", "base"),
    [
        ("normal(-2, 1)", expit(-2)),
        ("student_t(3, -1, 2.5)", expit(-1)),
        ("cauchy(-3, 1)", expit(-3)),
        ("rate(0.05, 0.2)", expit((logit(0.05) + logit(0.2)) / 2)),
        ("flat", 0.5),
    ],
)
def test_the_base_rate_is_that_at_the_median_of_the_intercepts_prior(intercept, base):
    assert model_priors(intercept=intercept).base_rate == pytest.approx(base)


def test_the_base_rate_follows_the_intercepts_own_prior_and_is_even_without_an_intercept():
    own = {"Intercept": "normal(-3, 1)"}
    assert model_priors(coefficients=own).base_rate == pytest.approx(expit(-3))
    assert model_priors(coefficients=own, has_intercept=False).base_rate == 0.5
    assert model_priors("cloglog", intercept="normal(-1, 1)").base_rate == pytest.approx(
        1 - np.exp(-np.exp(-1))
    )


def test_single_coefficients_have_their_own_priors_and_others_that_of_their_class():
    priors = model_priors(
        intercept="rate(0.05, 0.2)",
        slope="odds_ratio(3)",
        coefficients={"promo[some]": "normal(0, 9)", "sd_shop[Intercept]": "exponential(4)"},
    )
    assert priors.stated("slope", "promo[some]") == "normal(0, 9)"
    assert priors.prior("slope", "promo[some]") == Prior("normal", scale=9)
    assert priors.stated("slope", "promo[lots]") == priors.stated("slope") == "odds_ratio(3)"
    assert priors.prior("slope", "promo[lots]").scale == pytest.approx(0.5605, abs=1e-4)
    assert priors.prior("sd", "sd_shop[Intercept]") == Prior("exponential", scale=0.25)
    assert priors.prior("correlation", "cor_shop") == Prior("lkj", shape=1)


def test_a_ratio_that_leads_beyond_every_rate_is_refused_with_a_way_out():
    priors = model_priors(intercept="normal(0, 1)", slope="rate_ratio(3)")
    with pytest.raises(InputError) as error:
        priors.prior("slope")
    assert str(error.value) == (
        "priors.slope: found rate_ratio(3), but 3 times the base rate of 0.5 is no rate; "
        "expected a smaller ratio, or odds_ratio(3)"
    )


def test_a_difference_that_no_rate_is_away_is_refused():
    priors = model_priors(has_intercept=False, coefficients={"promo[some]": "lift(0.5)"})
    with pytest.raises(
        InputError, match=r"^priors\.coefficients\.promo\[some\]: found lift\(0.5\)"
    ):
        priors.prior("slope", "promo[some]")


def test_a_belief_that_no_coefficient_of_the_model_has_is_no_matter():
    priors = model_priors(has_intercept=False, slope="rate_ratio(3)")
    assert priors.prior("sd") == Prior("normal", scale=1)


@pytest.mark.parametrize(
    ("priors", "has_intercept", "has_slopes", "proper"),
    [
        ({}, True, True, True),
        ({"intercept": "flat"}, True, True, False),
        ({"intercept": "flat"}, False, True, True),
        ({"slope": "flat"}, True, True, False),
        ({"slope": "flat"}, True, False, True),
        ({"intercept": "flat", "coefficients": {"Intercept": "normal(0, 1)"}}, True, True, True),
        ({"coefficients": {"promo[some]": " flat"}}, True, True, False),
    ],
)
def test_a_prior_is_proper_where_no_coefficient_is_flat(priors, has_intercept, has_slopes, proper):
    assert model_priors(has_intercept=has_intercept, **priors).is_proper(has_slopes) is proper


def test_the_documentation_has_the_distributions_that_beliefs_become():
    text = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (intercept|slope|sd) \| `(.*?)` \|.*\| `(.*?)` \|$", text, re.MULTILINE)
    assert len(rows) == 5
    for of, belief, shown in rows:
        prior = model_priors(**{"intercept": "rate(0.05, 0.2)", of: belief}).prior(of)
        rounded = Prior("normal", round(prior.location, 3), round(prior.scale, 3))
        assert rounded == parse_prior(shown, "slope")
