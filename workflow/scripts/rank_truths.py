"""Simulate data sets from a model's prior, fit each, and rank the truth among its draws."""

from functools import partial
from pathlib import Path

from partialpool.calibration.ranks import rank_replicates
from partialpool.calibration.replicates import Study, fit_with_repairs, truths_of
from partialpool.calibration.studies import read_batch
from partialpool.frames import read_frame, write_frames
from partialpool.logs import narrate
from partialpool.posterior.draws import read_draws
from partialpool.posterior.fit import read_model
from partialpool.sampling.engines import derive_seed
from partialpool.sampling.sampler import make_sampler
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Priors, Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: ranking truths"):
    model = read_model(given.cells, given.levels, **params.model)
    data, names = read_stan_data(Path(given.data)), read_frame(given.names)
    sampling = Sampling(**params.sampling, **params.size)
    seed = partial(derive_seed, params.seed, wildcards.analysis, wildcards.model, "calibration")
    sample = make_sampler(params.engine, given.program, snakemake.threads, seed, names)
    refit = fit_with_repairs(sample, names, sampling, params.limits)
    own = next(map(read_draws, map(Path, given.prior)), None)
    draw = truths_of(model, Priors(**params.priors), data.prior_at, own)
    study, batch = Study(model, data, sampling.centring, refit), read_batch(wildcards.batch)
    found = rank_replicates(study, draw, seed, batch, params.ranked, sampling.max_treedepth)
    write_frames(dict(zip(("ranks", "fits"), found, strict=True)), dict(snakemake.output.items()))
