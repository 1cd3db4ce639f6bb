"""Pack everything that a page was made of into one file."""

from pathlib import Path

from partialpool.logs import narrate
from partialpool.runs.bundle import pack

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: packing") as log:
    named = {k: v for k, v in sorted(given.items()) if k not in ("page", "given")}
    files = {k: v if isinstance(v, str) else list(v) for k, v in named.items()}
    about = {"files": files, **params.page}
    packed = Path(snakemake.output[0]), snakemake.wildcards.analysis, params.project
    inside = pack(*packed, Path(given.page), params.config, about, given.given)
    log.info("%d files, %.1f MB", len(inside), packed[0].stat().st_size / 1e6)
