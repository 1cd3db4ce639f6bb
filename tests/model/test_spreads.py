"""How far numbers spread over contacts, and the priors that are stated by it."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.spreads import measure_spreads, state_priors
from partialpool.settings import Priors

AGES, TRIALS = [20.0, 30.0, 50.0], [10, 30, 5]
OVER_CONTACTS = np.std(np.repeat(AGES, TRIALS))


def cells(ages=AGES, trials=TRIALS, **numbers):
    rows = [(promo, age, n) for promo in ("no", "yes") for age, n in zip(ages, trials, strict=True)]
    frame = pd.DataFrame(rows, columns=["promo", "age", "trials"]).assign(successes=0, **numbers)
    return with_levels(frame, {"promo": ["no", "yes"]})


def spreads(formula, given=None):
    given = cells() if given is None else given
    return measure_spreads(learn_design(formula, given), given)


def test_a_number_spreads_as_over_its_contacts_and_factors_are_left_out():
    assert spreads("promo + age") == {"age": pytest.approx(OVER_CONTACTS)}
    assert spreads("promo") == {}


def test_a_factor_that_a_number_is_multiplied_with_does_not_matter():
    found = spreads("promo * age")
    assert found["promo[yes]:age"] == found["age"]
    assert [*spreads("promo:{age - 1000}").values()] == pytest.approx([OVER_CONTACTS] * 2)


def test_a_product_of_numbers_spreads_as_a_product():
    spend = np.tile([3.0, 1.0, 2.0], 2)
    found = spreads("age:spend", cells(spend=spend))
    product = np.repeat(np.multiply(AGES, spend[:3]), TRIALS)
    assert found == {"age:spend": pytest.approx(np.std(product))}


@pytest.mark.parametrize("formula", ["poly(age, 2)", "scale(age)", "bs(age, df=4) - 1", "log(age)"])
def test_columns_of_a_function_spread_as_in_the_design(formula):
    given = cells(np.linspace(20, 70, 6), [5, 10, 15, 20, 3, 1])
    design = learn_design(formula, given)
    columns = np.repeat(design.matrices(given).population, given["trials"], axis=0)
    found = measure_spreads(design, given)
    expected = dict(zip(design.coefficients, columns.std(axis=0), strict=True))
    expected.pop("Intercept", None)
    assert found == pytest.approx(expected)


def test_a_number_that_all_contacts_share_spreads_as_over_cells():
    assert spreads("age", cells(trials=[10, 0, 0])) == {"age": pytest.approx(np.std(AGES))}


def test_the_prior_of_a_class_is_one_of_a_standard_deviation():
    given = cells()
    design = learn_design("promo + age + (1 + age | promo)", given)
    stated = state_priors(Priors(slope="student_t(3, 1, 2)"), design, given, LOGISTIC)
    slope, sd = stated.prior("slope", "age"), stated.prior("sd", "sd_promo[age]")
    assert (slope.location, slope.scale) == pytest.approx((1 / OVER_CONTACTS, 2 / OVER_CONTACTS))
    assert slope.df == 3
    assert sd.scale == pytest.approx(1 / OVER_CONTACTS)
    assert stated.prior("slope", "promo[yes]").scale == 2
    assert stated.prior("sd", "sd_promo[Intercept]").scale == 1


def test_a_prior_by_name_stays_on_its_own_scale_and_a_flat_one_is_flat():
    given = cells()
    design = learn_design("age + (1 + age | promo)", given)
    own = {"age": "normal(0, 3)", "sd_promo[age]": "exponential(4)"}
    stated = state_priors(Priors(coefficients=own), design, given, LOGISTIC)
    assert str(stated.prior("slope", "age")) == "normal(0, 3)"
    assert str(stated.prior("sd", "sd_promo[age]")) == "exponential(4)"
    flat = state_priors(Priors(slope="flat"), design, given, LOGISTIC)
    assert str(flat.prior("slope", "age")) == "flat"


def test_a_belief_about_a_number_is_of_a_standard_deviation_too():
    given = cells()
    design = learn_design("promo + age", given)
    stated = state_priors(Priors(slope="odds_ratio(3)"), design, given, LOGISTIC)
    per_level, per_year = (stated.prior("slope", name).scale for name in ("promo[yes]", "age"))
    assert per_year * OVER_CONTACTS == pytest.approx(per_level)
