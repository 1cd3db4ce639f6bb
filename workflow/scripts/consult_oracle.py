"""Work the posterior out anew, without Stan, and hold the draws against that."""

import json
from pathlib import Path

from partialpool.checks.oracle.agreement import consult
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.posterior.draws import read_draws
from partialpool.sampling.engines import derive_seed
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Oracle

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(
    snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: consulting the oracle"
) as log:
    data, names = read_stan_data(Path(given.data)), read_frame(given.names)
    draws, settings = read_draws(Path(given.posterior)), Oracle(**params.oracle)
    seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "oracle")
    table, facts = consult(data, names, draws, settings, seed, params.own_program)
    log.info("agreed: %s %s", facts["agreed"], facts["reason"])
    write_frame(table, snakemake.output.table)
    Path(snakemake.output.facts).write_text(json.dumps(facts, ensure_ascii=False, indent=1))
