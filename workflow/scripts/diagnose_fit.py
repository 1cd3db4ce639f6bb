"""Judge whether the sampler converged."""

import json
from pathlib import Path

from partialpool.checks.diagnostics import (
    bin_energy,
    count_ranks,
    diagnose_parameters,
    judge,
    thin_traces,
)
from partialpool.checks.oracle.agreement import as_check
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.model.parameters import of_kind
from partialpool.posterior.draws import read_draws
from partialpool.posterior.names import other_parameters
from partialpool.report.selection import worst_mixed
from partialpool.settings import Verdict

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: diagnosing") as log:
    posterior = Path(snakemake.input.posterior)
    names = read_frame(snakemake.input.names)
    draws, statistics = read_draws(posterior), read_draws(posterior, "sample_stats")
    table = diagnose_parameters(draws)
    own = [*of_kind(names, "phi"), *other_parameters(names, list(table["parameter"]))]
    others = as_check(json.loads(Path(snakemake.input.oracle).read_text()))
    limits = Verdict(**params.limits)
    verdict = judge(table, statistics, limits, params.max_treedepth, own, others)
    log.info("passed" if verdict["passed"] else "FAILED; the report says what and why")
    write_frame(table, output.diagnostics)
    Path(output.verdict).write_text(json.dumps(verdict, indent=1))
    write_frame(bin_energy(statistics["energy"].values), output.energy)
    drawn = worst_mixed(table)
    write_frame(count_ranks(draws, drawn), output.ranks)
    write_frame(thin_traces(draws, drawn), output.traces)
