"""Test the ranks of a model's replicates, and judge its calibration."""

from partialpool.calibration.ranks import (
    LOG_LIKELIHOOD,
    judge_calibration,
    picture_ranks,
    summarise_ranks,
)
from partialpool.frames import join_frames, write_facts, write_frames
from partialpool.logs import narrate
from partialpool.report.selection import least_even

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: judging") as log:
    ranks, fits = join_frames(given.ranks), join_frames(given.fits)
    ranked, alarm = params.ranked, params.false_alarm
    summary = summarise_ranks(ranks, ranked, alarm)
    verdict = judge_calibration(summary, fits, alarm, ranked, params.ebfmi)
    drawn = least_even(summary, LOG_LIKELIHOOD)
    bins, points = picture_ranks(ranks, drawn, ranked, alarm, len(summary))
    found = {"ranks": ranks, "fits": fits, "summary": summary, "bins": bins, "points": points}
    write_frames(found, dict(snakemake.output.items()))
    write_facts(verdict, snakemake.output.verdict)
    log.info("%s", "passed" if verdict["passed"] else f"failed: {verdict['flagged']}")
