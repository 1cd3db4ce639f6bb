"""Test the ranks of a model's replicates, and judge its calibration."""

import json
from pathlib import Path

from partialpool.calibration.ranks import (
    LOG_LIKELIHOOD,
    judge_calibration,
    picture_ranks,
    summarise_ranks,
)
from partialpool.frames import join_frames, write_frame
from partialpool.logs import narrate
from partialpool.report.selection import least_even

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
output = snakemake.output
with narrate(
    snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: judging its calibration"
) as log:
    ranks, fits = join_frames(given.ranks), join_frames(given.fits)
    ranked, alarm = params.ranked, params.false_alarm
    summary = summarise_ranks(ranks, ranked, alarm)
    verdict = judge_calibration(summary, fits, alarm, ranked, params.ebfmi)
    bins, points = picture_ranks(
        ranks, least_even(summary, LOG_LIKELIHOOD), ranked, alarm, len(summary)
    )
    for name, frame in {"ranks": ranks, "fits": fits, "summary": summary, "bins": bins}.items():
        write_frame(frame, output[name])
    write_frame(points, output.points)
    text = json.dumps(verdict, ensure_ascii=False, indent=1)
    Path(output.verdict).write_text(text, encoding="utf-8")
    log.info("%s", "passed" if verdict["passed"] else f"failed: {verdict['flagged']}")
