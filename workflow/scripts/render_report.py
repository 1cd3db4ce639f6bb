"""Put the answer, the notebooks and the provenance on one page."""

from pathlib import Path

from partialpool.logs import narrate
from partialpool.report.compose import compose_report
from partialpool.report.page import assemble

params = snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: rendering the report"):
    said = params.title, params.question, params.labels, params.formulas
    page = compose_report(snakemake.input, *said)
    Path(snakemake.output[0]).write_text(assemble(page), encoding="utf-8")
