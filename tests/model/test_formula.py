"""Formulas taken apart as lme4 and brms do."""

import pytest

from partialpool.errors import InputError
from partialpool.model.formula import GroupTerm, parse_formula

FACTORS = ["promo", "channel", "region", "store"]
NUMBERS = ["age", "spent"]


@pytest.mark.parametrize(
    ("text", "population"),
    [
        ("promo * channel", "promo * channel"),
        ("1 + promo", "1 + promo"),
        ("0 + (1 + promo | channel)", "0"),
        ("(1 | channel)", "1"),
        ("promo + (1 | channel)", "promo"),
        ("(1 | channel) + promo", "promo"),
        ("promo + (1 | channel) + region", "promo + region"),
        ("promo + (1 | channel) - 1", "promo - 1"),
        ("promo * (channel + region)", "promo * (channel + region)"),
    ],
)
def test_the_population_part_is_what_is_outside_the_group_terms(text, population):
    assert " ".join(parse_formula(text, FACTORS).population.split()) == population


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("promo", []),
        ("(1 + promo | channel)", [GroupTerm("1 + promo", ("channel",), correlated=True)]),
        ("(promo || channel)", [GroupTerm("promo", ("channel",), correlated=False)]),
        (
            "(1 | region) + (0 + promo | channel)",
            [
                GroupTerm("1", ("region",), correlated=True),
                GroupTerm("0 + promo", ("channel",), correlated=True),
            ],
        ),
        (
            "(1 | region/store)",
            [
                GroupTerm("1", ("region",), correlated=True),
                GroupTerm("1", ("region", "store"), correlated=True),
            ],
        ),
        ("(1 | region:store)", [GroupTerm("1", ("region", "store"), correlated=True)]),
    ],
)
def test_group_terms_are_read(text, groups):
    assert list(parse_formula(text, FACTORS).groups) == groups


def test_a_formula_knows_the_columns_that_it_reads():
    formula = parse_formula("promo + (1 + channel | region/store)", FACTORS)
    assert formula.variables == {"promo", "channel", "region", "store"}
    assert parse_formula("1", FACTORS).variables == set()


def test_a_formula_knows_the_numbers_inside_its_functions():
    formula = parse_formula("center(age) * promo + (poly(spent, 2) | channel)", FACTORS, NUMBERS)
    assert formula.variables == {"age", "spent", "promo", "channel"}


def test_powers_are_written_as_in_r():
    formula = parse_formula("I(age^2) + (1 + I(spent^2) | channel)", FACTORS, NUMBERS)
    assert formula.population.strip() == "I(age**2)"
    assert formula.groups[0].coefficients == "1 + I(spent**2)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("open('secret')", "calls open; expected functions among C, "),
        ("np.log(age)", "calls 'np.log'; expected functions among"),
        ("foo(age)", "calls foo; expected functions among C, "),
        ("age.max()", "calls 'age.max'; expected functions"),
        ("lag(age)", "calls lag; expected functions"),
        ("price", "numbers among age, spent"),
        ("(1 | age)", "groups by the number age; expected factors"),
    ],
)
def test_a_formula_sees_its_columns_and_a_few_functions_and_nothing_else(text, expected):
    with pytest.raises(InputError) as error:
        parse_formula(text, FACTORS, NUMBERS)
    assert expected in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("promo + price", "names price; expected factors among promo, channel, region, store"),
        ("promo + (1 | shop)", "names shop; expected factors among"),
        ("promo + (1 + price | channel)", "names price"),
        ("promo * (channel", "every bracket to be closed"),
        ("promo) + (channel", "every bracket to be closed"),
        ("bought ~ promo", "only what stands right of '~'"),
        ("promo +", "cannot be read"),
        ("promo %% 3", "cannot be read"),
        ("(1 + promo | )", "group-level terms like"),
        ("1 + promo | channel", "group-level terms like"),
        ("promo * (1 | channel)", "group-level terms like"),
        ("promo - (1 | channel)", "group-level terms like"),
        ("(1 | channel | region)", "group-level terms like"),
        ("(1 | region + store)", "group-level terms like"),
    ],
)
def test_a_bad_formula_is_one_line_with_what_was_found_and_expected(text, expected):
    with pytest.raises(InputError) as error:
        parse_formula(text, FACTORS)
    said = str(error.value)
    assert said.startswith(f"found {text!r}, ")
    assert expected in said
    assert "\n" not in said
