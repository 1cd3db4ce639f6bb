"""The program at the sizes that data have: both engines agree, and the truth is found again."""

import numpy as np
import pytest
import stanli

from partialpool.calibration.simulate import simulate_cells
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import load_engine
from partialpool.settings import Sampling

from ..factories.priors import NARROW

OFFERS = [f"o{i}" for i in range(5)]
VALUES = {
    "Intercept": -1.0,
    "offer[o3]": 0.6,
    "sd_shop[Intercept]": 0.7,
    "sd_shop[offer[o1]]": 0.4,
}
HOURLY = VALUES | {"sd_week[Intercept]": 0.3, "sd_area[Intercept]": 0.5}
PARAMETERS = ("intercept", "slope", "sd_above", "sd_share", "partial", "sampled", "phi")


def many_levels(shops, likelihood=LOGISTIC):
    """Five correlated effects of each of many shops, one cell for each."""
    levels = {"offer": OFFERS, "shop": [f"s{i}" for i in range(shops)]}
    random = np.random.default_rng(21)
    values = VALUES | ({"phi": 25.0} if likelihood.overdispersed else {})
    formula = "offer + (1 + offer | shop)"
    return formula, simulate_cells(formula, levels, 30, values, random, likelihood)


def many_cells(cells, shops):
    """Three terms, and cells at random among those that there could be."""
    levels = {"offer": OFFERS, "shop": [f"s{i}" for i in range(shops)]}
    levels |= {"week": [f"w{i}" for i in range(52)], "area": [f"a{i}" for i in range(20)]}
    formula = "offer + (1 + offer | shop) + (1 | week) + (1 | area)"
    random = np.random.default_rng(22)
    return formula, simulate_cells(formula, levels, 10, HOURLY, random, count=cells)


def data_of(formula, simulated, likelihood=LOGISTIC):
    design = learn_design(formula, simulated.cells)
    given = NARROW, "cells", "auto", likelihood
    return design, assemble_stan_data(design, simulated.cells, *given)


def assert_both_engines_agree(compiled, data, iterations):
    """At the draws of a short chain of CmdStan: log densities to its sixteen digits."""
    short = Sampling(chains=2).model_copy(update={"warmup": iterations, "draws": iterations})
    short = short.model_copy(update={"max_treedepth": 3})
    draws = load_engine("cmdstan").sample(compiled("cmdstan"), data, short, 5, 2)
    mir = compiled("stanli").read_text(encoding="utf-8")
    model = stanli.Model(mir=mir, data=data.variables())
    for chain in range(2):
        values = {
            name: draws.variables[name][chain, -1].tolist() if name in draws.variables else []
            for name in PARAMETERS
        }
        density, gradient = model.log_prob_grad(model.unconstrain(values))
        assert density == pytest.approx(draws.statistics["lp"][chain, -1], rel=1e-9)
        assert np.isfinite(gradient).all()


@pytest.mark.parametrize("family", ["binomial", "beta_binomial"])
def test_hundreds_of_levels_with_five_effects_each(compiled, cmdstan, family):
    likelihood = Likelihood(family)
    _, data = data_of(*many_levels(300, likelihood), likelihood)
    assert ([term.effects for term in data.terms], data.cells) == ([1500], 1500)
    assert_both_engines_agree(compiled, data, iterations=20)


def test_thousands_of_cells_with_three_terms(compiled, cmdstan):
    _, data = data_of(*many_cells(3000, 100))
    assert (data.cells, [term.levels for term in data.terms]) == (3000, [100, 52, 20])
    assert_both_engines_agree(compiled, data, iterations=20)


@pytest.mark.large
@pytest.mark.parametrize("family", ["binomial", "beta_binomial"])
def test_five_thousand_levels_with_five_effects_each(compiled, cmdstan, family):
    likelihood = Likelihood(family)
    _, data = data_of(*many_levels(5000, likelihood), likelihood)
    assert [term.effects for term in data.terms] == [25_000]
    assert_both_engines_agree(compiled, data, iterations=5)


@pytest.mark.large
def test_a_hundred_thousand_cells_with_three_terms(compiled, cmdstan):
    _, data = data_of(*many_cells(100_000, 500))
    assert (data.cells, len(data.terms)) == (100_000, 3)
    assert_both_engines_agree(compiled, data, iterations=5)


@pytest.mark.large
def test_a_short_chain_finds_five_thousand_levels_again(compiled):
    levels = {"offer": OFFERS[:2], "shop": [f"s{i}" for i in range(5000)]}
    formula = "offer + (1 + offer | shop)"
    values = {"Intercept": -1.0, "offer[o1]": 0.6, "sd_shop[Intercept]": 0.7}
    values |= {"sd_shop[offer[o1]]": 0.4, "cor_shop[Intercept, offer[o1]]": 0.3}
    simulated = simulate_cells(formula, levels, 60, values, np.random.default_rng(23))
    design, data = data_of(formula, simulated)
    short = Sampling(chains=2, warmup=150, draws=100)
    found = load_engine("stanli").sample(compiled("stanli"), data, short, 6, 2).variables
    names = name_parameters(design, LOGISTIC)
    for kind in ("population", "sd", "correlation"):
        for position, name in enumerate(of_kind(names, kind)):
            draws = found[kind][..., position]
            assert abs(draws.mean() - simulated.truth[name]) < 4 * draws.std(), name
    effects = found["effect"].reshape(-1, 10_000)
    truth = np.array([simulated.truth[name] for name in of_kind(names, "effect")])
    inside = np.mean(
        (truth > np.quantile(effects, 0.05, 0)) & (truth < np.quantile(effects, 0.95, 0))
    )
    assert inside == pytest.approx(0.9, abs=0.02)
