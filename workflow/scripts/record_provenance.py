"""Record what the results were made from."""

from pathlib import Path

from partialpool.frames import read_facts, write_facts
from partialpool.logs import narrate
from partialpool.provenance import describe_results

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: recording the provenance"):
    ledger, verdicts = read_facts(given.ledger), list(map(read_facts, given.verdicts))
    drawn = dict(zip(params.present, map(read_facts, given.versions), strict=True))
    versions, asked = (drawn, params.present), (params.analysis, params.code)
    record = describe_results(ledger, Path(given.cells), *versions, verdicts, *asked)
    write_facts(record, snakemake.output[0])
