"""Whether lifts differ between places, by how much, and how surely.

A place is a level of the factor that the treatment is compared within. Differences are computed in
every draw and summarised last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from partialpool.cells.question import Question
from partialpool.decision.answer import call
from partialpool.decision.arms import TIE
from partialpool.decision.pooling import count_by_chance
from partialpool.decision.strata import Places, Strata, average
from partialpool.decision.weighed import SEGMENTS
from partialpool.posterior.draws import summarise, summarise_columns

MOST_PAIRED = 12
"""Places that are compared in pairs; of more, each is with all others together."""
OTHERS = ""
"""Stands for all other places together."""
QUANTITIES = ("lift_difference", "odds_ratio_ratio")
"""How lifts of two places differ: in points, and as the ratio of their odds ratios."""


class Contrast(NamedTuple):
    """Draws of one arm's lift in one place against that in another, draws each."""

    within: str
    versus: str
    difference: np.ndarray
    log_ratio: np.ndarray


def contrast_places(places: Places, arm: int) -> list[Contrast]:
    """The lift of an arm in every place against that in every earlier one, or in all others.

    Args:
        places: draws of rates; the first arm is the reference, the last place is all of them.
        arm: position of the arm.
    """
    names = places.names[:-1]
    rates, log_odds = places.rates[:, :-1], places.log_odds[:, :-1]
    lifts, ratios = _lifts(rates, log_odds, arm)
    if len(names) <= MOST_PAIRED:
        return [
            _contrast((names[i], names[j]), lifts[:, [i, j]], ratios[:, [i, j]], rates[:, [i, j]])
            for i in range(len(names))
            for j in range(i)
        ]
    others, other_odds = _others(places)
    lifts_there, ratios_there = _lifts(others, other_odds, arm)
    lift, ratio = (
        np.stack(sides, axis=2) for sides in ((lifts, lifts_there), (ratios, ratios_there))
    )
    return [
        _contrast((name, OTHERS), lift[:, i], ratio[:, i], rates[:, [i]])
        for i, name in enumerate(names)
        if places.shares[i] < 1
    ]


def _lifts(rates: np.ndarray, log_odds: np.ndarray, arm: int) -> tuple[np.ndarray, np.ndarray]:
    """Lifts of an arm, and its log odds ratios."""
    return rates[..., arm] - rates[..., 0], log_odds[..., arm] - log_odds[..., 0]


def _others(places: Places) -> tuple[np.ndarray, np.ndarray]:
    """Rates and log odds in all places but each in turn: draws x places x arms."""
    shares = (places.shares[:-1] / places.shares[:-1].sum())[:, None]
    rest = []
    for logs in (places.log_success, places.log_failure):
        own = shares * np.exp(logs[:, :-1])
        left = own.sum(axis=1, keepdims=True) - own
        # of a place that has nearly everybody nothing is left but rounding
        rest.append(np.maximum(left, np.finfo(float).tiny) / np.maximum(1 - shares, TIE))
    return rest[0], np.log(rest[0]) - np.log(rest[1])


def _contrast(
    names: tuple[str, str], lifts: np.ndarray, ratios: np.ndarray, rates: np.ndarray
) -> Contrast:
    """What differs by rounding alone does not differ."""
    difference, ratio = lifts[:, 0] - lifts[:, 1], ratios[:, 0] - ratios[:, 1]
    rounding = TIE * rates.max(axis=(1, 2))
    difference = np.where(np.abs(difference) <= rounding, 0.0, difference)
    return Contrast(*names, difference, np.where(np.abs(ratio) <= TIE, 0.0, ratio))


def above_zero(draws: np.ndarray) -> np.ndarray:
    """The probability of each column of being above 0; what is 0 counts half."""
    return np.asarray((draws > 0).mean(axis=0) + (draws == 0).mean(axis=0) / 2)


def summarise_contrasts(
    draws: np.ndarray, interval: float, in_logs: bool = False
) -> dict[str, np.ndarray]:
    """A summary of each column, and `above_null`, the probability of being above no difference.

    Args:
        draws: draws x contrasts.
        interval: probability inside the intervals.
        in_logs: whether draws are logarithms of what is summarised.
    """
    summary = summarise_columns(np.exp(draws) if in_logs else draws, interval)
    return {**summary, "above_null": above_zero(draws)}


def tabulate_contrasts(contrasts: Sequence[Contrast], interval: float) -> pd.DataFrame:
    """Summaries of what `contrast_places` finds.

    Returns:
        A row per contrast and quantity of `QUANTITIES`: `within`, `versus` (`OTHERS`, where it is
        all other places), a summary, and `above_null`, the probability that the lift is larger
        in the first place.
    """
    if not contrasts:
        return pd.DataFrame(columns=list(SEGMENTS))
    names = {
        "within": [contrast.within for contrast in contrasts],
        "versus": [contrast.versus for contrast in contrasts],
    }
    parts = []
    for quantity, of in zip(QUANTITIES, ("difference", "log_ratio"), strict=True):
        draws = np.stack([getattr(contrast, of) for contrast in contrasts], axis=1)
        summary = summarise_contrasts(draws, interval, in_logs=of == "log_ratio")
        parts.append(pd.DataFrame(names | summary).assign(quantity=quantity))
    return pd.concat(parts, ignore_index=True)


