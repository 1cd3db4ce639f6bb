"""Rates of new data, row by row, and the successes that they come to."""

from partialpool.decision.prediction import (
    choose_predictor,
    own_columns,
    place_file,
    predict_file,
)
from partialpool.decision.totals import total_columns, total_file
from partialpool.frames import read_facts, write_frame
from partialpool.logs import narrate
from partialpool.posterior.fit import read_fit
from partialpool.sampling.engines import derive_seed

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}: predicting {wildcards.new}") as log:
    model, verdict = choose_predictor(read_facts(given.decision[0]), params.model)
    posterior = given.posteriors[list(params.models).index(model)]
    fit = read_fit(given.cells, given.levels, posterior, **params.models[model])
    seed = derive_seed(params.seed, wildcards.analysis, model, "new levels")
    new, by = place_file(fit, given.new, params.request), (model, verdict)
    predicted = predict_file(fit, new, by, params.interval, seed)
    totals = total_file(fit, new, by, **params.totals, interval=params.interval, seed=seed)
    write_frame(predicted, snakemake.output.rates, own_columns(predicted))
    write_frame(totals, snakemake.output.totals, total_columns(params.totals["total_by"]))
    log.info("%d rates by the %s model, which %s its verdict", len(predicted), model, verdict)
