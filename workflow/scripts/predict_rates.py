"""Rates of new data, row by row."""

import json
from pathlib import Path

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.columns import TEXT
from partialpool.decision.prediction import place_rows, predict_rates, read_new_data
from partialpool.errors import InputError
from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import read_draws
from partialpool.posterior.predictor import predict_in_chunks
from partialpool.sampling.engines import derive_seed
from partialpool.settings import Factor, Number

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}: predicting {wildcards.new}") as log:
    decision = json.loads(Path(given.decision[0]).read_text(encoding="utf-8"))
    model = params.model or decision["choice"]["model"]
    if model is None:
        raise InputError("no model passed its verdict; name one by predict.model to use it anyway")
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    design = learn_design(params.formulas[model], cells)
    request = params.request
    variables = {name: Factor(**factor) for name, factor in request["factors"].items()}
    variables |= {name: Number(**number) for name, number in request["numbers"].items()}
    rows = read_new_data(Path(given.new), request["source"]["null_values"])
    placed, new_levels = place_rows(rows, variables, design, cells)
    draws = read_draws(Path(given.posteriors[list(params.formulas).index(model)]))
    seed = derive_seed(params.seed, wildcards.analysis, model, "new levels")
    chunks = predict_in_chunks(draws, design, placed, seed)
    failed = model in decision["choice"]["barred"]
    verdict = "failed" if failed else "passed"
    table = rows.assign(model=model, verdict=verdict, new_levels=new_levels)
    likelihood = Likelihood(**params.likelihoods[model])
    predicted = predict_rates(table, chunks, likelihood, params.interval)
    write_frame(predicted, snakemake.output[0], own=dict.fromkeys(rows, TEXT))
    log.info("%d rates by the %s model, which %s its verdict", len(predicted), model, verdict)
