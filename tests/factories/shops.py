"""Cells of shops whose effects have a known spread, and what a model of them is told."""

import numpy as np
import pandas as pd

from partialpool.cells.levels import with_levels
from partialpool.model.design import Design
from partialpool.model.formula import parse_formula
from partialpool.model.likelihood import LOGISTIC
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.stan_data import PriorTable, StanData, tabulate_rows
from partialpool.settings.priors import Prior

from .priors import NARROW


def data_of_counts(successes, trials, predictors=None, slopes=None):
    """Stan data of cells without groups: an intercept, and slopes of the priors that are named."""
    shape = (len(trials), 0) if predictors is None else np.shape(predictors)
    priors = [Prior(family) for family in slopes or ()]
    return StanData(
        trials=np.array(trials),
        successes=np.array(successes),
        likelihood=LOGISTIC,
        has_intercept=True,
        predictors=np.reshape(np.array(predictors or [], float), shape),
        prior_at=np.zeros(shape[1]),
        priors=PriorTable(
            intercept=tabulate_rows([Prior("normal")]),
            slope=tabulate_rows(priors),
            sd=tabulate_rows([]),
            phi=tabulate_rows([]),
            lkj_shape=np.zeros(0),
        ),
        terms=(),
        order=(),
    )


def data_of(
    trials,
    spread=1.0,
    formula="(1 | shop)",
    centring="auto",
    seed=1,
    coefficient=0.0,
    likelihood=LOGISTIC,
    phi=None,
):
    """Stan data of shops of a known spread, each with so many trials under each promo."""
    random = np.random.default_rng(seed)
    levels = {"promo": ["none", "some"], "shop": [f"s{i}" for i in range(len(trials))]}
    cells = pd.DataFrame(
        [(p, s, n) for p in levels["promo"] for s, n in zip(levels["shop"], trials, strict=True)],
        columns=["promo", "shop", "trials"],
    )
    log_odds = np.tile(spread * random.standard_normal(len(trials)), 2)
    log_odds = log_odds + coefficient * (cells["promo"] == "some")
    eta, phi = log_odds.to_numpy()[None], None if phi is None else np.array([phi])
    cells["successes"] = likelihood.simulate(eta, cells["trials"].to_numpy(), phi, random)[0]
    cells = with_levels(cells, levels)
    design = Design(parse_formula(formula, levels), cells)
    return assemble_stan_data(design, cells, NARROW, "cells", centring, likelihood)
