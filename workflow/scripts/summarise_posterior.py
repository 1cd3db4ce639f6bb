"""Estimates with their intervals, and the densities of those that are drawn."""

from pathlib import Path

from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.posterior.draws import estimate_densities, read_draws, summarise_parameters
from partialpool.report.selection import drawn_parameters

wildcards, output = snakemake.wildcards, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: summarising"):
    draws = read_draws(Path(snakemake.input.posterior))
    parameters = summarise_parameters(draws, snakemake.params.interval)
    write_frame(parameters, output.parameters)
    names = read_frame(snakemake.input.names)
    drawn = drawn_parameters(names, parameters.set_index("parameter")["mean"])
    write_frame(estimate_densities(draws, drawn), output.densities)
