"""Tabulate the counts before any model sees them."""

from pathlib import Path

from partialpool.cells.cells import read_cells
from partialpool.cells.exploration import cross, tabulate_margins, tabulate_numbers
from partialpool.cells.levels import read_levels
from partialpool.cells.question import Question
from partialpool.frames import write_frame
from partialpool.logs import narrate

params, output = snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: exploring the cells"):
    cells = read_cells(Path(snakemake.input.cells), read_levels(snakemake.input.levels))
    write_frame(tabulate_margins(cells), output.margins)
    write_frame(tabulate_numbers(cells), output.numbers)
    write_frame(cross(cells, Question(**params.question)), output.crossing)
