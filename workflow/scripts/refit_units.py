"""Leave out by refitting what importance sampling cannot; one part of it."""

from functools import partial
from pathlib import Path

from partialpool.comparison.refits import leave_out_each, refit_with
from partialpool.comparison.reliability import choose_refits
from partialpool.comparison.units import list_sets
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.posterior.fit import read_fit
from partialpool.sampling.engines import derive_seed
from partialpool.sampling.sampler import make_sampler
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Refits, Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: refitting") as log:
    refits, part = Refits(**params.refits), (int(wildcards.part), int(wildcards.jobs))
    sampling = Sampling(**params.sampling, warmup=refits.warmup, draws=refits.draws)
    fit = read_fit(given.cells, given.levels, given.posterior, **params.model)
    data, names = read_stan_data(Path(given.data)), read_frame(given.names)
    chosen = choose_refits(read_frame(given.scores), refits.units, *part)
    seed = partial(derive_seed, params.seed, wildcards.analysis, wildcards.model, "refit")
    sample = make_sampler(params.engine, given.program, snakemake.threads, seed, names)
    refit = refit_with(fit, names, sampling, sample)
    sets = list_sets(fit.cells, tuple(params.grouping))
    scores = leave_out_each(fit, chosen, sets, data, refit)
    log.info("%s", scores[["fits", "divergent"]].sum().to_dict())
    write_frame(scores.assign(model=wildcards.model), snakemake.output[0])
