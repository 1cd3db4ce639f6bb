"""Leave each contact, cell and level out in turn, by importance sampling from the full fit."""

from pathlib import Path

from partialpool.comparison.loo import score_units
from partialpool.comparison.reliability import judge_scores
from partialpool.comparison.units import list_sets
from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.posterior.fit import read_fit
from partialpool.sampling.stan_data import read_stan_data

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: leaving out") as log:
    fit = read_fit(given.cells, given.levels, given.posterior, **params.model)
    grouping, (chains, draws) = tuple(params.grouping), fit.shape
    trusted = params.pareto_k, chains * draws
    scores, sets = score_units(fit, grouping), list_sets(fit.cells, grouping)
    judged = judge_scores(scores, read_stan_data(Path(given.data)), sets, *trusted)
    log.info("%s", judged.groupby(["unit", "how"])["units"].sum().to_dict())
    write_frame(judged, snakemake.output[0])
