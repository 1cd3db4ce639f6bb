"""Compile a Stan program once for every fit."""

from pathlib import Path

from partialpool.logs import narrate
from partialpool.sampling.engines import load_engine

wildcards = snakemake.wildcards
with narrate(snakemake.log[0], f"{wildcards.program}.stan: compiling") as log:
    engine = load_engine(wildcards.engine)
    log.info("with %s", engine.version())
    folders = [Path(folder) for folder in snakemake.params.folders]
    engine.compile_program(Path(snakemake.input.program), Path(snakemake.output[0]), folders)
