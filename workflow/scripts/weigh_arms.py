"""Weigh every arm in every place by the model that answers, or follow a number."""

from pathlib import Path

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.cells.question import Question
from partialpool.decision.curve_weighing import weigh_along
from partialpool.decision.pooling import find_alone
from partialpool.decision.weighing import weigh_answer
from partialpool.frames import read_facts, write_facts, write_frames
from partialpool.logs import narrate
from partialpool.settings import Decision

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: weighing the arms"):
    rates = dict(zip(params.models, given.rates, strict=True))
    choice, counted = read_facts(given.decision[0])["choice"], (given.cells, given.levels)
    asked, settings = Question(**params.question), Decision(**params.decision)
    if asked.along:
        cells, of = read_cells(Path(given.cells), read_levels(given.levels)), params.models
        number = asked.treatment, asked.apart
        limits = settings.probability, params.interval
        weighed = weigh_along(choice, rates, of, cells, number, *limits)
    else:
        alone = find_alone(params.models, params.variables, asked)
        of = choice["model"], rates, asked, settings, params.interval, params.seed
        weighed = weigh_answer(*of, counted, alone)
    write_frames(weighed.tables, dict(snakemake.output.items()))
    write_facts(weighed.facts, snakemake.output.facts)
