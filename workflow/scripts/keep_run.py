"""Keep a finished run under its label, which is never written over."""

from pathlib import Path

from partialpool.logs import narrate
from partialpool.runs.keeping import keep, seal_kept
from partialpool.runs.shelf import list_kept
from partialpool.settings import Analysis

given, wildcards = snakemake.input, snakemake.wildcards
with narrate(snakemake.log[0], f"{wildcards.analysis}: keeping the run as {wildcards.label}"):
    folder, analysis = Path(snakemake.output[0]).parent, Analysis(**snakemake.params.analysis)
    results, before = Path("results") / wildcards.analysis, list_kept(wildcards.analysis)
    told = keep(results, given.files, Path(given.page), folder, analysis)
    seal_kept(folder, told, before)
