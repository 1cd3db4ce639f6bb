"""Turn a formula and the cells into Stan's data, name every parameter, write the model out."""

from pathlib import Path

from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.model.coefficients import tabulate_coefficients
from partialpool.model.parameters import name_parameters
from partialpool.posterior.fit import read_model
from partialpool.sampling.assembly import assemble_stan_data, check_flat_priors
from partialpool.sampling.programs import other_parameters
from partialpool.sampling.stan_data import write_stan_data
from partialpool.settings import Priors
from partialpool.written.files import write_model

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: building the design"):
    given, priors = snakemake.input, Priors(**params.priors)
    model = read_model(given.cells, given.levels, **params.model)
    settings = (priors, params.intercept_prior_at, params.centring, model.likelihood)
    data = assemble_stan_data(model.design, model.cells, *settings)
    check_flat_priors(data, model.design)
    others = [name for program in given.own for name in other_parameters(Path(program))]
    write_stan_data(data, Path(output.data))
    write_frame(name_parameters(model.design, model.likelihood, others), output.names)
    write_frame(tabulate_coefficients(model.design.columns), output.coefficients)
    about = (params.model["formula"], model, priors, params.intercept_prior_at, bool(given.own))
    write_model(f"{wildcards.analysis}, {wildcards.model}", *about, output)
