"""Turn a formula and the cells into Stan's data, and name every parameter."""

import json
from pathlib import Path

from partialpool.cells import read_cells
from partialpool.design import learn_design
from partialpool.levels import read_levels
from partialpool.logs import narrate
from partialpool.settings import Priors
from partialpool.stan_data import stan_data

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: building the design"):
    cells = read_cells(Path(snakemake.input.cells), read_levels(snakemake.input.levels))
    design = learn_design(params.formula, cells)
    data = stan_data(
        design, cells, Priors(**params.priors), params.intercept_prior_at, params.centring
    )
    Path(output.data).write_text(json.dumps(data))
    Path(output.index).write_text(json.dumps(design.index, ensure_ascii=False, indent=1))
