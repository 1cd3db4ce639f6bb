"""Hold a run to one that was kept: what moved, how far chance moves it, and what moved it."""

from functools import partial
from pathlib import Path

from partialpool.frames import write_facts, write_frames
from partialpool.logs import narrate
from partialpool.runs.comparison import compare_with_kept
from partialpool.runs.refitting import refit_standing
from partialpool.sampling.engines import derive_seed
from partialpool.settings import Analysis

given, params, output = snakemake.input, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: holding it to a kept run") as log:
    name, analysis = snakemake.wildcards.analysis, Analysis(**params.analysis)
    engine = Path(given.program).suffix.removeprefix(".")
    seed = partial(derive_seed, analysis.seed, name, "since")
    refit = partial(refit_standing, engine=engine, program=given.program, seed=seed)
    asked = analysis, given.files, params.since
    found = compare_with_kept(name, *asked, partial(refit, threads=snakemake.threads))
    log.info("since %s changed: %s", found.facts["since"], found.facts["changed"] or "nothing")
    write_frames(found.tables, dict(output.items()))
    write_facts(found.facts, output.facts)
