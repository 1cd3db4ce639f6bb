"""Assess a fitted model: estimates, verdict, checks, effects, sensitivity."""

from functools import partial
from pathlib import Path

from partialpool.assessment import assess
from partialpool.frames import read_frame, write_facts, write_frames
from partialpool.logs import narrate
from partialpool.posterior.draws import write_draws
from partialpool.posterior.fit import read_fit
from partialpool.sampling.engines import derive_seed
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings.assessment import Assessment

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: assessing") as log:
    fit = read_fit(given.cells, given.levels, given.posterior, **params.model)
    described = read_stan_data(Path(given.data)), read_frame(given.names)
    seed = partial(derive_seed, params.seed, wildcards.analysis, wildcards.model)
    prior = next(map(Path, given.prior), None)
    asked = Assessment(**params.asked)
    found = assess(fit, Path(given.posterior), prior, described, asked, seed)
    log.info("passed" if found.facts["verdict"]["passed"] else "FAILED; the report says why")
    write_frames(found.tables, dict(snakemake.output.items()))
    for name, facts in found.facts.items():
        write_facts(facts, snakemake.output[name])
    write_draws(found.densities, Path(snakemake.output.log_densities))
