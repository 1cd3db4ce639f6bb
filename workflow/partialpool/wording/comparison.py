"""Sentences that set the models side by side: what is compared, and what is within noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from partialpool.decision import NOISE
from partialpool.formats import decimals
from partialpool.wording.parameters import Row, list_rows
from partialpool.wording.phrases import Labels, listed, plain

UNITS = {
    "contact": "Per contact, the question is how well a model predicts one more contact in a "
    "combination that it has seen: what counts when the next campaign repeats this one.",
    "cell": "Per cell, a whole combination is left out, and the question is how well a model "
    "predicts a combination that it has never seen: what counts when an offer goes somewhere new.",
}
FEW_UNITS = 30
"""Standard errors from fewer units than this are called rough."""


def explain_units(unit: str) -> str:
    """Which unit of prediction the decision rests on, and what each one asks."""
    return (
        f"The models are compared by their expected log predictive density (elpd) of what was left "
        f"out, and the decision rests on the comparison per {unit}. {UNITS['contact']} "
        f"{UNITS['cell']}"
    )


def rank_models(comparison: pd.DataFrame, unit: str, units: int, failed: Sequence[str] = ()) -> str:
    """Which model predicts best, and which are within noise of it.

    Args:
        comparison: `comparison.compare`, the best first.
        unit: `contact` or `cell`.
        units: how many of them there are.
        failed: models that failed their verdict.
    """
    best, *others = list_rows(comparison)
    if not others:
        return f"There is one model only; its elpd per {unit} is {decimals(1)(best['elpd'])}."
    said = [f"Per {unit}, **{plain(best['model'])}** has the highest elpd{_doubt(best, failed)}."]
    near = [_gap(row, failed) for row in others if _is_noise(row)]
    if near:
        verb = "is" if len(near) == 1 else "are"
        said.append(
            f"Within noise of it (at most {NOISE:g} standard errors behind) {verb} {listed(near)}."
        )
    far = [_gap(row, failed) for row in others if not _is_noise(row)]
    if far:
        said.append(f"Clearly behind: {listed(far)}.")
    if units < FEW_UNITS:
        said.append(f"With {units} {unit}s, the standard errors themselves are rough.")
    return " ".join(said)


def compare_units(
    contact: pd.DataFrame,
    cell: pd.DataFrame,
    parameters: Mapping[str, pd.DataFrame],
    labels: Labels,
) -> str:
    """How far multilevel models are ahead of the others, per contact and per cell.

    Args:
        contact: `comparison.compare` per contact.
        cell: the same per cell.
        parameters: of each model (`posterior.summarise_parameters`).
        labels: the words of the analysis.
    """
    grouped = {m for m, t in parameters.items() if t["parameter"].str.startswith("sd_").any()}
    if not grouped or len(grouped) == len(labels.models):
        return ""
    return (
        "Of the models with varying effects and those without, the best of each compare so: per "
        f"contact, {_advantage(contact, grouped)}; per cell, {_advantage(cell, grouped)}. What "
        "pooling is worth depends on what is to be predicted."
    )


def explain_psis(scores: Mapping[str, pd.DataFrame], largest_contact: float, limit: float) -> str:
    """Why cells are left out by refitting.

    Args:
        scores: of the cells, by model (`psis_elpd`, `elpd`, `pareto_k`).
        largest_contact: the largest Pareto k of any contact.
        limit: above which importance sampling is not trusted.
    """
    k = np.concatenate([table["pareto_k"] for table in scores.values()])
    off = {m: abs(t["psis_elpd"].sum() - t["elpd"].sum()) for m, t in scores.items()}
    small, large = min(off.values()), max(off.values())
    show = decimals(1)
    apart = f"by {show(small)} to {show(large)}" if len(off) > 1 else f"by {show(large)}"
    per_contact = "can be trusted" if largest_contact < limit else "cannot be trusted everywhere"
    return (
        "A cell holds many contacts, so leaving it out moves the posterior far. Importance "
        f"sampling from the full fit (PSIS) has a Pareto k above {limit:g} in {(k > limit).sum()} "
        f"of {k.size} pairs of cell and model, and its elpd is off {apart}; the models were "
        "therefore refitted without each cell. Per contact the largest k is "
        f"{decimals(2)(largest_contact)}, and PSIS {per_contact}."
    )


def fine(value: float) -> str:
    """A difference of elpd: two decimals near the best model, one far from it."""
    return decimals(2 if abs(value) < 10 else 1)(value)


def _advantage(table: pd.DataFrame, grouped: set[str]) -> str:
    """The best of one kind against the best of the other; the table has the best first."""
    best, *others = list_rows(table)
    other = next(r for r in others if (r["model"] in grouped) != (best["model"] in grouped))
    return (
        f"{plain(best['model'])} is ahead of {plain(other['model'])} by "
        f"{fine(-other['difference'])} (standard error {fine(other['difference_se'])}), "
        f"{'within' if _is_noise(other) else 'beyond'} noise"
    )


def _is_noise(row: Row) -> bool:
    return bool(abs(row["difference"]) <= NOISE * row["difference_se"])


def _gap(row: Row, failed: Sequence[str]) -> str:
    return (
        f"{plain(row['model'])} ({fine(row['difference'])}, standard error "
        f"{fine(row['difference_se'])}{_doubt(row, failed)})"
    )


def _doubt(row: Row, failed: Sequence[str]) -> str:
    return ", but failed its verdict" if row["model"] in failed else ""
