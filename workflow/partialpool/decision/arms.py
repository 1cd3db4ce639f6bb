"""Which arm is best in each place, how surely, and what choosing another would cost.

Everything is computed draw by draw from joint draws of what the arms bring: rates, or money. Means,
probabilities and losses come last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from partialpool.posterior.draws import summarise

TIE = 1e-9
"""Arms that differ by less than this share of the larger are the same."""
DIFFERENT = {"lift": 0.0, "relative_lift": 0.0, "odds_ratio": 1.0}
"""What contrasts of two arms are when the arms are alike."""


def beaten_by(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many arms are better than each, and how many as good, itself among them.

    Args:
        values: draws x arms.
    """
    near = TIE * np.abs(values).max(axis=1, initial=0.0)[:, None, None]
    ahead = values[:, None, :] - values[:, :, None]
    return (ahead > near).sum(axis=2), (np.abs(ahead) <= near).sum(axis=2)


def rank_arms(
    values: np.ndarray,
    places: Sequence[str],
    arms: Sequence[str],
    interval: float,
    sign: int = 1,
) -> pd.DataFrame:
    """What every arm brings in every place, and how it stands among the others.

    Args:
        values: draws x places x arms; NaN in a place that has none.
        places: their names.
        arms: their names, those that may be chosen.
        interval: probability inside the intervals.
        sign: 1 where more is better, -1 where less is.

    Returns:
        A row per place and arm: `mean`, `sd`, `median`, `lower`, `upper`, `best`, the
        probability that none is better (ties share it), `expected_rank` (1 is best), and
        `loss`, how much better the best is, expected: what choosing this arm risks (Berry 1985).
    """
    rows = []
    for place, here in zip(places, np.moveaxis(values, 1, 0), strict=True):
        if not np.isfinite(here).all():
            continue
        brings = sign * here
        better, alike = beaten_by(brings)
        leads = (better == 0) / alike
        loss = (brings.max(axis=1, keepdims=True) - brings).mean(axis=0)
        ranks = (better + (alike + 1) / 2).mean(axis=0)
        rows += [
            {
                "within": place,
                "treatment": arm,
                **summarise(here[:, i], interval),
                "best": float(leads[:, i].mean()),
                "expected_rank": float(ranks[i]),
                "loss": float(loss[i]),
            }
            for i, arm in enumerate(arms)
        ]
    return pd.DataFrame(rows)


def advise_arm(
    values: np.ndarray, arms: Sequence[str], needed: float, worthwhile: float = 0.0
) -> dict[str, Any]:
    """One arm, or those between which it is open, in one place.

    Args:
        values: draws x arms, more is better.
        arms: their names.
        needed: the probability that it takes to advise an arm.
        worthwhile: the smallest difference that matters.

    Returns:
        `leader`, the arm of the smallest expected loss (None where all arms are the same in every
        draw); `advice`, `best` when it is best with the probability needed, `enough` when with
        that probability none is better by more than is worthwhile, else `open`; `among`, the
        fewest arms that hold the best with the probability needed, the likeliest first; and of the
        leader `best`, its probability, and `loss`, expected.
    """
    better, alike = beaten_by(values)
    chances = ((better == 0) / alike).mean(axis=0)
    regrets = values.max(axis=1, keepdims=True) - values
    if (alike == len(arms)).all():
        among = list(arms)
        return {"leader": None, "advice": "open", "among": among, "best": 1 / len(arms), "loss": 0}
    leader = int(regrets.mean(axis=0).argmin())
    order = np.argsort(-chances, kind="stable")
    size = int(np.searchsorted(np.cumsum(chances[order]), needed - 1e-12)) + 1
    among = [arms[i] for i in order[:size]]
    enough = worthwhile > 0 and (regrets[:, leader] <= worthwhile).mean() >= needed
    kind = "best" if chances[leader] >= needed else "enough" if enough else "open"
    return {
        "leader": arms[leader],
        "advice": kind,
        "among": [arms[leader]] if kind == "best" else among,
        "best": float(chances[leader]),
        "loss": float(regrets[:, leader].mean()),
    }


def contrast_pairs(
    rates: np.ndarray,
    log_odds: np.ndarray,
    arms: Sequence[str],
    interval: float,
    worthwhile: float = 0.0,
    sign: int = 1,
) -> list[dict[str, Any]]:
    """Every later arm against every earlier one, in one place.

    Args:
        rates: draws x arms.
        log_odds: of the same.
        arms: their names; of a pair the earlier is the reference.
        interval: probability inside the intervals.
        worthwhile: the smallest lift that matters.
        sign: 1 where more is better, -1 where less is.

    Returns:
        For each pair and quantity (`lift`, a difference of rates; `relative_lift`, a share of the
        reference's rate; `odds_ratio`; `number_needed`, contacts for one success more, or fewer
        where it is below 0) a summary, `above_null`, the probability that the quantity is
        above what no difference would make it, and of lifts `above_worthwhile`, the probability
        that they are better by more than what matters. The number needed has an interval only where
        that of the lift leaves 0 out (Altman 1998), of which it is the inverse.
    """
    rows = []
    for treated in range(1, len(arms)):
        for reference in range(treated):
            lift = rates[:, treated] - rates[:, reference]
            with np.errstate(divide="ignore", invalid="ignore"):
                relative = np.where(lift == 0, 0.0, lift / rates[:, reference])
            draws = {
                "lift": lift,
                "relative_lift": relative,
                "odds_ratio": np.exp(log_odds[:, treated] - log_odds[:, reference]),
            }
            pair = {"treatment": arms[treated], "reference": arms[reference]}
            found = {
                name: {**summarise(of, interval), "above_null": above(of, DIFFERENT[name])}
                for name, of in draws.items()
            }
            found["lift"]["above_worthwhile"] = above(sign * lift, worthwhile)
            found["number_needed"] = _invert(found["lift"])
            rows += [{**pair, "quantity": name, **summary} for name, summary in found.items()]
    return rows


def above(draws: np.ndarray, limit: float) -> float:
    """The probability of being above a limit; what is on it counts half.

    Args:
        draws: of a quantity.
        limit: that it is held to.
    """
    return float((draws > limit).mean() + (draws == limit).mean() / 2)


def _invert(lift: Mapping[str, float]) -> dict[str, float]:
    """The number needed to treat, of a lift's summary."""
    excluded = lift["lower"] > 0 or lift["upper"] < 0
    ends = sorted(1 / lift[end] for end in ("lower", "upper")) if excluded else [np.nan, np.nan]
    median = 1 / lift["median"] if lift["median"] else np.nan
    return {"median": median, "lower": ends[0], "upper": ends[1], "above_null": lift["above_null"]}
