"""Rank the models by what they predict of one unit left out."""

import pandas as pd

from partialpool.comparison.ranking import compare, gather_scores
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.sampling.engines import derive_seed

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}: comparing models by {wildcards.unit}"):
    tables = dict(zip(params.models, map(read_frame, given.scores), strict=True))
    scores = gather_scores(tables, list(map(read_frame, given.refits)), wildcards.unit)
    seed = derive_seed(params.seed, wildcards.analysis, "bootstrap", wildcards.unit)
    write_frame(compare(scores, seed), snakemake.output.comparison)
    every = pd.concat(scores.values(), keys=scores, names=["model"]).reset_index("model")
    write_frame(every, snakemake.output.scores)
