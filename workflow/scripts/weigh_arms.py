"""Weigh every arm in every place by the model that answers, or follow a number."""

from partialpool.cells.question import Question
from partialpool.decision.pooling import find_alone
from partialpool.decision.weighing import weigh_answer
from partialpool.frames import read_facts, write_facts, write_frames
from partialpool.logs import narrate
from partialpool.settings import Decision

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: weighing the arms"):
    rates = dict(zip(params.models, given.rates, strict=True))
    choice, counted = read_facts(given.decision[0])["choice"], (given.cells, given.levels)
    asked = Question(**params.question), Decision(**params.decision), params.interval, params.seed
    others = find_alone(params.models, params.variables, asked[0]), (params.models, choice["tied"])
    weighed = weigh_answer(choice["model"], rates, *asked, counted, *others)
    write_frames(weighed.tables, dict(snakemake.output.items()))
    write_facts(weighed.facts, snakemake.output.facts)
