"""Draw from the posterior of a model, again in other ways where the sampler missed a part."""

from dataclasses import asdict
from pathlib import Path

from partialpool.frames import read_frame, write_facts
from partialpool.logs import narrate
from partialpool.posterior.draws import label_draws, write_draws
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.sampling.repairs import sample_with_repairs
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
what = f"{wildcards.analysis}, {wildcards.model}: sampling the posterior"
with narrate(snakemake.log[0], what) as log:
    data, names = read_stan_data(Path(given.data)), read_frame(given.names)
    engine, sampling = load_engine(params.engine), Sampling(**params.sampling)
    log.info("%d chains, %s", sampling.chains, engine.version())

    def sample(data, sampling, name):
        purpose = filter(None, ("posterior", name))
        seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, *purpose)
        return engine.sample(Path(given.program), data, sampling, seed, snakemake.threads)

    draws, attempts = sample_with_repairs(data, sampling, params.limits, sample)
    for number, attempt in enumerate(attempts, start=1):
        found = (number, attempt.divergences, attempt.ebfmi, attempt.gradients)
        log.info("try %d: %d divergent transitions, E-BFMI %.2f, %d gradients", *found)
    write_draws(label_draws(draws, names), Path(snakemake.output.posterior))
    write_facts(list(map(asdict, attempts)), snakemake.output.attempts)
