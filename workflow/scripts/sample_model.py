"""Draw from the posterior of a model, and from its prior where that is proper."""

from functools import partial

from partialpool.frames import read_frame, write_facts
from partialpool.logs import narrate
from partialpool.posterior.draws import label_draws, write_draws
from partialpool.sampling.engines import derive_seed, describe_versions
from partialpool.sampling.repairs import sample_with_repairs
from partialpool.sampling.sampler import make_sampler, sample_prior
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Sampling, Verdict
from partialpool.shortfalls import find_shortfalls

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: sampling") as log:
    data, names = read_stan_data(snakemake.input.data), read_frame(snakemake.input.names)
    sampling = Sampling(**params.sampling, minutes=snakemake.resources.minutes)
    seed = partial(derive_seed, params.seed, wildcards.analysis, wildcards.model)
    prepare = partial(make_sampler, params.engine, snakemake.input.program, snakemake.threads)
    write_facts(versions := describe_versions(params.engine), output.versions)
    log.info("%d chains, %s", sampling.chains, versions["engine"])
    if output.get("prior"):
        prior = sample_prior(data, sampling, prepare(partial(seed, "prior")))
        write_draws(label_draws(prior, names), output.prior)
    lacking = partial(find_shortfalls, names=names, data=data, limits=Verdict(**params.limits))
    sample = prepare(partial(seed, "posterior"))
    draws, attempts = sample_with_repairs(data, sampling, params.limits, sample, lacking)
    write_draws(label_draws(draws, names), output.posterior)
    write_facts(list(map(vars, attempts)), output.attempts)
