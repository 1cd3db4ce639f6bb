"""List the reports of several analyses on one page, each with its answer."""

import json
from pathlib import Path

from partialpool.logs import narrate
from partialpool.report.decision.answer import answer
from partialpool.report.labels import read_labels
from partialpool.report.page import Entry, index

entries = []
with narrate(snakemake.log[0], "index of the reports"):
    given = snakemake.input
    for path, levels, page in zip(
        given.decisions, given.levels, snakemake.params.pages, strict=True
    ):
        decision = json.loads(Path(path).read_text(encoding="utf-8"))
        labels = read_labels(page["labels"], levels)
        first = answer(decision, labels)[0]
        entries.append(Entry(page["title"], page["question"], first, f"{page['name']}.html"))
    Path(snakemake.output[0]).write_text(index(entries), encoding="utf-8")
