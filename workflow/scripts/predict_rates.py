"""Rates of new data, row by row."""

from partialpool.decision.prediction import choose_predictor, own_columns, predict_file
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
    asked = given.new, params.request, (model, verdict), params.interval
    predicted = predict_file(fit, *asked, seed)
    write_frame(predicted, snakemake.output[0], own_columns(predicted))
    log.info("%d rates by the %s model, which %s its verdict", len(predicted), model, verdict)
