"""Rates, lifts and odds ratios of the treatment, draw by draw."""

from functools import partial
from pathlib import Path

import numpy as np

from partialpool.cells import label_cells, read_cells
from partialpool.design import Design
from partialpool.effects import Question, estimate_effects, predict_cells, standardised_rates
from partialpool.engines import derive_seed
from partialpool.formula import parse_formula
from partialpool.logs import narrate
from partialpool.posterior import linear_predictor, read_draws

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: estimating effects"):
    cells = read_cells(Path(snakemake.input.cells), params.levels)
    design = Design(parse_formula(params.formula, params.levels), cells)
    predict = partial(linear_predictor, read_draws(Path(snakemake.input.posterior)), design)
    question = Question(**params.question)
    reference = params.levels[question.treatment][0]
    rates = standardised_rates(predict, cells, question)
    estimate_effects(rates, reference, params.interval).to_csv(output.effects, index=False)
    seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "future contacts")
    predict_cells(
        predict(cells),
        label_cells(cells, params.levels),
        params.future_contacts,
        params.interval,
        np.random.default_rng(seed),
    ).to_csv(output.predictions, index=False)
