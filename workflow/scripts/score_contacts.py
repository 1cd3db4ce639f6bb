"""Leave each contact out in turn, by importance sampling from the cells."""

from pathlib import Path

from partialpool.cells import read_cells
from partialpool.design import learn_design
from partialpool.levels import read_levels
from partialpool.likelihood import Likelihood
from partialpool.logs import narrate
from partialpool.loo import score_contacts
from partialpool.posterior import precision, read_draws
from partialpool.predictor import predict_in_chunks

wildcards, params = snakemake.wildcards, snakemake.params
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: scoring contacts"):
    cells = read_cells(Path(snakemake.input.cells), read_levels(snakemake.input.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    draws = read_draws(Path(snakemake.input.posterior))
    chunks = predict_in_chunks(draws, design, cells)
    scores = score_contacts(chunks, cells, likelihood, precision(draws), draws.sizes["chain"])
    scores.to_csv(snakemake.output[0], index=False)
