"""Simulate data sets from a model's prior, fit each, and rank the truth among its draws."""

from functools import partial
from pathlib import Path

from partialpool.calibration.prior_draws import draw_truth
from partialpool.calibration.ranks import rank_replicates
from partialpool.calibration.replicates import Study, fit_with_repairs, pick_truth
from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.model.beliefs import ModelPriors
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import read_draws
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Priors, Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
what = f"{wildcards.analysis}, {wildcards.model}: calibrating, replicates {wildcards.batch}"
with narrate(snakemake.log[0], what):
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    data, names = read_stan_data(Path(given.data)), read_frame(given.names)
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    sampling, engine = Sampling(**params.sampling, **params.size), load_engine(params.engine)
    stated = ModelPriors(Priors(**params.priors), likelihood.link, design.has_intercept)
    prior = [read_draws(Path(path)) for path in given.prior]  # of a program of the user's own
    seed = partial(derive_seed, params.seed, wildcards.analysis, wildcards.model, "calibration")

    def sample(counts, settings, name):
        return engine.sample(Path(given.program), counts, settings, seed(name), snakemake.threads)

    def draw(generator):
        drawn = (pick_truth(of, generator) for of in prior)
        return next(drawn, None) or draw_truth(design, stated, data.prior_at, likelihood, generator)

    fit = fit_with_repairs(sample, names, sampling, params.limits)
    study = Study(design, cells, likelihood, data, sampling.centring, fit)
    first, last = map(int, wildcards.batch.split("-"))
    sizes = params.ranked, sampling.max_treedepth
    ranks, fits = rank_replicates(study, draw, seed, range(first, last + 1), *sizes)
    write_frame(ranks, snakemake.output.ranks)
    write_frame(fits, snakemake.output.fits)
