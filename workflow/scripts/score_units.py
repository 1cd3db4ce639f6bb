"""Leave each contact, cell and level out in turn, by importance sampling from the full fit."""

from functools import partial
from pathlib import Path

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.comparison.loo import score_units, trustworthy_k
from partialpool.comparison.refits import judge_scores
from partialpool.comparison.units import list_sets
from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import precision, read_draws
from partialpool.posterior.predictor import predict_in_chunks
from partialpool.sampling.stan_data import read_stan_data

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: leaving out") as log:
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    draws, grouping = read_draws(Path(given.posterior)), tuple(params.grouping)
    predict, chains = partial(predict_in_chunks, draws, design), draws.sizes["chain"]
    scores = score_units(predict, cells, grouping, likelihood, precision(draws), chains)
    limit = trustworthy_k(params.pareto_k, chains * draws.sizes["draw"])
    data = read_stan_data(Path(given.data))
    scores = judge_scores(scores, data, list_sets(cells, grouping), limit)
    log.info("%s", scores.groupby(["unit", "how"])["units"].sum().to_dict())
    write_frame(scores, snakemake.output[0])
