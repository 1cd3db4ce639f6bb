"""Sentences on importance sampling: whether the scores of cells left out can be trusted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from partialpool.formats import decimals, integer
from partialpool.wording.doubts import SHAKY


def are_refitted(scores: Mapping[str, pd.DataFrame]) -> bool:
    """Whether every cell was left out by refitting, so that the scores are exact."""
    return all((table["fits"] > 0).all() for table in scores.values())


def share_untrusted(scores: Mapping[str, pd.DataFrame], limit: float) -> float:
    """The part of the pairs of cell and model for which importance sampling cannot be trusted."""
    return float(np.mean(_untrusted(scores, limit)))


def explain_psis(
    scores: Mapping[str, pd.DataFrame], largest_contact: float, limit: float, most: int
) -> str:
    """Why cells are left out by refitting, or what it means that they were not.

    Args:
        scores: of the cells, by model (`psis_elpd`, `elpd`, `pareto_k`, `fits`).
        largest_contact: the largest Pareto k of any contact.
        limit: above which importance sampling is not trusted.
        most: with how many cells at most each is left out by refitting.
    """
    bad = _untrusted(scores, limit)
    above = (
        f"has a Pareto k above {limit:g} in {integer(bad.sum())} of {integer(bad.size)} pairs of "
        "cell and model"
    )
    per_contact = "can be trusted" if largest_contact < limit else "cannot be trusted everywhere"
    contacts = (
        f"Per contact the largest k is {decimals(2)(largest_contact)}, and PSIS {per_contact}."
    )
    if not are_refitted(scores):
        cells = max(len(table) for table in scores.values())
        why = (
            f"There are {integer(cells)} cells, more than the {integer(most)} up to which the "
            "models are refitted without each"
            if most
            else "The configuration has no cell left out by refitting"
        )
        return (
            f"{why}, so cells were left out by importance sampling from the full fit alone "
            f"(PSIS). It {above}: {_weigh(float(bad.mean()))}. {contacts}"
        )
    off = {m: abs(t["psis_elpd"].sum() - t["elpd"].sum()) for m, t in scores.items()}
    small, large = decimals(1)(min(off.values())), decimals(1)(max(off.values()))
    apart = f"by {small} to {large}" if len(off) > 1 else f"by {large}"
    return (
        "A cell holds many contacts, so leaving it out moves the posterior far. Importance "
        f"sampling from the full fit (PSIS) {above}, and its elpd is off {apart}; the models were "
        f"therefore refitted without each cell. {contacts}"
    )


def _untrusted(scores: Mapping[str, pd.DataFrame], limit: float) -> np.ndarray:
    """Of every pair of cell and model, whether its Pareto k is too large, or no number."""
    return ~(np.concatenate([table["pareto_k"] for table in scores.values()]) <= limit)


def _weigh(share: float) -> str:
    if share > SHAKY:
        return "**the ranking by cell is not to be trusted**"
    if share > 0:
        return "few enough for the ranking, but the scores of those cells are unsure"
    return "the scores can be trusted"
