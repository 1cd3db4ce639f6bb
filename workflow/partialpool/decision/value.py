"""What arms bring in money: profit per contact, draw by draw, and what a choice by place adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.decision.strata import Strata
from partialpool.posterior.draws import summarise
from partialpool.settings.decision import Amount, Amounts, amounts_by_level


def draw_amounts(
    amounts: Amounts, strata: Strata, treatment: str, count: int, seed: int
) -> np.ndarray:
    """Draws of an amount in every stratum under every arm.

    Args:
        amounts: one, or by factor and level; those of several factors are added. Of a range every
            value is as likely as another, and all strata of a level have the same.
        strata: whose levels and arms they are.
        treatment: the factor that the arms are levels of.
        count: of draws.
        seed: of ranges.

    Returns:
        Draws x strata x arms, with one for several where all are the same.

    Raises:
        KeyError: a level has no amount.
    """
    generator = np.random.default_rng(seed)
    size = (count, len(strata.levels), len(strata.arms))
    total = np.zeros(size) if isinstance(amounts, dict) else np.zeros((count, 1, 1))
    for factor, level, amount in amounts_by_level(amounts):
        drawn = _draw(amount, count, generator)[:, None, None]
        if factor is None:
            total = total + drawn
        elif factor == treatment:
            total += drawn * np.array([arm == level for arm in strata.arms])
        else:
            total += drawn * (strata.levels[factor].to_numpy() == level)[:, None]
    return total


def expected_amounts(amounts: Amounts, strata: Strata, treatment: str) -> np.ndarray:
    """The expectation of an amount in every stratum under every arm: 1 x strata x arms.

    Args:
        amounts: as for `draw_amounts`.
        strata: as for `draw_amounts`.
        treatment: as for `draw_amounts`.
    """
    middle = _middle(amounts)
    drawn = draw_amounts(middle, strata, treatment, 1, 0)
    return np.broadcast_to(drawn, (1, len(strata.levels), len(strata.arms)))


def _middle(amounts: Amounts) -> Amounts:
    if isinstance(amounts, dict):
        return {
            factor: {level: _mean(amount) for level, amount in given.items()}
            for factor, given in amounts.items()
        }
    return _mean(amounts)


def _mean(amount: Amount) -> float:
    return sum(amount) / 2 if isinstance(amount, tuple) else float(amount)


def _draw(amount: Amount, count: int, generator: np.random.Generator) -> np.ndarray:
    if isinstance(amount, tuple):
        return generator.uniform(*amount, size=count)
    return np.full(count, float(amount))


def weigh_policies(
    profits: np.ndarray, shares: np.ndarray, arms: list[str], interval: float
) -> dict[str, Any]:
    """The best arm of each place against one arm for all.

    Args:
        profits: draws x places x arms, per contact, of the arms that may be chosen.
        shares: of the contacts, by place.
        arms: their names.
        interval: probability inside the intervals.

    Returns:
        `one`, the arm that is best everywhere at once, and `by_place`, the best of each place by
        expectation; of each the expected `profit` per contact with its interval, and `gain`, by
        how much the second is better; `perfect`, the expected value of perfect information: what
        knowing the rates and amounts exactly would add to the choice by place, per contact
        (Raiffa and Schlaifer 1961).
    """
    weights = shares / shares.sum()
    overall = np.einsum("dpa,p->da", profits, weights)
    one = int(overall.mean(axis=0).argmax())
    chosen = profits.mean(axis=0).argmax(axis=1)
    by_place = np.einsum("dp,p->d", profits[:, np.arange(len(chosen)), chosen], weights)
    knowing = np.einsum("dp,p->d", profits.max(axis=2), weights)
    return {
        "one": {"treatment": arms[one], "profit": summarise(overall[:, one], interval)},
        "by_place": {"profit": summarise(by_place, interval)},
        "gain": summarise(by_place - overall[:, one], interval),
        "perfect": float(knowing.mean() - by_place.mean()),
    }


def money_table(
    table: pd.DataFrame, campaign: int | None, shares: Mapping[str, float]
) -> pd.DataFrame:
    """A table of `arms.rank_arms` in money, and over a campaign, of which places have shares.

    Args:
        table: per contact.
        campaign: how many contacts it is for, if that is known.
        shares: of these contacts, by place.
    """
    total = table["within"].map(shares) * (np.nan if campaign is None else campaign)
    return table.assign(campaign=table["mean"] * total, campaign_loss=table["loss"] * total)
