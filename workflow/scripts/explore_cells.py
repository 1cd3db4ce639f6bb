"""Tabulate the counts, and what priors say, before any model sees the cells."""

from pathlib import Path

from partialpool.cells.cells import read_cells
from partialpool.cells.exploration import explore
from partialpool.cells.levels import read_levels
from partialpool.cells.question import Question
from partialpool.frames import write_frames
from partialpool.logs import narrate
from partialpool.model.prior_scales import describe_priors

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: exploring the cells"):
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    priors = describe_priors(params.priors, params.link, params.interval)
    found = explore(cells, Question(**params.question)) | priors
    write_frames(found, dict(snakemake.output.items()))
