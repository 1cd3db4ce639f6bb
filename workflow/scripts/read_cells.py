"""Count the contacts in each cell, and account for every row."""

import json
from pathlib import Path

from partialpool.cells import describe_request, make_cells, write_cells
from partialpool.logs import narrate
from partialpool.provenance import file_digest
from partialpool.settings import Factor, Outcome
from partialpool.source import count_contacts, glimpse

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}: counting contacts") as log:
    source = Path(snakemake.input.source)
    factors = {name: Factor(**factor) for name, factor in params.factors.items()}
    outcome = Outcome(**params.outcome)
    columns = [factor.column for factor in factors.values()] + [outcome.column]
    cells, ledger = make_cells(count_contacts(source, columns), factors, outcome, params.missing)
    ledger |= {
        "source": str(source),
        "sha256": file_digest(source),
        "request": describe_request(factors, outcome, params.missing),
    }
    log.info("%s contacts in %s cells", f"{ledger['rows_used']:,}", f"{len(cells):,}")
    glimpse(source).to_csv(output.glimpse, index=False)
    Path(output.ledger).write_text(json.dumps(ledger, indent=1))
    write_cells(cells, Path(output.cells))
