"""Sentences that set the models side by side: what is compared, and what is within noise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from partialpool.decision import NOISE
from partialpool.formats import decimals
from partialpool.wording.doubts import SHAKY
from partialpool.wording.parameters import Row, list_rows
from partialpool.wording.phrases import Labels
from partialpool.wording.text import listed, plain

UNITS = {
    "contact": "Per contact, the question is how well a model predicts one more contact in a "
    "combination that it has seen: what counts when the next campaign repeats this one.",
    "cell": "Per cell, a whole combination is left out, and the question is how well a model "
    "predicts a combination that it has never seen: what counts where nothing was tried yet.",
}
FEW_UNITS = 30
"""Standard errors from fewer units than this are called rough."""


def explain_units(unit: str, families: Collection[str] = ()) -> str:
    """Which unit of prediction the decision rests on, and what each one asks.

    Args:
        unit: `contact` or `cell`.
        families: of the models, where they are not binomial.
    """
    beta = (
        " A beta-binomial model predicts a contact given the others of its cell."
        if "beta_binomial" in families
        else ""
    )
    return (
        f"The models are compared by their expected log predictive density (elpd) of what was left "
        f"out, and the decision rests on the comparison per {unit}. {UNITS['contact']}{beta} "
        f"{UNITS['cell']}"
    )


def introduce_effects(labels: Labels) -> str:
    """How models of any formula are read on the same terms."""
    inside, there = (" inside each level", " there") if labels.places else ("", "")
    return (
        f"Every model is read on the same terms: the log-odds under the reference{inside}, and how "
        f"far the treatment moves them{there}. Both are computed from the model’s rates in every "
        "draw, whatever its formula."
    )


def rank_models(
    comparison: pd.DataFrame,
    unit: str,
    units: int,
    failed: Sequence[str] = (),
    untrusted: float = 0.0,
) -> str:
    """Which model predicts best, and which are within noise of it.

    Args:
        comparison: `comparison.compare`, the best first.
        unit: `contact` or `cell`.
        units: how many of them there are.
        failed: models that failed their verdict.
        untrusted: for which part of the units importance sampling, on which the ranking rests,
            cannot be trusted.
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
    if untrusted > SHAKY:
        said.append(f"**This ranking by {unit} is not to be trusted**, as is said below.")
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
