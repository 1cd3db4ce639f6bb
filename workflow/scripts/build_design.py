"""Turn a formula and the cells into Stan's data, and name every parameter."""

import json
from pathlib import Path

from partialpool.cells import read_cells
from partialpool.design import Design
from partialpool.formula import parse_formula
from partialpool.logs import narrate
from partialpool.settings import Priors
from partialpool.stan_data import stan_data

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: building the design"):
    cells = read_cells(Path(snakemake.input.cells), params.levels)
    design = Design(parse_formula(params.formula, params.levels), cells)
    data = stan_data(
        design, cells, Priors(**params.priors), params.intercept_prior_at, params.centring
    )
    Path(output.data).write_text(json.dumps(data))
    Path(output.index).write_text(json.dumps(design.index, ensure_ascii=False, indent=1))
