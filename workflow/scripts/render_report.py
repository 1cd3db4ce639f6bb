"""Put the answer, the notebooks and the provenance on one page."""

from partialpool.logs import narrate
from partialpool.report.compose import compose_report
from partialpool.report.page import assemble
from partialpool.seals import write_sealed

params = snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: rendering the report"):
    said = params.title, params.question, params.labels, params.formulas
    page = compose_report(snakemake.input, *said)
    write_sealed(snakemake.output[0], assemble(page).encode("utf-8"))
