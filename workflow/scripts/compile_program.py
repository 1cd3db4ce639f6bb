"""Compile a Stan program once for every fit."""

from pathlib import Path

from partialpool.logs import narrate
from partialpool.sampling.engines import load_engine
from partialpool.seals import seal

wildcards = snakemake.wildcards
with narrate(snakemake.log[0], f"{wildcards.program}.stan: compiling") as log:
    engine = load_engine(wildcards.engine)
    log.info("with %s", engine.version())
    compiled, params = Path(snakemake.output[0]), snakemake.params
    engine.compile_program(params.program, compiled, [params.folder])
    seal(compiled)
