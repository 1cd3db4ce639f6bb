"""Assess a fitted model: estimates, verdict, checks, effects, sensitivity."""

from functools import partial
from pathlib import Path

from partialpool.assessment import assess, write_assessed
from partialpool.decision.mix import read_mix
from partialpool.frames import read_facts, read_frame
from partialpool.logs import narrate
from partialpool.posterior.fit import read_fit
from partialpool.sampling.engines import derive_seed
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings.assessment import Assessment

given, params, asked = snakemake.input, snakemake.params, Assessment(**snakemake.params.asked)
of = dict(snakemake.wildcards.items())
with narrate(snakemake.log[0], f"{', '.join(of.values())}: assessing") as log:
    fit = read_fit(given.cells, given.levels, given.posterior, **params.model)
    described = read_stan_data(Path(given.data)), read_frame(given.names)
    seed = partial(derive_seed, params.seed, *of.values())
    prior = next(map(Path, given.prior), None)
    mix = (read_mix(Path(path), params.factors, asked.treatment) for path in given.mix)
    found = assess(fit, Path(given.posterior), prior, described, asked, seed, *mix)
    log.info("passed" if found.facts["verdict"]["passed"] else "FAILED; the report says why")
    about = of | params.model | {"versions": read_facts(given.versions)}
    write_assessed(found, fit.draws, about, dict(snakemake.output.items()))
