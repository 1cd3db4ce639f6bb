"""List the reports of several analyses on one page, each with its answer."""

from pathlib import Path

from partialpool.logs import narrate
from partialpool.report.compose import list_entry
from partialpool.report.page import index

given, pages = snakemake.input, snakemake.params.pages
with narrate(snakemake.log[0], "index of the reports"):
    entries = map(list_entry, given.decisions, given.weighed, given.levels, pages)
    Path(snakemake.output[0]).write_text(index(list(entries)), encoding="utf-8")
