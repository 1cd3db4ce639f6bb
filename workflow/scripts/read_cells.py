"""Count the contacts in each cell, and account for every row."""

from pathlib import Path

from partialpool.cells.cells import make_cells, write_cells
from partialpool.cells.levels import write_levels
from partialpool.frames import write_facts, write_texts
from partialpool.logs import narrate
from partialpool.settings.described import read_request
from partialpool.source.counted import check_problems
from partialpool.source.counting import count_contacts, glimpse
from partialpool.source.ids import book_ids
from partialpool.source.names import escape_control
from partialpool.source.opening import held_still

wildcards, output, request = snakemake.wildcards, snakemake.output, snakemake.params.request
with narrate(snakemake.log[0], f"{wildcards.analysis}: counting contacts") as log:
    source, *asked, treatment = read_request(request)
    with held_still(source) as found:
        counted = count_contacts(source, *asked, treatment)
        shown = glimpse(source)
    check_problems(counted, source)
    cells, ledger = make_cells(counted, *asked, source.missing, source)
    ledger |= book_ids(counted, source, ledger["contacts"])
    ledger |= {"source": source.shown, "fingerprint": found, "request": request}
    log.info("%s contacts in %s cells", f"{ledger['contacts']:,}", f"{len(cells):,}")
    write_texts(shown.map(escape_control, na_action="ignore"), output.glimpse)
    write_facts(ledger, output.ledger)
    write_levels(cells, Path(output.levels))
    write_cells(cells, Path(output.cells))
