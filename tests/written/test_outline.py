"""A model by its terms."""

import numpy as np

from ..factories.written import cells, outline_of


def test_a_group_level_term_has_what_varies_and_over_which_levels():
    (group,) = outline_of("promo + (1 + promo + age | region:store)").groups
    assert group.title == "region:store"
    assert group.coefficients == ("Intercept", "promo[Bundle]", "promo[2 for 1]", "age")
    assert [block.label for block in group.blocks] == ["", "promo", "age"]
    given = cells()
    joined = [group.levels[place] for place in group.level]
    assert joined == (given["region"].astype(str) + ":" + given["store"].astype(str)).tolist()
    assert group.correlation == "cor_region:store"


def test_uncorrelated_effects_are_terms_of_one_coefficient():
    groups = outline_of("(1 + age || region) + (1 | store)").groups
    assert [group.coefficients for group in groups] == [("Intercept",), ("age",), ("Intercept",)]
    assert [group.correlation for group in groups] == [""] * 3
    assert [group.is_shared for group in groups] == [False, True, False]


def test_where_the_intercepts_prior_holds_is_the_mean_of_predictors():
    given = cells()
    contacts = outline_of("age", given, at="contacts")
    np.testing.assert_allclose(contacts.at, np.average(given["age"], weights=given["trials"]))
    assert contacts.is_shifted
    assert not outline_of("age", given, at="reference").is_shifted
    assert not outline_of("0 + age", given).is_shifted
