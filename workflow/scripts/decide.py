"""Answer the analysis' question from the model that predicts best."""

from partialpool.decision.conclusion import FACTS, TABLES, conclude
from partialpool.decision.effects import pool_effects
from partialpool.frames import read_facts, read_frame, write_facts
from partialpool.logs import narrate
from partialpool.settings import Decision

given, params, models = snakemake.input, snakemake.params, snakemake.params.models
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: deciding") as log:
    told = {n: dict(zip(models, map(read_facts, given[n]), strict=True)) for n in FACTS}
    tables = {n: dict(zip(models, map(read_frame, given[n]), strict=True)) for n in TABLES}
    tables["effects"] = pool_effects(tables["effects"], given.rates, models, **params.pooling)
    scores, *counts = map(read_frame, (given.scores[0], given.margins, given.crossing))
    asked = params.treatment, Decision(**params.decision), params.units, read_facts(given.ledger)
    decision = conclude(told["verdicts"], scores, tables, counts, *asked, told["gaps"])
    log.info("the answer is the %s model's", decision["choice"]["model"])
    write_facts(decision, snakemake.output[0])
