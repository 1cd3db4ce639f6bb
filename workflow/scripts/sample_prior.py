"""Draw from the prior of a model."""

from pathlib import Path

from partialpool.frames import read_frame
from partialpool.logs import narrate
from partialpool.posterior.draws import label_draws, write_draws
from partialpool.sampling.assembly import prior_only
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(
    snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: sampling the prior"
) as log:
    data, names = read_stan_data(Path(given.data)), read_frame(given.names)
    seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "prior")
    settings = Sampling(**params.sampling)
    sampling = settings.model_copy(update={"draws": settings.prior_draws})
    engine = load_engine(params.engine)
    log.info("%d chains, %s", sampling.chains, engine.version())
    program = Path(given.program)
    draws = engine.sample(program, prior_only(data), sampling, seed, snakemake.threads)
    write_draws(label_draws(draws, names), Path(snakemake.output[0]))
