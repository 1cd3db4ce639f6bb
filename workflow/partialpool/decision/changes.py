"""Differences in differences: how lifts change between the levels of another factor, as periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from partialpool.cells.question import ALL, Question
from partialpool.decision.arms import TIE
from partialpool.decision.segments import summarise_contrasts
from partialpool.decision.strata import Strata
from partialpool.decision.weighed import CHANGES

CHANGED = {"lift": "lift_change", "odds_ratio": "odds_ratio_change"}
"""What a change of each is called: a difference of lifts, and a ratio of odds ratios."""
Lifts = dict[str, dict[str, np.ndarray]]
"""By level of `between` draws of the lift, and of the logarithm of the odds ratio."""


def tabulate_changes(
    strata: Strata, question: Question, cells: pd.DataFrame | None, interval: float
) -> pd.DataFrame:
    """The lift at each level of `between`, and its change from the first, by place and over all.

    Over all, every level has the same mix of places, of those that have contacts at every level;
    where no place has, each level has its own.

    Args:
        strata: joint draws of rates, `between` and `within` among their factors.
        question: what is compared, where, and between what.
        cells: their counts, and the levels in their order; none where no change is asked for.
        interval: probability inside the intervals.

    Returns:
        A row per place, arm but the reference, level of `between` and quantity: `lift` and
        `odds_ratio` at the level (`since` is empty); `lift_change` and `odds_ratio_change` from
        the level in `since`, the difference and the ratio of the two. Beside the summary and
        `above_null`, the probability that the quantity is above what no lift or change would make
        it, `crude` is the same of the counts alone. A place without contacts at the first level
        has no changes. Lifts that are pooled over places (`pooling`) are not asked how they
        change: the model is.
    """
    if question.between is None or cells is None:
        return pd.DataFrame(columns=list(CHANGES))
    strata = strata.unpooled or strata
    levels = [str(level) for level in cells[question.between].cat.categories]
    rows = [
        {"within": place, "treatment": arm, "reference": strata.arms[0], **row}
        for position, arm in enumerate(strata.arms[1:], start=1)
        for place, lifts in _lifts_by_level(strata, question, levels, position)
        for row in _rows(
            lifts, _crude(cells, question, place, (arm, strata.arms[0])), levels[0], interval
        )
    ]
    return pd.DataFrame(rows, columns=list(CHANGES))


def _lifts_by_level(
    strata: Strata, question: Question, levels: Sequence[str], arm: int
) -> Iterator[tuple[str, Lifts]]:
    """Of every place and of all together: an arm's lift at each level that has contacts."""
    at, weights = strata.levels[question.between].to_numpy(), strata.weights
    if question.within is not None:
        where = strata.levels[question.within].to_numpy()
        for place in dict.fromkeys(where):
            members = {level: (at == level) & (where == place) for level in levels}
            yield str(place), _lifts(strata, members, weights, arm)
        weights = _even_out(strata, where, at, levels)
    yield (
        ALL,
        _lifts(strata, {level: (at == level) & (weights > 0) for level in levels}, weights, arm),
    )


def _even_out(
    strata: Strata, where: np.ndarray, at: np.ndarray, levels: Sequence[str]
) -> np.ndarray:
    """Weights of strata by which places that have every level have the same shares at each."""
    given = pd.DataFrame({"where": where, "at": at, "weight": strata.weights.astype(float)})
    seen = given.groupby("where")["at"].transform("nunique")
    if not (seen == len(levels)).any():
        return strata.weights
    of_level = given.groupby(["where", "at"])["weight"].transform("sum")
    of_place = given.groupby("where")["weight"].transform("sum")
    even = given["weight"] / of_level.where(of_level > 0, 1.0) * of_place
    return np.asarray(even.where(seen == len(levels), 0.0))


def _lifts(
    strata: Strata, members: Mapping[str, np.ndarray], weights: np.ndarray, arm: int
) -> Lifts:
    found: Lifts = {}
    for level, rows in members.items():
        if rows.any():
            one, other = (strata.averaged(np.flatnonzero(rows), weights, i) for i in (arm, 0))
            found[level] = {
                "lift": one.value - other.value,
                "odds_ratio": one.log_odds - other.log_odds,
            }
    return found


def _rows(
    drawn: Lifts, crude: Mapping[str, Mapping[str, float]], first: str, interval: float
) -> Iterator[dict[str, str | float]]:
    """Of one arm in one place: its lift at each level, and how it changes from the first."""
    for level, lifts in drawn.items():
        for quantity, draws in lifts.items():
            row = {"between": level, "since": "", "quantity": quantity}
            yield row | _summarise(quantity, draws, interval) | {"crude": crude[quantity][level]}
    for level in [level for level in drawn if level != first and first in drawn]:
        for quantity, name in CHANGED.items():
            change = drawn[level][quantity] - drawn[first][quantity]
            counted = crude[quantity][level], crude[quantity][first]
            row = {"between": level, "since": first, "quantity": name}
            of_counts = _ratio(*counted) if quantity == "odds_ratio" else counted[0] - counted[1]
            yield row | _summarise(quantity, change, interval) | {"crude": of_counts}


def _summarise(quantity: str, draws: np.ndarray, interval: float) -> dict[str, float]:
    """A summary; rounding alone is no difference."""
    draws = np.where(np.abs(draws) <= TIE, 0.0, draws)[:, None]
    summary = summarise_contrasts(draws, interval, in_logs=quantity == "odds_ratio")
    return {name: float(values[0]) for name, values in summary.items()}


def _crude(
    cells: pd.DataFrame, question: Question, place: str, arms: tuple[str, str]
) -> dict[str, dict[str, float]]:
    """The lift and the odds ratio of the counts alone by level of `between`; NaN without any."""
    here = cells if place == ALL else cells[cells[question.within].astype(str) == place]
    by = [question.between, question.treatment]
    counts = here.groupby(by, observed=False)[["successes", "trials"]].sum()
    found: dict[str, dict[str, float]] = {"lift": {}, "odds_ratio": {}}
    for level in cells[question.between].cat.categories:
        (x, n), (y, m) = (counts.loc[(level, arm)].astype(float) for arm in arms)
        found["lift"][str(level)] = _ratio(x, n) - _ratio(y, m)
        found["odds_ratio"][str(level)] = _ratio(x * (m - y), y * (n - x))
    return found


def _ratio(one: float, other: float) -> float:
    """One by the other: infinite by 0, and NaN of two of the kind."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.float64(one) / np.float64(other))
