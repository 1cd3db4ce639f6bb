"""Blocks of effects are as a formula says: correlated or not, with levels in their order."""

import pytest

from partialpool.errors import InputError
from partialpool.model.formula import parse_formula
from partialpool.model.terms import check_terms, combine_levels, list_terms

from ..factories.cells import crossed

CELLS = crossed({"shop": ["b", "a"], "week": ["1", "2"]}, successes=1, trials=2)


def terms(text, coefficients):
    (group,) = parse_formula(text, ["shop", "week"]).groups
    return list_terms(group, coefficients, CELLS)


def test_correlated_effects_are_one_block_and_others_one_each():
    names = ["Intercept", "week[2]"]
    assert [term.coefficients for term in terms("(1 + week | shop)", names)] == [tuple(names)]
    apart = terms("(1 + week || shop)", names)
    assert [term.coefficients for term in apart] == [("Intercept",), ("week[2]",)]


def test_levels_stand_in_the_order_of_their_factors():
    (term,) = terms("(1 | shop:week)", ["Intercept"])
    assert term.levels == ("b:1", "b:2", "a:1", "a:2")
    assert combine_levels(CELLS, ("shop", "week")).tolist() == list(term.levels)


def test_levels_that_read_the_same_once_joined_are_refused():
    cells = crossed({"shop": ["a:b", "a"], "week": ["c", "b:c"]}, successes=1, trials=2)
    (group,) = parse_formula("(1 | shop:week)", ["shop", "week"]).groups
    with pytest.raises(InputError, match="two levels of shop:week read the same"):
        list_terms(group, ["Intercept"], cells)


def test_effects_that_stand_twice_are_refused():
    (term,) = terms("(1 | shop)", ["Intercept"])
    with pytest.raises(InputError, match="would be estimated twice"):
        check_terms((term, term))
