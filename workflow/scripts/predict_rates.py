"""Rates of new data, row by row, and the successes that they come to."""

from partialpool.decision.prediction import choose_predictor, own_columns
from partialpool.decision.totals import predict_file
from partialpool.frames import read_facts, write_frame
from partialpool.logs import narrate
from partialpool.posterior.fit import read_fit
from partialpool.sampling.engines import derive_seed

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}: predicting {wildcards.new}"):
    by = model, _ = choose_predictor(read_facts(given.decision[0]), params.model)
    posterior = given.posteriors[list(params.models).index(model)]
    fit = read_fit(given.cells, given.levels, posterior, **params.models[model])
    seed = derive_seed(params.seed, wildcards.analysis, model, "new levels")
    asked = given.new, params.request, by, params.totals, params.interval
    for table, path in zip(predict_file(fit, *asked, seed), snakemake.output, strict=True):
        write_frame(table, path, own_columns(table))
