"""What arms bring in money in every place, and what further contacts are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.question import Question
from partialpool.decision.allocation import plan_experiments, round_contacts
from partialpool.decision.arms import rank_arms
from partialpool.decision.learning import Choice
from partialpool.decision.strata import OBSERVED, Places, Strata, average, places_of
from partialpool.decision.value import draw_amounts, expected_amounts, money_table, weigh_policies
from partialpool.decision.weighed import COLUMNS
from partialpool.settings import Decision

MULTIPLES = (0.25, 0.5, 1, 2, 4)
"""Of the contacts that there are, where the configuration names no sizes of an experiment."""


def candidates(arms: tuple[str, ...], settings: Decision) -> list[int]:
    """The positions of the arms that may be chosen."""
    allowed = settings.candidates or arms
    return [i for i, arm in enumerate(arms) if arm in allowed]


def weigh_money(
    strata: Strata, question: Question, settings: Decision, interval: float, seed: int
) -> tuple[pd.DataFrame, dict[str, Any] | None, np.ndarray | None]:
    """Profits in every place; nothing where a success has no value.

    Args:
        strata: joint draws of the rates.
        question: what is compared, and where.
        settings: what a success is worth, what a contact costs, and what may be chosen.
        interval: probability inside the intervals.
        seed: of uncertain amounts.

    Returns:
        The table of profits, what a choice by place adds, and draws x places x arms of
        profits.
    """
    if settings.value is None:
        return pd.DataFrame(columns=list(COLUMNS["money"])), None, None
    count, asked = len(strata.log_success), (strata, question.treatment)
    value = question.sign * draw_amounts(settings.value, *asked, count, seed)
    cost = draw_amounts(settings.cost, *asked, count, seed + 1)
    profits = _average_profits(strata.rates * value - cost, strata, question.within)
    if strata.unpooled is not None:
        of_model = strata.unpooled.rates * value - cost
        profits[:, -1] = _average_profits(of_model, strata, None)[:, 0]
    chosen = candidates(strata.arms, settings)
    names = [strata.arms[i] for i in chosen]
    places = average(strata, question.within)
    table = rank_arms(profits[:, :, chosen], places.names, names, interval)
    within = slice(None, -1) if question.within is not None else slice(None)
    policy = weigh_policies(
        profits[:, within][:, :, chosen], places.shares[within], names, interval
    )
    shares = dict(zip(places.names, places.shares, strict=True))
    return money_table(table, settings.campaign, shares), policy, profits


def _average_profits(profits: np.ndarray, strata: Strata, within: str | None) -> np.ndarray:
    """Draws x places x arms from draws x strata x arms."""
    return np.stack(
        [
            np.einsum("dsa,s->da", profits[:, rows], shares)
            for rows, shares in _shares(strata, within)
        ],
        axis=1,
    )


def _shares(strata: Strata, within: str | None) -> list[tuple[np.ndarray, np.ndarray]]:
    """The strata of each place, and their shares of it."""
    found = []
    for rows in places_of(strata.levels, within).values():
        weights = strata.weights[rows]
        if weights.sum() <= 0:
            weights = strata.levels[OBSERVED].to_numpy(dtype=float)[rows]
        found.append((rows, weights / weights.sum()))
    return found


def plan_further(
    strata: Strata, places: Places, question: Question, settings: Decision, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What further contacts are worth, and where they would go.

    Args:
        strata: joint draws of the rates.
        places: the same by place.
        question: what is compared, and where.
        settings: what a success is worth, and which experiments are weighed.
        seed: of contacts to come.

    Returns:
        The tables `experiments` and `allocations`.
    """
    apart = slice(None, -1) if question.within is not None else slice(None)
    value, cost = (
        _average_profits(
            expected_amounts(amounts, strata, question.treatment), strata, question.within
        )[0, apart]
        for amounts in ((1.0, 0.0) if settings.value is None else (settings.value, settings.cost))
    )
    choice = Choice(
        places.rates[:, apart],
        question.sign * value,
        cost,
        places.shares[apart] / places.shares[apart].sum(),
        np.array(candidates(strata.arms, settings)),
    )
    trials = int(strata.levels[OBSERVED].sum())
    asked = settings.experiment
    sizes = list(asked.contacts) or [max(1, round(trials * multiple)) for multiple in MULTIPLES]
    table, found = plan_experiments(choice, sizes, settings.campaign, asked.cost, seed)
    rows = [
        {"experiment": size, "within": place, "treatment": arm, "contacts": int(count)}
        for size, contacts in found.items()
        for place, row in zip(places.names[apart], round_contacts(contacts), strict=True)
        for arm, count in zip(strata.arms, row, strict=True)
    ]
    return table, pd.DataFrame(rows)
