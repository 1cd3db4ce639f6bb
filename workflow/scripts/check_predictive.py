"""Hold the observed cells against what prior and posterior predict."""

from pathlib import Path

import numpy as np
import pandas as pd

from partialpool.cells import label_cells, read_cells
from partialpool.design import learn_design
from partialpool.engines import derive_seed
from partialpool.levels import read_levels
from partialpool.likelihood import Likelihood
from partialpool.logs import narrate
from partialpool.posterior import precision, read_draws
from partialpool.predictive import check_predictive
from partialpool.predictor import predict_in_chunks

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: predictive checks"):
    given = snakemake.input
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    files = dict.fromkeys(given.prior, "prior") | {given.posterior: "posterior"}
    checks, rates = [], []
    for path, kind in files.items():
        draws = read_draws(Path(path))
        seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "predictive", kind)
        check, rate = check_predictive(
            predict_in_chunks(draws, design, cells),
            cells,
            label_cells(cells),
            likelihood,
            precision(draws),
            params.interval,
            np.random.default_rng(seed),
        )
        checks.append(check.assign(kind=kind))
        rates.append(rate.assign(kind=kind))
    pd.concat(checks).to_csv(output.cells, index=False)
    pd.concat(rates).to_csv(output.rates, index=False)
