"""A design by its terms: what each column is of, and which coefficient a cell has."""

import numpy as np
import pytest

from partialpool.written.blocks import list_blocks

from ..factories.written import FORMULAS, cells, model_of


def blocks_of(formula):
    model = model_of(formula)
    return list_blocks(model.design.columns, model.matrices.population, model.cells)


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_column_is_in_one_block(formula):
    model = model_of(formula)
    blocks = blocks_of(formula)
    assert [name for block in blocks for name in block.names] == model.design.coefficients
    found = np.column_stack([np.zeros((len(model.cells), 0)), *(b.columns for b in blocks)])
    np.testing.assert_array_equal(found, model.matrices.population, model.cells)


def test_a_factor_chooses_its_coefficient_by_the_level_of_a_cell():
    (_, promo) = blocks_of("promo")
    given = cells()
    expected = given["promo"].cat.codes
    assert promo.index.tolist() == expected.tolist()
    (every,) = blocks_of("0 + promo")
    assert every.index.tolist() == (expected + 1).tolist()


def test_of_an_interaction_the_reference_has_none():
    block = blocks_of("promo * channel")[-1]
    given = cells()
    is_reference = (given["promo"] == "None") | (given["channel"] == "e-mail")
    assert ((block.index == 0) == is_reference).all()


def test_columns_that_are_no_choice_have_no_index():
    for formula in ("poly(age, 2)", "C(promo, contr.sum)", "promo:poly(age, 2)", "age"):
        assert blocks_of(formula)[-1].index is None


def test_a_choice_times_a_number_is_one_still():
    block = blocks_of("0 + promo:age")[-1]
    given = cells()
    assert block.index.tolist() == (given["promo"].cat.codes + 1).tolist()
    np.testing.assert_allclose(block.number, given["age"])
    assert (block.title, block.label) == ("promo:age", "promo:age")


def test_a_term_is_called_as_in_the_formula_without_its_coding():
    assert [block.label for block in blocks_of("0 + index(promo) + index(channel):age")] == [
        "promo",
        "channel:age",
    ]
