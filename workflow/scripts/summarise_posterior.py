"""Estimates with their intervals, and the density of every parameter."""

from pathlib import Path

from partialpool.logs import narrate
from partialpool.posterior import estimate_densities, read_draws, summarise_parameters

wildcards, output = snakemake.wildcards, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: summarising"):
    draws = read_draws(Path(snakemake.input.posterior))
    parameters = summarise_parameters(draws, snakemake.params.interval)
    parameters.to_csv(output.parameters, index=False)
    estimate_densities(draws).to_csv(output.densities, index=False)
