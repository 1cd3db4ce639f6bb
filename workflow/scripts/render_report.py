"""Put the answer, the notebooks and the provenance on one page."""

import json
from pathlib import Path

from partialpool.logs import narrate
from partialpool.report.decision.answer import answer, lede, title_decision
from partialpool.report.decision.limitations import list_limitations, warn_of_failures
from partialpool.report.labels import read_labels
from partialpool.report.page import Group, Page, assemble
from partialpool.report.sections import read_section


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: rendering the report"):
    decision, ledger = read(given.decision[0]), read(given.ledger)
    labels = read_labels(params.labels, given.levels, given.verdicts)
    verdicts = dict(zip(labels.models, map(read, given.verdicts), strict=True))
    models = [
        read_section(Path(path), f"model-{name}", 3, labels.title(name, params.formulas[name]))
        for name, path in zip(labels.models, given.models, strict=True)
    ]
    page = Page(
        title=params.title,
        question=params.question,
        lede=lede(ledger),
        answer=answer(decision, labels),
        doubts=list_limitations(decision, labels),
        warnings=warn_of_failures(verdicts),
        sections=[
            read_section(Path(given.decision_notebook[0]), "decision", 2, title_decision(labels)),
            read_section(Path(given.data[0]), "data"),
            read_section(Path(given.log_odds[0]), "log-odds"),
            Group("models", "The models", models),
            read_section(Path(given.comparison[0]), "comparison"),
        ],
        provenance=read(given.provenance[0]),
    )
    Path(snakemake.output[0]).write_text(assemble(page), encoding="utf-8")
