"""The conclusion of an analysis: which model answers, what it says, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.checks.support import weigh_support
from partialpool.decision.answer import choose_model, decide, judge_ranking
from partialpool.decision.split import weigh_fairness
from partialpool.settings import Decision

FACTS = ("verdicts", "gaps")
"""Of each model, those that a conclusion is drawn from."""
TABLES = ("effects", "tests", "sensitivity")
"""What is known of every model, beside its verdict."""


def conclude(
    verdicts: Mapping[str, Mapping[str, Any]],
    scores: pd.DataFrame,
    tables: Mapping[str, Mapping[str, pd.DataFrame]],
    counts: Sequence[pd.DataFrame],
    treatment: str,
    settings: Decision,
    units: Mapping[str, Any],
    ledger: Mapping[str, Any],
    gaps: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> dict[str, Any]:
    """Everything that the report answers, as facts without words.

    Args:
        verdicts: on each model (`diagnostics.judge`), in the order of the report.
        scores: of all models at the unit that they are ranked by (`ranking.gather_scores`), with
            the column `model`.
        tables: by what they are, of each model: `effects` (`effects.estimate_effects`), `tests`
            (`margins.judge_margins`) and `sensitivity` (`sensitivity.measure_sensitivity`).
        counts: margins and crossing of the cells (`exploration`).
        treatment: the factor whose levels are compared.
        settings: how sure one must be.
        units: `units.describe_units`.
        ledger: of the cells (`cells.make_cells`).
        gaps: what the treatments do not have in common, of each model (`overlap.find_gaps`).

    Returns:
        `answer.decide`; `seen`, the counts of all contacts; where a model answers, `support`
        (`support.weigh_support`) and its `gaps`; `ranking` (`answer.judge_ranking`); and whether
        it was a fair experiment (`split.weigh_fairness`).
    """
    by_model = scores.groupby("model", sort=False)
    of_models = {model: by_model.get_group(model).reset_index(drop=True) for model in verdicts}
    passed = {model: bool(verdict["passed"]) for model, verdict in verdicts.items()}
    choice = choose_model(of_models, passed, settings.model)
    margins, crossing = counts
    of_treatment = margins[margins["factor"] == treatment]
    decision = decide(tables["effects"], choice, crossing, of_treatment, settings)
    decision["seen"] = {k: int(of_treatment[k].sum()) for k in ("successes", "trials")}
    if answers := choice["model"]:
        support = weigh_support(tables["tests"][answers], tables["sensitivity"][answers])
        decision["support"] = support
        decision["gaps"] = list((gaps or {}).get(answers, []))
    decision["ranking"] = judge_ranking(of_models, units["decisive"], units["grouping"])
    return decision | weigh_fairness(settings.split, crossing, ledger)
