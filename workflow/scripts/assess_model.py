"""Assess a fitted model: estimates, verdict, checks, effects, sensitivity."""

from functools import partial
from pathlib import Path

from partialpool.assessment import assess
from partialpool.decision.mix import read_mix
from partialpool.decision.strata import write_strata
from partialpool.frames import read_frame, write_facts, write_frames
from partialpool.logs import narrate
from partialpool.posterior.draws import write_draws
from partialpool.posterior.fit import read_fit
from partialpool.sampling.engines import derive_seed
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings.assessment import Assessment

given, params, asked = snakemake.input, snakemake.params, Assessment(**snakemake.params.asked)
of = snakemake.wildcards.analysis, snakemake.wildcards.model
with narrate(snakemake.log[0], f"{', '.join(of)}: assessing") as log:
    fit = read_fit(given.cells, given.levels, given.posterior, **params.model)
    described = read_stan_data(Path(given.data)), read_frame(given.names)
    prior, seed = next(map(Path, given.prior), None), partial(derive_seed, params.seed, *of)
    mix = (read_mix(Path(path), params.factors, asked.treatment) for path in given.mix)
    found = assess(fit, Path(given.posterior), prior, described, asked, seed, *mix)
    log.info("passed" if found.facts["verdict"]["passed"] else "FAILED; the report says why")
    write_frames(found.tables, dict(snakemake.output.items()))
    for name, facts in found.facts.items():
        write_facts(facts, snakemake.output[name])
    write_draws(found.densities, Path(snakemake.output.log_densities))
    write_strata(found.strata, Path(snakemake.output.rates))
