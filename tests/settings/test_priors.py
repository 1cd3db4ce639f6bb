"""Priors as a user writes them."""

import math

import pytest

from partialpool.errors import InputError
from partialpool.model.distributions import as_distribution
from partialpool.settings.priors import Belief, Prior, class_of, parse_prior


@pytest.mark.parametrize(
    ("text", "of", "prior"),
    [
        ("normal(0, 1)", "intercept", Prior("normal", location=0, scale=1)),
        (" normal( -1.5,2.5 ) ", "slope", Prior("normal", location=-1.5, scale=2.5)),
        ("student_t(3, 0, 2.5)", "slope", Prior("student_t", df=3, location=0, scale=2.5)),
        ("exponential(2)", "sd", Prior("exponential", scale=0.5)),
        ("gamma(2, 4)", "sd", Prior("gamma", shape=2, scale=0.25)),
        ("inv_gamma(3, 2)", "phi", Prior("inv_gamma", shape=3, scale=2)),
        ("lognormal(0, 0.5)", "sd", Prior("lognormal", location=0, scale=1, shape=0.5)),
        ("uniform(0.5, 2)", "sd", Prior("uniform", location=0.5, scale=1.5)),
        ("constant(0.3)", "sd", Prior("constant", location=0.3, scale=0.3)),
        ("lkj(2)", "correlation", Prior("lkj", shape=2)),
        ("flat", "slope", Prior("flat")),
        ("cauchy(0, 100)", "phi", Prior("cauchy", scale=100)),
        ("rate(0.05, 0.20)", "intercept", Belief("rate", (0.05, 0.2))),
        ("rate(0.05, 0.2, 0.9)", "intercept", Belief("rate", (0.05, 0.2), 0.9)),
        ("rate_ratio(3)", "slope", Belief("rate_ratio", (3,))),
        ("odds_ratio(3, 0.99)", "sd", Belief("odds_ratio", (3,), 0.99)),
        ("lift(0.1)", "slope", Belief("lift", (0.1,))),
    ],
)
def test_a_prior_is_read(text, of, prior):
    assert parse_prior(text, of) == prior


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("normal(0.123456789, 1e-07)", "slope"),
        ("student_t(3, 0, 2.5)", "sd"),
        ("exponential(49)", "sd"),
        ("exponential(0.3)", "sd"),
        ("gamma(2, 0.1)", "sd"),
        ("inv_gamma(0.4, 0.3)", "phi"),
        ("lognormal(0.001, 0.7)", "sd"),
        ("lognormal(-1.3, 0.7)", "sd"),
        ("uniform(0.1, 0.3)", "sd"),
        ("uniform(0, 5)", "sd"),
        ("constant(0.3)", "sd"),
        ("lkj(1.5)", "correlation"),
        ("flat", "intercept"),
        ("cauchy(0, 2.5)", "slope"),
        ("rate(0.05, 0.2)", "intercept"),
        ("rate(0.05, 0.2, 0.9)", "intercept"),
        ("odds_ratio(3)", "sd"),
    ],
)
def test_a_prior_is_written_as_it_was_read(text, of):
    assert str(parse_prior(text, of)) == text


