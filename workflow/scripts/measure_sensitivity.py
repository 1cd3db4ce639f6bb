"""Measure how much the posterior leans on its priors and on the data, by power scaling."""

from functools import partial
from pathlib import Path

import xarray as xr

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.cells.question import Question
from partialpool.checks.sensitivity import log_likelihood, log_prior, measure_sensitivity
from partialpool.decision.effects import standardised_rates
from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import as_group, read_draws, read_log_prior, write_draws
from partialpool.posterior.predictor import predict_in_chunks
from partialpool.sampling.stan_data import read_stan_data

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: measuring sensitivity"):
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    draws, prior = read_draws(Path(given.posterior)), read_log_prior(Path(given.posterior))
    predict = partial(predict_in_chunks, draws, design)
    if not params.own_program:
        prior = log_prior(read_stan_data(Path(given.data)), draws)
    data = log_likelihood(predict(cells), cells, likelihood, draws)
    rates = standardised_rates(predict, cells, Question(**params.question), likelihood)
    table = measure_sensitivity(draws, rates, prior, data)
    write_frame(table, snakemake.output.table)
    known = {"log_prior": prior, "log_likelihood": data}
    groups = {name: as_group(name, of) for name, of in known.items() if of is not None}
    write_draws(xr.DataTree.from_dict(groups), Path(snakemake.output.densities))
