"""The conclusion of an analysis: which model answers, what it says, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.cells.question import ALL, Question
from partialpool.checks.support import weigh_support
from partialpool.decision.answer import choose_model, decide, judge_ranking
from partialpool.decision.split import weigh_fairness
from partialpool.decision.standing import decide_levels
from partialpool.frames import read_facts, read_frame
from partialpool.settings import Decision

READERS = dict.fromkeys(("verdicts", "gaps"), read_facts) | dict.fromkeys(
    ("effects", "tests", "sensitivity"), read_frame
)
"""What is known of every model, and how its file is read."""


def conclude(
    verdicts: Mapping[str, Mapping[str, Any]],
    scores: pd.DataFrame,
    tables: Mapping[str, Mapping[str, Any]],
    counts: Sequence[pd.DataFrame],
    question: Question,
    settings: Decision,
    units: Mapping[str, Any],
    ledger: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything that the report answers, as facts without words.

    Args:
        verdicts: on each model (`diagnostics.judge`), in the order of the report.
        scores: of all models at the unit that they are ranked by (`ranking.gather_scores`), with
            the column `model`.
        tables: by what they are, of each model: `effects` (`effects.estimate_effects`), `tests`
            (`margins.judge_margins`), `sensitivity` (`sensitivity.measure_sensitivity`) and, where
            it is known, `gaps`, what the treatments do not have in common (`overlap.find_gaps`).
        counts: margins and crossing of the cells (`exploration`).
        question: which factor's levels are compared or ranked.
        settings: how sure one must be.
        units: `units.describe_units`.
        ledger: of the cells (`cells.make_cells`), empty where it counts no ids.

    Returns:
        `answer.decide`, or `standing.decide_levels`; `seen`, the counts of all contacts; where a
        model answers, `support` (`support.weigh_support`) and its `gaps`; `ranking`
        (`answer.judge_ranking`); and whether it was a fair experiment (`split.weigh_fairness`).
    """
    by_model = scores.groupby("model", sort=False)
    of_models = {model: by_model.get_group(model).reset_index(drop=True) for model in verdicts}
    passed = {model: bool(verdict["passed"]) for model, verdict in verdicts.items()}
    choice = choose_model(of_models, passed, settings.model)
    margins, crossing = counts
    compared = margins[margins["factor"] == (ALL if question.along else question.treatment)]
    if question.ranked:
        decision = decide_levels(tables["effects"], choice, settings.probability)
        if question.along:  # the values of a number are no levels that one would place
            decision["disagree"] = []
    else:
        given = (choice, crossing, compared, settings, question.sign)
        decision = decide(tables["effects"], *given)
    decision["seen"] = {k: int(compared[k].sum()) for k in ("successes", "trials")}
    if answers := choice["model"]:
        support = weigh_support(tables["tests"][answers], tables["sensitivity"][answers])
        decision["support"] = support
        decision["gaps"] = list(tables.get("gaps", {}).get(answers, []))
    decision["ranking"] = judge_ranking(of_models, units["decisive"], units["grouping"])
    return decision | weigh_fairness(settings.split, crossing, ledger)
