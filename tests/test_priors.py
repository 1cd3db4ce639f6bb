"""Priors as a user writes them."""

import pytest

from partialpool.errors import InputError
from partialpool.priors import Prior, parse_prior


@pytest.mark.parametrize(
    ("text", "of", "prior"),
    [
        ("normal(0, 1)", "intercept", Prior("normal", location=0, scale=1)),
        (" normal( -1.5,2.5 ) ", "slope", Prior("normal", location=-1.5, scale=2.5)),
        ("student_t(3, 0, 2.5)", "slope", Prior("student_t", df=3, location=0, scale=2.5)),
        ("exponential(2)", "sd", Prior("exponential", scale=0.5)),
        ("lkj(2)", "correlation", Prior("lkj", shape=2)),
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
        ("lkj(1.5)", "correlation"),
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
        ("normal(1, 1)", "sd", "location 0"),
        ("student_t(3, 1, 1)", "sd", "location 0"),
        ("normal(0, 1", "slope", "one of normal"),
        ("", "slope", "one of normal"),
    ],
)
def test_what_is_no_prior_is_refused_with_what_was_found_and_expected(text, of, expected):
    with pytest.raises(InputError) as error:
        parse_prior(text, of)
    assert str(error.value).startswith(f"found {text!r}, expected ")
    assert expected in str(error.value)