@pytest.mark.parametrize(
    ("text", "of", "expected"),
    [
        ("uniform(0, 1)", "slope", "normal(location, scale), student_t(df, location, scale)"),
        ("exponential(1)", "slope", "one of normal"),
        ("lkj(1)", "sd", "one of normal"),
        ("normal(0, 1)", "correlation", "one of lkj(shape)"),
        ("normal(0)", "slope", "normal(location, scale)"),
        ("normal(0, 1, 2)", "slope", "normal(location, scale)"),
        ("normal", "slope", "normal(location, scale)"),
        ("normal()", "slope", "normal(location, scale)"),
        ("normal(0,, 1)", "slope", "normal(location, scale)"),
        ("normal(0, )", "slope", "numbers in normal"),
        ("normal(a, 1)", "slope", "numbers in normal"),
        ("normal(0, nan)", "slope", "numbers in normal"),
        ("normal(0, inf)", "slope", "numbers in normal"),
        ("normal(0, 0)", "slope", "a scale above 0"),
        ("student_t(-3, 0, 1)", "slope", "a df above 0"),
        ("exponential(0)", "sd", "a rate above 0"),
        ("lkj(-1)", "correlation", "a shape above 0"),
        ("gamma(0, 1)", "sd", "a shape above 0"),
        ("gamma(2)", "sd", "gamma(shape, rate)"),
        ("inv_gamma(1, -1)", "sd", "a scale above 0"),
        ("lognormal(0, 0)", "sd", "a sigma above 0"),
        ("lognormal(1000, 1)", "sd", "a mu between"),
        ("constant(0)", "sd", "a value above 0"),
        ("constant(-1)", "sd", "a value above 0"),
        ("constant(1)", "phi", "one of normal"),
        ("uniform(0, 1000)", "phi", "one of normal"),
        ("gamma(2, 2)", "slope", "one of normal"),
        ("uniform(-1, 1)", "sd", "two bounds from 0 on, the lower one first"),
        ("uniform(2, 1)", "sd", "two bounds from 0 on, the lower one first"),
        ("uniform(1, 1)", "sd", "two bounds from 0 on, the lower one first"),
        ("uniform(0, inf)", "sd", "numbers in uniform(lower, upper)"),
        ("normal(1, 1)", "sd", "location 0"),
        ("student_t(3, 1, 1)", "sd", "location 0"),
        ("flat(1)", "slope", "expected flat"),
        ("flat", "sd", "one of normal"),
        ("flat", "phi", "one of normal"),
        ("rate(0.05, 0.2)", "slope", "one of normal"),
        ("odds_ratio(3)", "intercept", "one of normal"),
        ("rate(0.05)", "intercept", "rate(lower, upper)"),
        ("rate(0.05, 0.2, 0.9, 1)", "intercept", "rate(lower, upper)"),
        ("rate(0.2, 0.05)", "intercept", "two rates between 0 and 1, the lower one first"),
        ("rate(5, 20)", "intercept", "two rates between 0 and 1"),
        ("rate(0.05, 0.2, 0.4)", "intercept", "a probability between 0.5 and 1"),
        ("odds_ratio(0.5)", "slope", "a ratio above 1"),
        ("rate_ratio(1)", "sd", "a ratio above 1"),
        ("lift(10)", "slope", "a difference of rates between 0 and 1"),
        ("lift(x)", "slope", "numbers in lift(difference)"),
        ("normal(0, 1", "slope", "one of normal"),
        ("", "slope", "one of normal"),
    ],
)
def test_what_is_no_prior_is_refused_with_what_was_found_and_expected(text, of, expected):
    with pytest.raises(InputError) as error:
        parse_prior(text, of)
    assert str(error.value).startswith(f"found {text!r}, expected ")
    assert expected in str(error.value)


@pytest.mark.parametrize(
    ("text", "median"),
    [
        ("normal(0, 2)", 2 * 0.6744897501960817),
        ("gamma(1, 2)", math.log(2) / 2),
        ("inv_gamma(1, 3)", 3 / math.log(2)),
        ("lognormal(0.3, 2)", math.exp(0.3)),
        ("uniform(1, 3)", 2),
        ("constant(0.7)", 0.7),
    ],
)
def test_a_prior_for_a_unit_of_a_number_says_the_same_of_another(text, median):
    per_year = parse_prior(text, "sd")
    assert as_distribution(per_year, "sd").ppf(0.5) == pytest.approx(median)
    per_decade = per_year.per(0.1)
    assert as_distribution(per_decade, "sd").ppf(0.5) == pytest.approx(10 * median)
    again = as_distribution(parse_prior(str(per_decade), "sd"), "sd")
    assert again.ppf(0.9) == pytest.approx(as_distribution(per_decade, "sd").ppf(0.9))


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("Intercept", "intercept"),
        ("promo[some]", "slope"),
        ("sd_shop[Intercept]", "sd"),
        ("cor_shop", "correlation"),
    ],
)
def test_a_name_tells_its_class(name, of):
    assert class_of(name) == of
