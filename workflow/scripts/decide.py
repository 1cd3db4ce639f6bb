"""Answer the analysis' question from the model that predicts best."""

from partialpool.cells.question import Question
from partialpool.decision.conclusion import READERS, conclude
from partialpool.decision.effects import pool_effects
from partialpool.frames import read_facts, read_frame, write_facts
from partialpool.logs import narrate
from partialpool.settings import Decision

given, params, models = snakemake.input, snakemake.params, snakemake.params.models
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: deciding") as log:
    told = {n: dict(zip(models, map(of, given[n]), strict=True)) for n, of in READERS.items()}
    told["effects"] = pool_effects(told["effects"], given.rates, models, **params.pooling)
    scores, *counts = map(read_frame, (given.scores[0], given.margins, given.crossing))
    asked = Question(**params.question), Decision(**params.decision), params.units
    ledger = next(map(read_facts, given.ledger), {})
    decision = conclude(told["verdicts"], scores, told, counts, *asked, ledger)
    log.info("the answer is the %s model's", decision["choice"]["model"])
    write_facts(decision, snakemake.output[0])
