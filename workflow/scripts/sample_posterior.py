"""Draw from the posterior of a model."""

import json
from pathlib import Path

from partialpool.engines import derive_seed, load_engine
from partialpool.logs import narrate
from partialpool.posterior import label_draws, write_draws
from partialpool.settings import Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(
    snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: sampling the posterior"
) as log:
    data, index = (json.loads(Path(path).read_text()) for path in (given.data, given.index))
    seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "posterior")
    sampling = Sampling(**params.sampling)
    engine = load_engine(params.engine)
    log.info("%d chains, %s", sampling.chains, engine.version())
    draws = engine.sample(Path(given.program), data, sampling, seed, snakemake.threads)
    write_draws(label_draws(draws, index), Path(snakemake.output[0]))
