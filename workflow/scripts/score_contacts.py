"""Leave each contact out in turn, by importance sampling from the cells."""

from pathlib import Path

import pandas as pd

from partialpool.cells import read_cells
from partialpool.design import learn_design
from partialpool.levels import read_levels
from partialpool.logs import narrate
from partialpool.loo import contact_log_likelihoods, psis_loo
from partialpool.posterior import by_chain, linear_predictor, read_draws

wildcards, params = snakemake.wildcards, snakemake.params
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: scoring contacts"):
    cells = read_cells(Path(snakemake.input.cells), read_levels(snakemake.input.levels))
    design = learn_design(params.formula, cells)
    draws = read_draws(Path(snakemake.input.posterior))
    log_odds = by_chain(linear_predictor(draws, design, cells), draws)
    likelihoods, units = contact_log_likelihoods(log_odds, cells)
    scores = pd.concat([units, psis_loo(likelihoods)], axis=1)
    scores.to_csv(snakemake.output[0], index=False)
