"""List the reports of several analyses on one page, each with its answer."""

from partialpool.logs import narrate
from partialpool.report.compose import list_entry
from partialpool.report.index import index
from partialpool.seals import write_sealed

given, pages = snakemake.input, snakemake.params.pages
with narrate(snakemake.log[0], "index of the reports"):
    entries = map(list_entry, given.decisions, given.weighed, given.levels, pages)
    write_sealed(snakemake.output[0], index(list(entries)).encode("utf-8"))
