"""Replicates: counts drawn with known parameters in an analysis' own cells, and fitted.

Each is fitted as the pipeline fits the real counts: the same design, program and sampler, the
centring of effects chosen from the replicate's own counts, sampled again where need be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.calibration.simulate import predict
from partialpool.model.parameters import PRECISION
from partialpool.model.spreads import state_priors
from partialpool.posterior.draws import label_draws, named_parameters, sampled_parameters
from partialpool.posterior.fit import CellModel, Fit
from partialpool.sampling.centring import choose_centring
from partialpool.sampling.engines import Draws
from partialpool.sampling.health import count_divergences, examine_sampler
from partialpool.sampling.repairs import Sample, sample_with_repairs
from partialpool.sampling.stan_data import StanData
from partialpool.settings import Priors, Sampling

Refit = Callable[[StanData, str], tuple[xr.DataTree, int]]
"""Fits the model to Stan data, given a name for its seed: draws with names, and how many tries."""
FACTS = ("tries", "divergent", "depth_hits", "ebfmi", "ess", "gradients")
"""What is recorded of a fit (`describe_fit`)."""


@dataclass(frozen=True)
class Study:
    """A model whose fits are studied."""

    model: CellModel
    """Of the analysis' cells, whose trials replicates have; where there is one, its fit."""
    data: StanData
    centring: str
    refit: Refit


@dataclass(frozen=True)
class Replicate:
    """A model fitted to simulated counts."""

    fit: Fit
    statistics: xr.Dataset
    """The sampler's, arrays (chain, draw)."""
    tries: int = 1

    @property
    def divergent(self) -> int:
        """Transitions that diverged."""
        return count_divergences(self.statistics["divergent"].values)


def fit_with_repairs(
    sample: Sample,
    names: pd.DataFrame,
    sampling: Sampling,
    limits: Mapping[str, float],
) -> Refit:
    """How the pipeline fits a model.

    Args:
        sample: runs the engine.
        names: of the model's parameters (`parameters.name_parameters`).
        sampling: of each fit.
        limits: that a try must keep to (`sampling.sample_with_repairs`).
    """

    def fit(data: StanData, name: str) -> tuple[xr.DataTree, int]:
        def named(data: StanData, settings: Sampling, repair: str) -> Draws:
            return sample(data, settings, "/".join(filter(None, (name, repair))))

        draws, attempts = sample_with_repairs(data, sampling, limits, named)
        return label_draws(draws, names), len(attempts)

    return fit


def fit_replicate(
    study: Study,
    truth: Mapping[str, float],
    trials: np.ndarray,
    generator: np.random.Generator,
    name: str,
) -> Replicate:
    """Draw the successes of a study's cells and fit the model to them.

    Args:
        study: the model.
        truth: every parameter, by name.
        trials: of each cell.
        generator: random stream of the successes.
        name: for the seed of the fit.
    """
    model = study.model
    eta = predict(model.design, model.matrices, truth)
    phi = np.array([truth[PRECISION]]) if model.likelihood.overdispersed else None
    successes = model.likelihood.simulate(eta[None], trials, phi, generator)[0]
    cells = model.cells.assign(successes=successes, trials=trials)
    data = replace(study.data, trials=trials, successes=successes)
    tree, tries = study.refit(choose_centring(data, study.centring), name)
    draws, statistics = (tree[group].to_dataset() for group in ("posterior", "sample_stats"))
    return Replicate(Fit(cells, model.design, model.likelihood, draws), statistics, tries)


def truths_of(
    model: CellModel, priors: Priors, at: np.ndarray, own: xr.Dataset | None
) -> Callable[[np.random.Generator], dict[str, float]]:
    """How the parameters of a replicate are drawn from a model's prior.

    Args:
        model: the model.
        priors: of its parameters.
        at: values of the predictors at which the intercept's prior holds.
        own: draws from the prior of a program of the user's own, which alone knows it.
    """
    if own is not None:
        return partial(pick_truth, own)
    from partialpool.calibration.prior_draws import draw_truth  # and with it SciPy's distributions

    stated = state_priors(priors, model.design, model.cells, model.likelihood)
    return partial(draw_truth, model.design, stated, at, model.likelihood)


def pick_truth(draws: xr.Dataset, generator: np.random.Generator) -> dict[str, float]:
    """The parameters of one draw of many, chosen at random, by name."""
    chain, draw = (int(generator.integers(draws.sizes[name])) for name in ("chain", "draw"))
    return {name: float(of[chain, draw]) for name, of in named_parameters(draws).items()}


def describe_fit(replicate: Replicate, max_treedepth: int) -> dict[str, Any]:
    """What the sampler says of a replicate's fit.

    Returns:
        `tries`, how often it was sampled (`sampling.sample_with_repairs`); of the try that was kept
        `divergent` transitions, `depth_hits` (transitions at the largest tree depth), `ebfmi` (the
        smallest of any chain's), `ess` (the smallest bulk effective sample size of any
        parameter) and `gradients`.
    """
    from arviz_stats.base.array import array_stats

    health = examine_sampler(replicate.statistics, max_treedepth)
    parameters = sampled_parameters(replicate.fit.draws)
    ess = [float(array_stats.ess(values, 0, 1, method="bulk")) for values in parameters.values()]
    return {
        "tries": replicate.tries,
        "divergent": health.divergences,
        "depth_hits": health.depth_hits,
        "ebfmi": health.ebfmi,
        "ess": float(np.min(np.nan_to_num(ess, nan=0.0))),
        "gradients": health.gradients,
    }
