"""Hold the observed cells against what prior and posterior predict."""

from pathlib import Path

import numpy as np
import pandas as pd

from partialpool.cells import label_cells, read_cells
from partialpool.design import learn_design
from partialpool.engines import derive_seed
from partialpool.levels import read_levels
from partialpool.logs import narrate
from partialpool.posterior import linear_predictor, read_draws
from partialpool.predictive import bin_rates, check_cells, simulate_successes

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: predictive checks"):
    cells = read_cells(Path(snakemake.input.cells), read_levels(snakemake.input.levels))
    labels = label_cells(cells)
    design = learn_design(params.formula, cells)
    successes, trials = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    checks, rates = [], []
    for kind in ("prior", "posterior"):
        draws = read_draws(Path(snakemake.input[kind]))
        seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "predictive", kind)
        log_odds = linear_predictor(draws, design, cells)
        replicated = simulate_successes(log_odds, trials, np.random.default_rng(seed))
        check = check_cells(replicated, successes, trials, params.interval)
        checks.append(check.assign(kind=kind, cell=labels))
        rates.append(bin_rates(replicated, trials, labels).assign(kind=kind))
    pd.concat(checks).to_csv(output.cells, index=False)
    pd.concat(rates).to_csv(output.rates, index=False)
