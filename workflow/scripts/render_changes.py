"""Put what changed since a kept run on a page of its own."""

from partialpool.logs import narrate
from partialpool.report.page import assemble
from partialpool.report.since.compose import compose_changes
from partialpool.seals import write_sealed

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: rendering what changed"):
    page = compose_changes(given.since, given.levels, params.title, params.labels)
    write_sealed(snakemake.output[0], assemble(page).encode("utf-8"))
