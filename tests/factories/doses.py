"""Contacts with a dose, and the posterior of a model of them: a normal one about its mode."""

import numpy as np
import pandas as pd
from scipy.special import expit

from partialpool.cells.levels import with_levels
from partialpool.decision.along import find_shape, stratify_along
from partialpool.decision.curve_weighing import weigh_curves
from partialpool.decision.weighed import Weighed
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws
from partialpool.posterior.fit import Fit
from partialpool.sampling.engines import Draws

from .labels import labels_of

REGIONS = ("North", "South")
DOSES = tuple(range(11))


def rising(dose, region):
    """Log-odds that rise along a straight line."""
    return -2 + 0.15 * dose + 0.4 * (region == "South")


def flat(dose, region):
    return -1.5 + 0.4 * (region == "South") + 0 * dose


def turning(dose, region):
    """Highest at a dose of 5, and the same at 0 and 10."""
    return -1 - 0.06 * (dose - 5) ** 2 + 0 * (region == "South")


def opposed(dose, region):
    """Rising in the North and falling in the South."""
    return -1.5 + 0.15 * (dose - 5) * np.where(region == "South", -1, 1)


def dosed(log_odds, doses=DOSES, trials=(300, 100), seed=5):
    """Cells of every dose in every region, so many contacts each."""
    grid = pd.DataFrame([(r, d) for r in REGIONS for d in doses], columns=["region", "dose"])
    each = grid["region"].map(dict(zip(REGIONS, trials, strict=True))).to_numpy()
    rates = expit(log_odds(grid["dose"].to_numpy(dtype=float), grid["region"].to_numpy()))
    successes = np.random.default_rng(seed).binomial(each, rates)
    cells = grid.assign(dose=grid["dose"].astype(float), successes=successes, trials=each)
    return with_levels(cells, {"region": list(REGIONS)})


def fit_to(cells, formula, count=2000, seed=1):
    """A model's flat-prior posterior as a normal distribution about the likelihood's mode."""
    design = learn_design(formula, cells)
    names = name_parameters(design, LOGISTIC, ())
    x = design.matrices(cells).population
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    mode = np.zeros(x.shape[1])
    for _ in range(50):
        rate = expit(x @ mode)
        information = x.T @ (x * (n * rate * (1 - rate))[:, None])
        mode = mode + np.linalg.solve(information, x.T @ (y - n * rate))
    random = np.random.default_rng(seed)
    drawn = random.multivariate_normal(mode, np.linalg.inv(information), (1, count))
    tree = label_draws(Draws({"population": drawn}, {}), names)
    return Fit(cells, design, LOGISTIC, tree["posterior"].to_dataset())


def followed(cells, formula, apart=None, **more):
    """Labels of a dose, and all that is said of it."""
    fit = fit_to(cells, formula)
    strata = stratify_along(fit, "dose", [apart] if apart else [])
    found = weigh_curves(strata, cells, ("dose", apart), 0.95, 0.89)
    shape = find_shape(fit.design, cells, "dose")
    curve = found.facts["curve"] | {"shape": shape, "bending": [], "disagree": []}
    labels = labels_of(
        {"region": list(REGIONS)}, within=None, treatment="dose", treatment_is="level",
        numbers=["dose"], apart=apart, **({"along": "offer"} | more),
    )  # fmt: skip
    return labels, Weighed(found.tables, {**found.facts, "curve": curve})
