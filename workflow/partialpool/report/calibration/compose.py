"""The page of a calibration, put together from the files of its rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partialpool.frames import read_facts
from partialpool.provenance import package_versions
from partialpool.report.calibration import text as say
from partialpool.report.labels import read_labels
from partialpool.report.page import Page, group_models
from partialpool.report.recovery import text as tell

Files = Mapping[str, Any]
"""Paths, or lists of them, by what they hold."""


def compose_calibration(
    files: Files,
    title: str,
    words: Mapping[str, Any],
    asked: Mapping[str, Any],
    probability: float,
    tested: Mapping[str, str],
    recovered: Mapping[str, str],
    left_out: Mapping[str, str],
    made_by: Mapping[str, Any],
) -> Page:
    """The page of an analysis' calibration.

    Args:
        files: `levels`; the `verdicts` and executed notebooks, `calibration`, of each model that
            was tested; the `needs` and notebooks, `recovery`, of each whose lifts were recovered.
        title: of the analysis.
        words: of the analysis (`described.describe_labels`).
        asked: the settings of the calibration.
        probability: that a call needs.
        tested: formulas of the models that were tested.
        recovered: formulas of those whose lifts were recovered.
        left_out: the models that could not be tested, and why.
        made_by: the versions of the engines, by model, and the `seed`.
    """
    labels = read_labels(words, files["levels"])
    verdicts, needs = _by_model(tested, files["verdicts"]), _by_model(recovered, files["needs"])
    recovery = asked["recovery"]
    explained = tell.explain(recovery, probability, labels)
    without = tell.state_left_out(labels.models, needs, recovery, labels)
    ranks, lifts = files["calibration"], files["recovery"]
    return Page(
        title=say.title(title),
        question=say.question(labels),
        lede=say.lead(asked, verdicts, needs),
        answer=[say.conclude(verdicts), *say.state_test(verdicts), *tell.compare(needs, labels)],
        doubts=[*say.state_left_out(left_out), *without, *say.state_troubles(verdicts)],
        sections=[
            *group_models("ranks", say.HEADING, say.explain(asked), tested, ranks),
            *group_models("recovery", tell.heading(labels), explained, recovered, lifts),
        ],
        provenance={
            "Engines": made_by["engines"],
            "Settings": {"seed": made_by["seed"], **asked},
            "Versions": package_versions(),
        },
    )


def _by_model(models: Mapping[str, str], paths: Sequence[str]) -> dict[str, Any]:
    return dict(zip(models, map(read_facts, paths), strict=True))
