"""Fitting again what lies between two runs: contacts of the one under settings of the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from partialpool.decision.along import stratify_along
from partialpool.decision.pooling import find_alone
from partialpool.decision.strata import Strata, stratify, stratify_own
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws
from partialpool.posterior.fit import Fit
from partialpool.runs.ladder import Standing
from partialpool.runs.quantities import question_of, tabulate_quantities
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import EngineName
from partialpool.sampling.repairs import sample_with_repairs
from partialpool.sampling.sampler import make_sampler
from partialpool.settings import Analysis

LOG = logging.getLogger(__name__)


def refit_standing(
    at: Standing,
    engine: EngineName,
    program: str | Path,
    threads: int,
    seed: Callable[..., int],
) -> pd.DataFrame:
    """The rates and lifts of a fit that neither run has.

    Args:
        at: what it is made of.
        engine: that the program is compiled for.
        program: the compiled program.
        threads: chains that run at once.
        seed: of a random stream, from the names of its purpose.

    Raises:
        InputError: the formula cannot be fitted to these cells.
    """
    analysis, sampling = at.run.analysis, at.model.sampling
    design = learn_design(at.model.formula, at.run.cells)
    likelihood = Likelihood(at.model.family, at.model.link)
    priors = at.priors.priors, at.priors.intercept_prior_at
    data = assemble_stan_data(design, at.run.cells, *priors, sampling.centring, likelihood)
    names = name_parameters(design, likelihood)
    LOG.info("fitting %s to %s cells again", at.model.formula, f"{len(at.run.cells):,}")
    sample = make_sampler(engine, program, threads, partial(seed, at.model.formula), names)
    draws, _ = sample_with_repairs(data, sampling, analysis.verdict.limits_of_repairs, sample)
    labelled = label_draws(draws, names)["posterior"].to_dataset()
    strata = _stratify(Fit(at.run.cells, design, likelihood, labelled), analysis)
    question = question_of(analysis)
    formulas = {"refit": at.model.formula}
    alone = [] if question.ranked else find_alone(formulas, analysis.variables, question)
    return tabulate_quantities(strata, analysis, "refit", alone, sampling.chains)


def _stratify(fit: Fit, analysis: Analysis) -> Strata:
    if analysis.ranked and analysis.over == "own":
        return stratify_own(fit, analysis.arms)
    return (stratify_along if analysis.along else stratify)(fit, analysis.arms, analysis.strata)
