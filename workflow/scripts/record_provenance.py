"""Record what the results were made from."""

from pathlib import Path

from partialpool.frames import read_facts, write_facts
from partialpool.logs import narrate
from partialpool.provenance import describe_results
from partialpool.sampling.engines import load_engine

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: recording the provenance"):
    engines = {name: load_engine(engine).version() for name, engine in params.engines.items()}
    ledger, verdicts = read_facts(given.ledger), list(map(read_facts, given.verdicts))
    record = describe_results(ledger, Path(given.cells), engines, verdicts, params.analysis)
    write_facts(record, snakemake.output[0])
