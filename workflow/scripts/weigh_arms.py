"""Weigh every arm in every place by the model that answers, or follow a number."""

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
        of = choice, rates, params.models, asked, settings
        weighed = weigh_along(*of, params.interval, counted)
    else:
        alone = find_alone(params.models, params.variables, asked)
        of = choice["model"], rates, asked, settings, params.interval, params.seed
        weighed = weigh_answer(*of, counted, alone)
    write_frames(weighed.tables, dict(snakemake.output.items()))
    write_facts(weighed.facts, snakemake.output.facts)
