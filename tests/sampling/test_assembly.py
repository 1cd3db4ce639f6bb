"""What Stan is given of priors and likelihood; what has no posterior is refused before that."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.levels import with_levels
from partialpool.errors import InputError
from partialpool.model.beliefs import ModelPriors
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.sampling.assembly import (
    assemble_stan_data,
    check_flat_priors,
    unknown_coefficients,
)
from partialpool.settings import Priors

from ..factories.draws import cells, names_of

SHOPS = list("abcd")
FLAT = Priors(slope="flat")


def data_of(formula, priors, likelihood=LOGISTIC):
    design = learn_design(formula, cells())
    return assemble_stan_data(design, cells(), priors, "cells", "auto", likelihood).variables()


def test_single_parameters_have_their_own_priors():
    priors = Priors(
        slope="odds_ratio(3)",
        coefficients={
            "Intercept": "flat",
            "week[2]": "cauchy(1, 2)",
            "sd_shop[promo[some]]": "exponential(4)",
            "cor_shop": "lkj(5)",
        },
    )
    data = data_of("promo + week + (1 + promo | shop) + (1 | week)", priors)
    assert data["intercept_prior"][0][0] == 0
    assert data["slope_prior"][0] == pytest.approx([1, 0, np.log(3) / 1.959964, 1])
    assert data["slope_prior"][1] == [2, 1, 2, 1]
    assert data["sd_prior"] == [[1, 0, 1, 1], [3, 0, 0.25, 1], [1, 0, 1, 1]]
    assert data["lkj_shape"] == [5.0, 1.0]


def test_the_likelihood_reaches_stan_and_its_precision_has_a_prior_and_a_name():
    design, priors = learn_design("promo", cells()), Priors(phi="exponential(0.1)")
    plain = data_of("promo", priors)
    assert (plain["link"], plain["overdispersed"], plain["phi_prior"]) == (1, 0, [])
    likelihood = Likelihood("beta_binomial", "cloglog")
    data = data_of("promo", priors, likelihood)
    assert (data["link"], data["overdispersed"]) == (3, 1)
    assert data["phi_prior"] == [[3, 0, 10, 1]]
    assert of_kind(name_parameters(design, likelihood), "phi") == ["phi"]
    assert of_kind(name_parameters(design, LOGISTIC), "phi") == []


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_beliefs_begin_at_the_base_rate_of_the_models_own_link(link):
    priors = Priors(intercept="rate(0.05, 0.2)", slope="rate_ratio(3)", sd="odds_ratio(2)")
    data = data_of("promo + (1 | shop)", priors, Likelihood(link=link))
    expected = ModelPriors(priors, link)
    assert data["intercept_prior"][0][1] == expected.prior("intercept").location
    assert data["slope_prior"][0][2] == expected.prior("slope").scale
    assert data["sd_prior"][0][2] == expected.prior("sd").scale


def test_names_of_priors_that_a_model_does_not_have_are_found():
    coefficients = dict.fromkeys(["Intercept", "promo[many]", "promo[some]"], "normal(0, 1)")
    coefficients |= {"sd_shop[Intercept]": "normal(0, 1)", "sd_store[Intercept]": "normal(0, 1)"}
    coefficients |= {"cor_shop": "lkj(2)", "cor_week": "lkj(2)"}
    names = names_of("promo + (1 + promo | shop) + (1 | week)")
    found = unknown_coefficients(Priors(coefficients=coefficients), names)
    assert found == ["promo[many]", "sd_store[Intercept]", "cor_week"]


def shops(successes):
    frame = pd.DataFrame({"shop": SHOPS, "age": [1.0, 2, 3, 4], "successes": successes})
    return with_levels(frame.assign(trials=10), {"shop": SHOPS})


def check(formula, successes, priors=FLAT, at="cells"):
    counted = shops(successes)
    design = learn_design(formula, counted)
    check_flat_priors(assemble_stan_data(design, counted, priors, at, "non-centred"), design)


def test_a_level_without_a_success_has_no_posterior_under_a_flat_prior():
    with pytest.raises(InputError, match=r"flat on shop\[c\], which the counts hold back on one"):
        check("shop", [3, 5, 0, 4], Priors(intercept="flat", slope="flat"))


def test_a_proper_prior_of_that_coefficient_is_enough():
    check("shop", [3, 5, 0, 4], Priors(slope="flat", coefficients={"shop[c]": "normal(0, 2)"}))


def test_counts_that_hold_everything_back_pass_under_flat_priors():
    check("shop", [3, 5, 1, 4], Priors(intercept="flat", slope="flat"))


def test_a_number_that_tells_the_outcomes_apart_is_found():
    with pytest.raises(InputError, match=r"flat on .*age"):
        check("age", [0, 0, 10, 10], Priors(intercept="flat", slope="flat"))


def test_an_intercept_with_a_proper_prior_holds_back_what_moves_it():
    # about the mean of the cells the prior of the intercept pins the middle, not the slope
    with pytest.raises(InputError, match="flat on age"):
        check("age", [0, 0, 10, 10])
    check("age", [0, 10, 0, 10])


def test_effects_of_groups_are_held_back_by_their_distribution():
    check("1 + (1 | shop)", [3, 5, 0, 4], Priors(intercept="flat"))
