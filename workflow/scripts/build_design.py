"""Turn a formula and the cells into Stan's data, and name every parameter."""

from pathlib import Path

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.model.coefficients import tabulate_coefficients
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.programs import other_parameters
from partialpool.sampling.stan_data import write_stan_data
from partialpool.settings import Priors

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: building the design"):
    cells = read_cells(Path(snakemake.input.cells), read_levels(snakemake.input.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    priors = Priors(**params.priors)
    settings = params.intercept_prior_at, params.centring, likelihood
    data = assemble_stan_data(design, cells, priors, *settings)
    others = [name for p in snakemake.input.program for name in other_parameters(Path(p))]
    write_stan_data(data, Path(output.data))
    write_frame(name_parameters(design, likelihood, others), output.names)
    write_frame(tabulate_coefficients(design.columns), output.coefficients)
