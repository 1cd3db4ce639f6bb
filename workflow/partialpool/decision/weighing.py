"""What the model that answers says of every arm in every place, as tables and facts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.question import Question
from partialpool.decision.allocation import plan_experiments, round_contacts
from partialpool.decision.arms import advise_arm, contrast_pairs, rank_arms
from partialpool.decision.learning import Choice
from partialpool.decision.strata import OBSERVED, Places, Strata, average, places_of, read_strata
from partialpool.decision.value import draw_amounts, expected_amounts, money_table, weigh_policies
from partialpool.decision.weighed import COLUMNS, Weighed
from partialpool.settings import Decision

MULTIPLES = (0.25, 0.5, 1, 2, 4)
"""Of the contacts that there are, where the configuration names no sizes of an experiment."""


def weigh_answer(
    model: str | None,
    rates: Mapping[str, Path],
    question: Question,
    settings: Decision,
    interval: float,
    seed: int,
) -> Weighed:
    """What the model that answers says of the arms; nothing, where none does.

    Args:
        model: its name.
        rates: the files of `strata.write_strata` by model.
        question: as for `weigh_arms`.
        settings: as for `weigh_arms`.
        interval: as for `weigh_arms`.
        seed: as for `weigh_arms`.
    """
    if model is None:
        tables = {name: pd.DataFrame(columns=list(columns)) for name, columns in COLUMNS.items()}
        return Weighed(tables, {"advice": [], "policy": None, "terms": {}})
    return weigh_arms(read_strata(rates[model]), question, settings, interval, seed)


def weigh_arms(
    strata: Strata, question: Question, settings: Decision, interval: float, seed: int
) -> Weighed:
    """Every arm in every place: its rate, its chance to be best, what it risks, what it brings.

    Args:
        strata: joint draws of the rates (`strata.stratify`).
        question: what is compared, and where.
        settings: what may be chosen, how sure one must be, and what it is worth.
        interval: probability inside the intervals.
        seed: of uncertain amounts and of contacts to come.

    Returns:
        Tables `arms`, `pairs`, `mixes`, `money` (without rows where no value is given),
        `experiments` and `allocations`; and the facts `advice`, of each place and of all, and
        `policy` (None without a value).
    """
    places = average(strata, question.within)
    chosen = _candidates(strata.arms, settings)
    names = [strata.arms[i] for i in chosen]
    values = places.rates[:, :, chosen]
    money, policy, profits = _in_money(strata, question, settings, interval, seed)
    deciding = values if profits is None else profits[:, :, chosen]
    advice = [
        {"within": place, **_advise(deciding[:, i], names, settings, profits is None)}
        for i, place in enumerate(places.names)
    ]
    experiments, allocations = _plan(strata, places, question, settings, seed)
    tables = {
        "arms": rank_arms(values, places.names, names, interval),
        "pairs": _contrast(places, interval, settings.worthwhile),
        "mixes": _mix(strata, question, interval),
        "money": money,
        "experiments": experiments,
        "allocations": allocations,
    }
    return Weighed(tables, {"advice": advice, "policy": policy, "terms": _terms(settings)})


def _terms(settings: Decision) -> dict[str, Any]:
    """What the arms were weighed by, for whoever tells of it."""
    wanted = ("probability", "worthwhile", "value", "cost", "currency", "campaign", "illustrative")
    return settings.model_dump(mode="json", include=set(wanted)) | {
        "experiment": settings.experiment.cost
    }


def _candidates(arms: tuple[str, ...], settings: Decision) -> list[int]:
    allowed = settings.candidates or arms
    return [i for i, arm in enumerate(arms) if arm in allowed]


def _advise(
    values: np.ndarray, arms: list[str], settings: Decision, of_rates: bool
) -> dict[str, Any]:
    worthwhile = settings.worthwhile if of_rates else 0.0
    return advise_arm(values, arms, settings.probability, worthwhile)


def _contrast(places: Places, interval: float, worthwhile: float) -> pd.DataFrame:
    rows = [
        {"within": place, **row}
        for i, place in enumerate(places.names)
        for row in contrast_pairs(
            places.rates[:, i], places.log_odds[:, i], places.arms, interval, worthwhile
        )
    ]
    return pd.DataFrame(rows)


def _mix(strata: Strata, question: Question, interval: float) -> pd.DataFrame:
    """Rates and ranks over all by mix: `observed`, `equal` over places, and a `target`, if any."""
    observed = strata.levels[OBSERVED].to_numpy(dtype=float)
    mixes = {"observed": observed}
    if question.within is not None:
        column = strata.levels[question.within]
        mixes["equal"] = observed / column.map(strata.levels.groupby(column)[OBSERVED].sum())
    if not np.array_equal(observed, strata.weights):
        mixes["target"] = strata.weights
    parts = []
    for name, weights in mixes.items():
        over_all = average(strata, None, np.asarray(weights, dtype=float))
        table = rank_arms(over_all.rates, over_all.names, over_all.arms, interval)
        parts.append(table.assign(mix=name))
    return pd.concat(parts, ignore_index=True)


def _in_money(
    strata: Strata, question: Question, settings: Decision, interval: float, seed: int
) -> tuple[pd.DataFrame, dict[str, Any] | None, np.ndarray | None]:
    """The table of profits, what a choice by place adds, and draws x places x arms of profits."""
    if settings.value is None:
        return pd.DataFrame(columns=list(COLUMNS["money"])), None, None
    count, asked = len(strata.log_success), (strata, question.treatment)
    value = draw_amounts(settings.value, *asked, count, seed)
    cost = draw_amounts(settings.cost, *asked, count, seed + 1)
    profits = _average_profits(strata.rates * value - cost, strata, question.within)
    chosen = _candidates(strata.arms, settings)
    names = [strata.arms[i] for i in chosen]
    places = average(strata, question.within)
    table = rank_arms(profits[:, :, chosen], places.names, names, interval)
    within = slice(None, -1) if question.within is not None else slice(None)
    policy = weigh_policies(
        profits[:, within][:, :, chosen], places.shares[within], names, interval
    )
    return money_table(table, settings.campaign), policy, profits


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


def _plan(
    strata: Strata, places: Places, question: Question, settings: Decision, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What further contacts are worth, and where they would go."""
    apart = slice(None, -1) if question.within is not None else slice(None)
    value, cost = (
        _average_profits(
            expected_amounts(amounts, strata, question.treatment), strata, question.within
        )[0, apart]
        for amounts in ((1.0, 0.0) if settings.value is None else (settings.value, settings.cost))
    )
    choice = Choice(
        places.rates[:, apart],
        value,
        cost,
        places.shares[apart] / places.shares[apart].sum(),
        np.array(_candidates(strata.arms, settings)),
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
