"""Say how often each lift is called, how well it is estimated, and how many contacts it needs."""

import json
from pathlib import Path

from partialpool.calibration.recovery import (
    list_needs,
    name_kinds,
    summarise_coverage,
    summarise_lifts,
)
from partialpool.frames import join_frames, read_frame, write_frame
from partialpool.logs import narrate

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
output = snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: summing up recovery"):
    measured = join_frames(given.measured)
    names = read_frame(given.names)
    lifts = summarise_lifts(measured, params.probability)
    write_frame(measured, output.measured)
    write_frame(lifts, output.lifts)
    write_frame(summarise_coverage(measured, name_kinds(names)), output.coverage)
    text = json.dumps(list_needs(lifts, params.share), ensure_ascii=False, indent=1)
    Path(output.needs).write_text(text, encoding="utf-8")