def measure_spread(places: Places, arm: int) -> np.ndarray:
    """The standard deviation of an arm's lift over places, weighted by contacts, in each draw."""
    lifts = places.rates[:, :-1, arm] - places.rates[:, :-1, 0]
    shares = places.shares[:-1] / places.shares[:-1].sum()
    centred = lifts - (lifts @ shares)[:, None]
    return np.asarray(np.sqrt(centred**2 @ shares))


def call_lifts(
    places: Places, arm: int, needed: float, interval: float, sign: int = 1
) -> list[dict[str, Any]]:
    """Of each place its `lift`, `probability_of_gain`, and what that is called (`answer.call`)."""
    lifts = places.rates[:, :-1, arm] - places.rates[:, :-1, 0]
    rows = []
    for i, name in enumerate(places.names[:-1]):
        probability = float(above_zero(sign * lifts[:, i]))
        row = {"within": name, "lift": summarise(lifts[:, i], interval)}
        rows.append(row | {"probability_of_gain": probability, "call": call(probability, needed)})
    return rows


def compare_places(
    strata: Strata, question: Question, needed: float, interval: float, alone: bool
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """How the lift of every arm but the reference differs between places, and what it is called.

    Args:
        strata: joint draws of the rates that answer, pooled or not.
        question: what is compared, and where.
        needed: the probability of a gain, a loss or a difference that it takes.
        interval: probability inside the intervals.
        alone: whether the model lets the lifts of places stand alone.

    Returns:
        The table of contrasts (`tabulate_contrasts`) with `treatment` and `reference`; and of
        each arm the facts: `differ` and `differ_odds_ratio`, whether any contrast reaches the
        probability that is `needed`, in points and as a ratio; `pairs`, contrasts, and how many of
        them are `probable`; `widest`, the surest; the `spread`; `calls`, with `call_alone` and
        `lift_alone` where lifts are `pooled`; and `chance` (`count_by_chance`) with how many were
        `made`, where they stand alone. Contrasts of lifts that stand alone and are not pooled
        need more the more there are (Bonferroni). Nothing where nothing is compared within.
    """
    if question.within is None:
        return pd.DataFrame(columns=list(SEGMENTS)), []
    places, pooled = average(strata, question.within), strata.unpooled is not None
    raw = average(strata.unpooled or strata, question.within)
    tables, facts = [], []
    for arm in range(1, len(places.arms)):
        of = {"treatment": places.arms[arm], "reference": places.arms[0]}
        table = tabulate_contrasts(contrast_places(places, arm), interval)
        calls = call_lifts(places, arm, needed, interval, question.sign)
        own = call_lifts(raw, arm, needed, interval, question.sign)
        if pooled:
            calls = [
                {**row, "call_alone": one["call"], "lift_alone": one["lift"]}
                for row, one in zip(calls, own, strict=True)
            ]
        found = {
            "spread": summarise(measure_spread(places, arm), interval),
            "calls": calls,
            "pooled": pooled,
            "chance": _by_chance(own, needed, interval) if alone else None,
        }
        contrasts = len(table) // len(QUANTITIES) if alone and not pooled else 1
        facts.append({**of, **_judge(table, _raise(needed, contrasts)), **found})
        tables.append(table.assign(**of))
    return pd.concat(tables, ignore_index=True)[list(SEGMENTS)], facts


def _by_chance(calls: list[dict[str, Any]], needed: float, interval: float) -> dict[str, Any]:
    made = sum(row["call"] != "open" for row in calls)
    return {**count_by_chance(len(calls), needed, interval), "made": made}


def _raise(needed: float, contrasts: int) -> float:
    return 1 - (1 - needed) / max(1, contrasts)


def _judge(table: pd.DataFrame, needed: float) -> dict[str, Any]:
    """Whether contrasts of one arm say that lifts differ, and the surest of them."""
    if table.empty:
        nothing = {"differ": False, "differ_odds_ratio": False, "pairs": 0, "probable": 0}
        return {**nothing, "needed": needed, "widest": None}
    sure = table["above_null"].where(table["above_null"] >= 0.5, 1 - table["above_null"])
    points = table["quantity"] == QUANTITIES[0]
    reached = sure >= needed
    of_points = table[points].assign(sure=sure[points], size=table.loc[points, "mean"].abs())
    widest = of_points.sort_values(["sure", "size"], ascending=False, kind="stable").iloc[0]
    kept = [name for name in SEGMENTS if name not in ("treatment", "reference", "quantity")]
    return {
        "differ": bool(reached[points].any()),
        "differ_odds_ratio": bool(reached[~points].any()),
        "pairs": int(points.sum()),
        "probable": int(reached[points].sum()),
        "needed": needed,
        "widest": {name: widest[name] for name in kept},
    }
