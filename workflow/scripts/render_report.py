"""Put the answer, the notebooks and the provenance on one page, and its pieces in files."""

from pathlib import Path

from partialpool.logs import narrate
from partialpool.report.compose import compose_report
from partialpool.report.page import assemble
from partialpool.report.takeaway import list_pieces, write_pieces
from partialpool.seals import write_sealed

params = snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: rendering the report"):
    said = params.title, params.question, params.labels, params.formulas
    page = compose_report(snakemake.input, *said)
    html = assemble(page)
    write_sealed(snakemake.output.page, html.encode("utf-8"))
    write_pieces(list_pieces(html), Path(snakemake.output.manifest).parent)
