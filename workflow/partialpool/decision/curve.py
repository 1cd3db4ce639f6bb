"""How a rate runs along a number, draw by draw: whether it rises, where it is highest.

A curve is a draw of the rate at every value of a grid that was seen; between and beyond those
values nothing is said. Probabilities and intervals come last, of what the draws have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from partialpool.decision.arms import TIE, above
from partialpool.posterior.draws import summarise, summarise_columns


class Marks(NamedTuple):
    """Positions on the grid that sentences and tables name, by the contacts that there were."""

    quarter: int
    """The value that a quarter of the contacts had, or less."""
    middle: int
    three_quarters: int


def tabulate_curve(rates: np.ndarray, at: Sequence[float], interval: float) -> pd.DataFrame:
    """The rate at every value of the grid.

    Args:
        rates: draws x values.
        at: the values, rising.
        interval: probability inside the intervals.

    Returns:
        A row per value `at`: `mean`, `sd`, `median`, `lower`, `upper`, and the probabilities that
        the rate is `highest` or `lowest` there, which values with the same rate share.
    """
    share = {"highest": _share(_is_highest(rates)), "lowest": _share(_is_highest(-rates))}
    return pd.DataFrame({"at": at, **summarise_columns(rates, interval), **share})


def describe_curve(
    rates: np.ndarray, at: Sequence[float], marks: Marks, interval: float, needed: float
) -> dict[str, Any]:
    """What is said of one curve.

    Args:
        rates: as for `tabulate_curve`.
        at: as for `tabulate_curve`.
        marks: where the contacts are.
        interval: as for `tabulate_curve`.
        needed: how probable it must be that the rate rises, falls or turns.

    Returns:
        `points`, the rate at the ends and at the marks; `lift` from the lowest value to the
        highest, and `above_null`, the probability that it is above 0; the `call`, `rises`, `falls`
        or `open`; the probabilities `always_up` and `always_down` over all values; `step`, the
        lift between the quarters, and the same `per_unit`; where the rate is `highest` and
        `lowest`; `turn`, where the curve is higher (or lower) than at both ends, if that is so
        probable; whether the rates are `alike` everywhere; and what was `needed`.
    """
    ends = _difference(rates, 0, len(at) - 1)
    moves = [_difference(rates, i, i + 1) for i in range(len(at) - 1)]
    steps = np.stack(moves, axis=1) if moves else np.zeros((len(rates), 1))
    low, high = _quarters(marks, len(at))
    step = {**_lift(rates, low, high, interval), "from": at[low], "to": at[high]}
    points = dict(zip(("lowest", *Marks._fields, "highest"), (0, *marks, len(at) - 1), strict=True))
    rises = above(ends, 0.0)
    return {
        "points": {
            name: {"at": at[i], **summarise(rates[:, i], interval)} for name, i in points.items()
        },
        "lift": _lift(rates, 0, len(at) - 1, interval),
        "call": "rises" if rises >= needed else "falls" if rises <= 1 - needed else "open",
        "always_up": float(((steps >= 0).all(axis=1) & (ends > 0)).mean()),
        "always_down": float(((steps <= 0).all(axis=1) & (ends < 0)).mean()),
        "step": step,
        "per_unit": {
            key: step[key] / (at[high] - at[low] or 1) for key in ("mean", "lower", "upper")
        },
        "highest": _place(_is_highest(rates), at, interval),
        "lowest": _place(_is_highest(-rates), at, interval),
        "turn": _find_turn(rates, at, interval, needed),
        "alike": bool((steps == 0).all()),
        "needed": needed,
    }


def _difference(rates: np.ndarray, low: int, high: int) -> np.ndarray:
    """Of two values' rates, draw by draw; 0 where they differ by rounding alone."""
    apart = rates[:, high] - rates[:, low]
    return np.where(np.abs(apart) > TIE * np.maximum(rates[:, high], rates[:, low]), apart, 0.0)


def _lift(rates: np.ndarray, low: int, high: int, interval: float) -> dict[str, float]:
    lift = _difference(rates, low, high)
    return summarise(lift, interval) | {"above_null": above(lift, 0.0)}


def _quarters(marks: Marks, count: int) -> tuple[int, int]:
    """The positions of the quarters; the ends, where most contacts had one value."""
    if marks.quarter < marks.three_quarters:
        return marks.quarter, marks.three_quarters
    return 0, count - 1


def _is_highest(values: np.ndarray) -> np.ndarray:
    """Where each draw is highest, draws x values; ties by rounding alone are ties."""
    most = values.max(axis=1, keepdims=True)
    return np.asarray(values >= most - TIE * np.abs(most))


def _share(best: np.ndarray) -> np.ndarray:
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))


def _place(best: np.ndarray, at: Sequence[float], interval: float) -> dict[str, float]:
    """The most probable of the values, its probability, and an interval of the draws' values."""
    shares = _share(best)
    order = np.cumsum(shares)
    tail = (1 - interval) / 2 - 1e-12  # a cumulative share may miss its bound by rounding
    ends = [int(np.searchsorted(order, tail)), int(np.searchsorted(order, 1 - tail - 2e-12))]
    lower, upper = (float(at[min(i, len(at) - 1)]) for i in ends)
    mode = int(shares.argmax())
    return {
        "at": float(at[mode]),
        "probability": float(shares[mode]),
        "lower": lower,
        "upper": upper,
    }


def _find_turn(
    rates: np.ndarray, at: Sequence[float], interval: float, needed: float
) -> Mapping[str, Any] | None:
    """A value between the ends where the rate is surely higher, or lower, than at both.

    It is the value where the mean rate is highest, or lowest, so that one value is asked about and
    not whichever a draw happens to favour: a curve that wiggles has its highest point somewhere
    inside in nearly every draw.
    """
    means = rates.mean(axis=0)
    for kind, sign, i in (
        ("highest", 1, int(means.argmax())),
        ("lowest", -1, int(means.argmin())),
    ):
        gains = [sign * _difference(rates, end, i) for end in (0, len(at) - 1)]
        sure = float(((gains[0] > 0) & (gains[1] > 0)).mean())
        if sure >= needed:
            return {
                "kind": kind,
                "at": float(at[i]),
                "probability": sure,
                **summarise(rates[:, i], interval),
            }
    return None
