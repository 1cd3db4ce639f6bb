"""Say how often each lift is called, how well it is estimated, and how many contacts it needs."""

from partialpool.calibration import needs, recovery
from partialpool.frames import join_frames, read_frame, write_facts, write_frames
from partialpool.logs import narrate

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: summing up recovery"):
    measured, kinds = join_frames(given.measured), recovery.name_kinds(read_frame(given.names))
    lifts = recovery.summarise_lifts(measured, params.probability)
    coverage = recovery.summarise_coverage(measured, kinds)
    tables = {"measured": measured, "lifts": lifts, "coverage": coverage}
    write_frames(tables, dict(snakemake.output.items()))
    write_facts(needs.list_needs(lifts, params.share), snakemake.output.needs)
