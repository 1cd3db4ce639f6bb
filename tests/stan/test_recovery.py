"""Fits to simulated cells find their truth again: links, families, sizes of models and of data."""

import numpy as np
import pytest
from scipy import stats

from partialpool.calibration.simulate import simulate_cells
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws, named_parameters
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import load_engine
from partialpool.settings import Sampling

from ..factories.priors import NARROW

SHORT = Sampling(chains=2, warmup=300, draws=300, adapt_delta=0.9)
OFFERS, SHOPS, WEEKS, AREAS = (
    [f"{letter}{i}" for i in range(count)]
    for letter, count in (("o", 5), ("s", 40), ("w", 8), ("a", 6))
)
ONE = {"Intercept": -1.0, "offer[o2]": 0.8, "offer[o4]": -0.6}
TERM = {f"sd_shop[offer[o{i}]]": 0.4 for i in range(1, 5)} | {"sd_shop[Intercept]": 0.7}
CORRELATED = {"cor_shop[Intercept, offer[o1]]": 0.4, "cor_shop[Intercept, offer[o2]]": -0.4}

MODELS = {
    "two cells": ("promo", {"promo": ["a", "b"]}, 400, {"Intercept": -1, "promo[b]": 0.7}),
    "no group term": ("offer", {"offer": OFFERS, "week": WEEKS}, 80, ONE),
    "a grouping factor of two levels": (
        "1 + (1 | promo)",
        {"promo": ["a", "b"], "week": WEEKS},
        60,
        {"Intercept": -1, "sd_promo[Intercept]": 0.5},
    ),
    "one term of one coefficient": (
        "offer + (1 | shop)",
        {"offer": OFFERS, "shop": SHOPS},
        30,
        ONE | {"sd_shop[Intercept]": 0.7},
    ),
    "one term of five coefficients": (
        "offer + (1 + offer | shop)",
        {"offer": OFFERS, "shop": SHOPS},
        60,
        ONE | TERM | CORRELATED,
    ),
    "three terms at once": (
        "offer + (1 | shop) + (1 | week) + (1 + week || area)",
        {"offer": OFFERS[:3], "shop": SHOPS[:8], "week": WEEKS[:3], "area": AREAS},
        # with fewer an area's effects of a week have tails that are far from normal
        80,
        {
            "Intercept": -1,
            "offer[o2]": 0.8,
            "sd_shop[Intercept]": 0.7,
            "sd_week[Intercept]": 0.3,
            "sd_area[Intercept]": 0.4,
            "sd_area[week[w2]]": 0.3,
        },
    ),
}
FAMILIES = {
    "probit": (Likelihood(link="probit"), {}),
    "cloglog": (Likelihood(link="cloglog"), {}),
    "beta-binomial": (Likelihood("beta_binomial"), {"phi": 15.0}),
    "cloglog beta-binomial": (Likelihood("beta_binomial", "cloglog"), {"phi": 15.0}),
}


def fit(compiled, simulated, formula, likelihood, sampling=SHORT):
    """Named draws of a fit to simulated cells, chain after chain."""
    design, cells = learn_design(formula, simulated.cells), simulated.cells
    data = assemble_stan_data(design, cells, NARROW, "cells", "auto", likelihood)
    draws = load_engine("stanli").sample(compiled("stanli"), data, sampling, 5, 2)
    tree = label_draws(draws, name_parameters(design, likelihood))
    named = named_parameters(tree["posterior"].to_dataset())
    return {name: values.ravel() for name, values in named.items()}, design.coefficients


def assert_recovered(named, coefficients, truth):
    """No parameter is further off than chance has it, nor are the coefficients together."""
    assert set(named) == set(truth)
    off = [(named[name].mean() - value) / named[name].std() for name, value in truth.items()]
    assert np.abs(off).max() < stats.norm.isf(0.0005 / len(off))
    draws = np.array([named[name] for name in coefficients])
    distance = draws.mean(axis=1) - [truth[name] for name in coefficients]
    squared = distance @ np.linalg.solve(np.atleast_2d(np.cov(draws)), distance)
    assert squared < stats.chi2.isf(0.001, len(coefficients))


@pytest.mark.parametrize("model", MODELS)
def test_the_truth_is_found_again(compiled, model):
    formula, levels, trials, values = MODELS[model]
    likelihood = Likelihood()
    simulated = simulate_cells(formula, levels, trials, values, np.random.default_rng(11))
    assert_recovered(*fit(compiled, simulated, formula, likelihood), simulated.truth)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_truth_is_found_again_with_every_likelihood(compiled, family):
    likelihood, precision = FAMILIES[family]
    formula, levels, _, values = MODELS["one term of one coefficient"]
    given = (levels, 60, values | precision, np.random.default_rng(12), likelihood)
    simulated = simulate_cells(formula, *given)
    assert_recovered(*fit(compiled, simulated, formula, likelihood), simulated.truth)
