"""Lead from the counts to the coefficients of the pooled model, step by step."""

from partialpool.cells.levels import read_levels
from partialpool.decision.log_odds import bridge
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: bridging counts and log-odds"):
    effects = next(map(read_frame, given.effects), None)
    treatment = params.question["treatment"]
    levels = read_levels(given.levels).get(treatment, ())
    steps = bridge(read_frame(given.margins), effects, treatment, levels)
    write_frame(steps, snakemake.output[0])
