"""Which coefficients a section speaks of is read from their table, whatever levels hold."""

from dataclasses import replace

from partialpool.report.model.parameters import (
    interactions,
    numeric_terms,
    products_with_treatment,
)
from partialpool.report.selection import left_out

from ...factories.fitted import LABELS
from ...factories.names import coefficients_of


def test_interactions_are_found_in_either_order():
    expected = {"promo[Yes]:shop[B, [x]]": ("Yes", "B, [x]")}
    expected |= {"promo[Yes]:shop[<b>C</b>]": ("Yes", "<b>C</b>")}
    assert interactions(coefficients_of("promo * shop", LABELS), LABELS) == expected
    turned = interactions(coefficients_of("shop * promo", LABELS), LABELS)
    assert list(turned) == ["shop[B, [x]]:promo[Yes]", "shop[<b>C</b>]:promo[Yes]"]
    assert list(turned.values()) == list(expected.values())


def test_a_level_that_reads_like_an_interaction_is_none():
    factors = {"promo": ["No", "Yes", "Yes]:shop[B"], "shop": ["A", "B", "x[y"]}
    labels = replace(LABELS, factors=factors)
    assert interactions(coefficients_of("promo + shop", labels), labels) == {}


def test_an_interaction_with_a_transformed_factor_is_of_no_level():
    coefficients = coefficients_of("promo * C(shop, contr.sum)", LABELS)
    assert interactions(coefficients, LABELS) == {}
    assert len(products_with_treatment(coefficients, LABELS)) == 2


def test_products_with_the_treatment_are_found_and_no_factor_that_reads_like_it():
    factors = LABELS.factors | {"xpromo": ["a", "b:promo[Yes]"]}
    labels = replace(LABELS, factors=factors, numbers=["age"])
    coefficients = coefficients_of("promo + xpromo + age + promo:age + xpromo:age", labels)
    assert products_with_treatment(coefficients, labels) == ["promo[Yes]:age"]


def test_nothing_is_left_out_where_all_fits():
    assert left_out(24, "cells", "here") == ""


def test_a_level_that_is_called_like_a_number_is_none():
    labels = replace(LABELS, factors={"promo": ["No", "age"], "shop": ["A", "B"]}, numbers=["age"])
    coefficients = coefficients_of("promo + age + shop:age", labels)
    assert numeric_terms(coefficients, labels) == ["age"]
    assert numeric_terms(coefficients, LABELS) == []


def test_a_number_that_a_function_takes_is_still_one():
    labels = replace(LABELS, numbers=["age", "income"])
    coefficients = coefficients_of("promo + log(age + 9) + poly(income, 2)", labels)
    assert numeric_terms(coefficients, labels) == [
        *("log(age + 9)", "poly(income, 2)[1]", "poly(income, 2)[2]")
    ]


def test_one_thing_left_out_is_singular():
    assert left_out(25, "cells, with fewer contacts", "cells.csv") == (
        " Not shown: one more cell, with fewer contacts, which is in cells.csv."
    )
