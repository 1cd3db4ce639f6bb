"""Draw from the posterior of a model, and from its prior where that is proper."""

from functools import partial

from partialpool.frames import read_frame, write_facts
from partialpool.logs import narrate
from partialpool.posterior.draws import label_draws, write_draws
from partialpool.sampling.engines import derive_seed, describe_versions
from partialpool.sampling.repairs import sample_with_repairs
from partialpool.sampling.sampler import make_sampler, sample_prior, tell_duration
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Sampling, Verdict
from partialpool.shortfalls import find_shortfalls

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: sampling"):
    data, names = read_stan_data(snakemake.input.data), read_frame(snakemake.input.names)
    sampling = Sampling(**params.sampling, minutes=snakemake.resources.minutes)
    seed = partial(derive_seed, params.seed, wildcards.analysis, wildcards.model)
    compiled = params.engine, snakemake.input.program, snakemake.threads
    write_facts(describe_versions(params.engine), output.versions)
    tell_duration(*compiled, data, sampling)
    if output.get("prior"):
        prior = make_sampler(*compiled, partial(seed, "prior"), names)
        write_draws(label_draws(sample_prior(data, sampling, prior), names), output.prior)
    lacking = partial(find_shortfalls, names=names, data=data, limits=Verdict(**params.limits))
    sample = make_sampler(*compiled, partial(seed, "posterior"), names)
    draws, attempts = sample_with_repairs(data, sampling, params.limits, sample, lacking)
    write_draws(label_draws(draws, names), output.posterior)
    write_facts(list(map(vars, attempts)), output.attempts)
