"""List the reports of several analyses on one page, each with its answer."""

from partialpool.logs import narrate
from partialpool.report.compose import list_entries
from partialpool.report.index import index
from partialpool.seals import write_sealed

with narrate(snakemake.log[0], "index of the reports"):
    entries = list_entries(snakemake.input, snakemake.params.pages)
    write_sealed(snakemake.output[0], index(entries).encode("utf-8"))
