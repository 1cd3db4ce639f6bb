"""Record what the results were made from."""

import json
from pathlib import Path

import yaml

from partialpool.logs import narrate
from partialpool.provenance import SOURCE_NAMES, file_digest, package_versions
from partialpool.sampling.engines import load_engine

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: recording the provenance"):
    ledger = json.loads(Path(given.ledger).read_text())
    verdicts = (json.loads(Path(path).read_text()) for path in given.verdicts)
    engines = {name: load_engine(engine).version() for name, engine in params.engines.items()}
    record = {
        "Source": {
            "Place": ledger["source"],
            **{SOURCE_NAMES[key]: value for key, value in ledger["fingerprint"].items()},
            "Rows read": ledger["rows_read"],
            "Rows used": ledger["rows_used"],
            "Contacts": ledger["contacts"],
        },
        "Cells": {"Count": ledger["cells"], "SHA-256": file_digest(Path(given.cells))},
        "Engines": engines,
        "Sampler": {
            name: f"{v['chains']} chains, {v['draws']:,} draws, {v['gradients']:,} gradients"
            for name, v in zip(engines, verdicts, strict=True)
        },
        "Seed": params.analysis["seed"],
        "Versions": package_versions(),
        "Configuration": yaml.safe_dump(params.analysis, sort_keys=False, allow_unicode=True),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    Path(snakemake.output[0]).write_text(text, encoding="utf-8")
