"""Rates, lifts and odds ratios of the treatment, draw by draw."""

from functools import partial
from pathlib import Path

import numpy as np

from partialpool.cells.cells import label_cells, read_cells
from partialpool.cells.levels import read_levels
from partialpool.cells.question import Question
from partialpool.checks.predictive import predict_cells
from partialpool.checks.separation import tabulate_separation
from partialpool.decision.effects import estimate_effects, standardised_rates
from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import precision, read_draws
from partialpool.posterior.predictor import predict_in_chunks
from partialpool.sampling.engines import derive_seed

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: estimating effects"):
    cells = read_cells(Path(snakemake.input.cells), read_levels(snakemake.input.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    draws = read_draws(Path(snakemake.input.posterior))
    predict = partial(predict_in_chunks, draws, design)
    question = Question(**params.question)
    reference = str(cells[question.treatment].cat.categories[0])
    rates = standardised_rates(predict, cells, question, likelihood)
    write_frame(estimate_effects(rates, reference, params.interval), output.effects)
    labels = label_cells(cells)
    separation = tabulate_separation(cells, labels, predict, likelihood, params.interval)
    write_frame(separation, output.separation)
    seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "future contacts")
    predictions = predict_cells(
        predict(cells),
        labels,
        likelihood,
        precision(draws),
        params.future_contacts,
        params.interval,
        np.random.default_rng(seed),
    )
    write_frame(predictions, output.predictions)
