"""Turn a formula and the cells into Stan's data, and name every parameter."""

import json
from pathlib import Path

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.logs import narrate
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.sampling.programs import other_parameters
from partialpool.sampling.stan_data import name_parameters, stan_data
from partialpool.settings import Priors

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: building the design"):
    cells = read_cells(Path(snakemake.input.cells), read_levels(snakemake.input.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    priors = Priors(**params.priors)
    data = stan_data(design, cells, priors, params.intercept_prior_at, params.centring, likelihood)
    index = name_parameters(design, likelihood)
    for program in snakemake.input.program:
        index["other"] = other_parameters(Path(program))
    Path(output.data).write_text(json.dumps(data))
    Path(output.index).write_text(json.dumps(index, ensure_ascii=False, indent=1))
