"""Count the contacts in each cell, and account for every row."""

import json
from pathlib import Path

from partialpool.cells.cells import make_cells, write_cells
from partialpool.cells.levels import write_levels
from partialpool.frames import write_texts
from partialpool.logs import narrate
from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source import check_problems, count_contacts, fingerprint, glimpse

wildcards, output, request = snakemake.wildcards, snakemake.output, snakemake.params.request
with narrate(snakemake.log[0], f"{wildcards.analysis}: counting contacts") as log:
    source, outcome = Source(**request["source"]), Outcome(**request["outcome"])
    factors = {name: Factor(**factor) for name, factor in request["factors"].items()}
    numbers = {name: Number(**number) for name, number in request["numbers"].items()}
    counted = count_contacts(source, factors, numbers, outcome)
    check_problems(counted, source)
    cells, ledger = make_cells(counted, factors, numbers, outcome, source.missing)
    ledger |= {"source": source.shown, "fingerprint": fingerprint(source), "request": request}
    log.info("%s contacts in %s cells", f"{ledger['contacts']:,}", f"{len(cells):,}")
    write_texts(glimpse(source), output.glimpse)
    Path(output.ledger).write_text(json.dumps(ledger, ensure_ascii=False, indent=1))
    write_levels(cells, Path(output.levels))
    write_cells(cells, Path(output.cells))
