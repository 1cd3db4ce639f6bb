"""Modes are where an optimiser finds them, from any start, and their curvature is the density's."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from partialpool.cells.levels import with_levels
from partialpool.checks.oracle.density import Density
from partialpool.checks.oracle.laplace import find_hyper_mode, find_modes, log_joint
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.settings import Priors

SHOPS = list("abcd")
CELLS = with_levels(
    pd.DataFrame(
        {
            "promo": ["no", "yes"] * 4,
            "shop": np.repeat(SHOPS, 2),
            "successes": [0, 5, 3, 9, 20, 31, 1, 1],
            "trials": [6, 9, 10, 10, 60, 50, 3, 1],
        }
    ),
    {"promo": ["no", "yes"], "shop": SHOPS},
)
HEAVY = Priors(slope="cauchy(0, 1)", intercept="student_t(3, 0, 2)")
HYPER = np.array([[-0.5, 0.3, 0.4], [-6.0, 1.5, -2.0], [1.5, -3.0, 1.0]])


def density_of(priors=None, likelihood=LOGISTIC, formula="promo + (1 + promo | shop)"):
    design = learn_design(formula, CELLS)
    return Density(
        assemble_stan_data(design, CELLS, priors or Priors(), "cells", "auto", likelihood)
    )


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
@pytest.mark.parametrize("priors", [Priors(), HEAVY], ids=["normal", "heavy"])
@pytest.mark.parametrize("start", [0.0, 2.0, -60.0])
def test_the_mode_is_an_optimisers(link, priors, start):
    density = density_of(priors, Likelihood(link=link))
    found = find_modes(density, HYPER, np.full(density.coefficients, start))
    assert (found.gain < 1e-4).all()
    for hyper, mode, value in zip(HYPER, found.mode, found.log_density, strict=True):
        spread = density.spread(hyper[None])

        def fall(at, hyper=hyper, spread=spread):
            return -log_joint(density, hyper[None], at[None], spread)[0]

        best = minimize(fall, mode, method="BFGS")
        assert -best.fun == pytest.approx(value, abs=2e-3)


def test_the_curvature_at_the_mode_is_that_of_the_density():
    density = density_of()
    found = find_modes(density, HYPER, np.zeros(density.coefficients))
    size, step = density.coefficients, 1e-3
    precision = found.root[0] @ found.root[0].T
    along = np.random.default_rng(1).normal(size=size)
    moved = found.mode[0] + step * np.array([-1, 0, 1])[:, None] * along
    hyper = np.repeat(HYPER[:1], 3, axis=0)
    below, at, above = log_joint(density, hyper, moved, density.spread(hyper))
    second = (below - 2 * at + above) / step**2
    assert -second == pytest.approx(along @ precision @ along, rel=1e-3)


def test_hyperparameters_have_their_mode_where_neighbours_are_lower():
    density = density_of(likelihood=Likelihood("beta_binomial"))
    mode, covariance, given = find_hyper_mode(density)
    assert (np.linalg.eigvalsh(covariance) > 0).all()
    steps = 0.3 * np.vstack([np.eye(len(mode)), -np.eye(len(mode))])
    around = find_modes(density, mode + steps, given.mode[0])
    assert (around.log_marginal < given.log_marginal).all()
