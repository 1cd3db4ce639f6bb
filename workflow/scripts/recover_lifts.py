"""Simulate campaigns with lifts of known size, fit the model to each, and hold it to the truth."""

from functools import partial
from pathlib import Path

from partialpool.calibration.campaigns import Campaign, list_sizes
from partialpool.calibration.recovery import recover
from partialpool.calibration.replicates import Study, fit_with_repairs, pick_truth
from partialpool.calibration.studies import read_batch
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.posterior.fit import read_fit
from partialpool.sampling.engines import derive_seed
from partialpool.sampling.sampler import make_sampler
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Recovery, Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: recovering lifts"):
    fit = read_fit(given.cells, given.levels, given.posterior, **params.model)
    data, names = read_stan_data(Path(given.data)), read_frame(given.names)
    sampling, asked = Sampling(**params.sampling, **params.size), Recovery(**params.recovery)
    seed = partial(derive_seed, params.seed, wildcards.analysis, wildcards.model, "recovery")
    sample = make_sampler(params.engine, given.program, snakemake.threads, seed, names)
    refit = fit_with_repairs(sample, names, sampling, params.limits)
    study, draw = Study(fit, data, sampling.centring, refit), partial(pick_truth, fit.draws)
    campaign, batch = Campaign(study, params.treatment, asked.base_rate), wildcards.batch
    asked_for = asked.lifts, list_sizes(asked, fit.cells), params.interval
    found = recover(campaign, draw, seed, read_batch(batch), *asked_for)
    write_frame(found, snakemake.output[0])
