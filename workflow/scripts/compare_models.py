"""Rank the models by what they predict of one unit left out."""

import pandas as pd

from partialpool.comparison import compare
from partialpool.logs import narrate

wildcards, params = snakemake.wildcards, snakemake.params
with narrate(snakemake.log[0], f"{wildcards.analysis}: comparing models by {wildcards.unit}"):
    scores = {
        model: pd.read_csv(path)
        for model, path in zip(params.models, snakemake.input.scores, strict=True)
    }
    compare(scores).to_csv(snakemake.output[0], index=False)
