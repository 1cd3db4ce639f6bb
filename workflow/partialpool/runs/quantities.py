"""What runs are held to one another by: rates and lifts of a model, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.question import Question
from partialpool.decision.pooling import prefer_pooled
from partialpool.decision.strata import OBSERVED, Strata, average, places_of
from partialpool.posterior.draws import summarise
from partialpool.settings import Analysis

KEY = ("within", "treatment", "quantity")
"""What tells a quantity from another: the place, the arm, and `rate`, `lift` over the first arm, or
`from_mean` of ranked levels."""
COLUMNS = (*KEY, "mean", "sd", "lower", "upper", "mcse", "contacts")


def question_of(analysis: Analysis) -> Question:
    """What an analysis asks."""
    return Question(**analysis.compared)


def tabulate_quantities(
    strata: Strata, analysis: Analysis, model: str, alone: Collection[str], chains: int
) -> pd.DataFrame:
    """Every rate and lift of a model.

    Args:
        strata: joint draws of its rates.
        analysis: its question, and how its answer is worked out.
        model: its name.
        alone: the models that let the lifts of places stand alone, of many of which pooled ones
            answer (`pooling.find_alone`).
        chains: that the draws are of, one after another.

    Returns:
        `COLUMNS`: a summary with the Monte Carlo standard error of the mean, and the contacts of
        the place.
    """
    question = question_of(analysis)
    if model in alone:
        needed = analysis.decision.probability
        strata = prefer_pooled(strata, question.within, needed, analysis.seed)
    places = average(strata, question.within)
    trials = strata.levels[OBSERVED].to_numpy()
    contacts = [
        int(trials[rows].sum()) for rows in places_of(strata.levels, question.within).values()
    ]
    rows = [
        {**key, **_summarise(draws, analysis.interval, chains), "contacts": contacts[place]}
        for place, name in enumerate(places.names)
        for key, draws in _quantities(places.rates[:, place], places.arms, name, question)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _quantities(
    rates: np.ndarray, arms: Collection[str], place: str, question: Question
) -> Iterator[tuple[dict[str, str], np.ndarray]]:
    """What is told of a place, from draws x arms."""
    for position, arm in enumerate(arms):
        key = {"within": place, "treatment": arm}
        yield {**key, "quantity": "rate"}, rates[:, position]
        if question.along:
            continue  # no value is what others are held to
        if question.ranked:
            yield {**key, "quantity": "from_mean"}, rates[:, position] - rates.mean(axis=1)
        elif position:
            yield {**key, "quantity": "lift"}, rates[:, position] - rates[:, 0]


def _summarise(draws: np.ndarray, interval: float, chains: int) -> dict[str, Any]:
    from arviz_stats.base.array import array_stats

    told = summarise(draws, interval)
    by_chain = draws.reshape(chains if len(draws) % chains == 0 else 1, -1)
    error = float(array_stats.mcse(by_chain, 0, 1, method="mean")) if np.ptp(draws) else 0.0
    return {name: told[name] for name in ("mean", "sd", "lower", "upper")} | {
        "mcse": float(np.nan_to_num(error, nan=told["sd"]))
    }
