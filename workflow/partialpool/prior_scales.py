"""What a prior on log-odds says on every scale: of log-odds, of a rate and of a lift.

A prior is put on the log-odds of a rate and, independently, on the log odds ratio that an offer
adds to them. The rate is then logit-normal (Aitchison & Shen 1980) where the prior is normal, and
the lift, the difference of the two rates, has no closed form. Distribution functions are exact
for log-odds and rates; for the lift they are an integral over the first log-odds, by the midpoint
rule on the prior's quantiles. Nothing is drawn at random.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import brentq
from scipy.special import expit, logit

from partialpool.priors import Prior, parse_prior

COMPARED = ("normal(0, 1)", "normal(0, 2)", "normal(0, 5)")
"""Priors that every report sets side by side, whichever the analysis uses."""
PLAUSIBLE = 2.5
"""Log-odds; an effect of more takes a rate from even odds beyond 92% or below 8%."""
EXTREME = 0.01
"""A rate nearer than this to 0 or 1 is called extreme."""
LARGE_LIFT = 0.5
"""A lift of more than this, up or down, is called large."""
SCALES = ("log_odds", "rate", "lift")
WIDEST = 15.0
"""Log-odds beyond which no density is drawn."""
BINS = {"log_odds": 300, "rate": 100, "lift": 200}
NODES = 4000

Distribution = Callable[[np.ndarray], np.ndarray]
"""Probability of a value up to each of some values."""


def list_priors(own: Sequence[str]) -> list[Prior]:
    """The compared priors and an analysis' own ones, each once."""
    return list(dict.fromkeys(parse_prior(text, "slope") for text in [*COMPARED, *own]))


def distributions(prior: Prior) -> dict[str, Distribution]:
    """The distribution function of each of `SCALES` under one prior."""
    frozen = freeze(prior)
    middles = (np.arange(NODES) + 0.5) / NODES
    first = frozen.ppf(middles)

    def of_lift(values: np.ndarray) -> np.ndarray:
        second = np.clip(expit(first) + np.asarray(values)[..., None], 0, 1)
        return np.asarray(frozen.cdf(logit(second) - first).mean(axis=-1))

    return {
        "log_odds": frozen.cdf,
        "rate": lambda values: np.asarray(frozen.cdf(logit(values))),
        "lift": of_lift,
    }


def freeze(prior: Prior) -> Any:
    """A prior of a location as SciPy's distribution."""
    if prior.family == "student_t":
        return stats.t(prior.df, prior.location, prior.scale)
    return stats.norm(prior.location, prior.scale)


def tabulate_densities(priors: Sequence[Prior]) -> pd.DataFrame:
    """Densities on a grid of bins, each the probability in the bin over its width.

    Returns:
        Columns `prior`, `scale`, `value` (the bin's middle), `density`.
    """
    edge = min(WIDEST, max(float(abs(freeze(prior).ppf([0.005, 0.995])).max()) for prior in priors))
    ends = {"log_odds": (-edge, edge), "rate": (0.0, 1.0), "lift": (-1.0, 1.0)}
    parts = []
    for prior in priors:
        for scale, distribution in distributions(prior).items():
            edges = np.linspace(*ends[scale], BINS[scale] + 1)
            density = np.diff(distribution(edges)) / np.diff(edges)
            middle = (edges[1:] + edges[:-1]) / 2
            grid = {"value": middle.round(12), "density": density}
            parts.append(pd.DataFrame({"prior": str(prior), "scale": scale, **grid}))
    return pd.concat(parts, ignore_index=True)


def summarise_priors(priors: Sequence[Prior], interval: float) -> pd.DataFrame:
    """Median, equal-tailed interval and one telling probability of each prior on each scale.

    Args:
        priors: of log-odds.
        interval: probability inside the intervals.

    Returns:
        Columns `prior`, `scale`, `lower`, `median`, `upper` and `mass`: the probability of
        log-odds within `PLAUSIBLE` of 0, of a rate within `EXTREME` of 0 or 1, of a lift
        larger than `LARGE_LIFT` either way.
    """
    tail = (1 - interval) / 2
    rows = []
    for prior in priors:
        quantiles = freeze(prior).ppf([tail, 0.5, 1 - tail])
        of = distributions(prior)
        lifts = [_invert(of["lift"], share) for share in (tail, 0.5, 1 - tail)]
        values = {"log_odds": quantiles, "rate": expit(quantiles), "lift": lifts}
        mass = {
            "log_odds": _between(of["log_odds"], PLAUSIBLE, -PLAUSIBLE),
            "rate": 1 - _between(of["rate"], 1 - EXTREME, EXTREME),
            "lift": 1 - _between(of["lift"], LARGE_LIFT, -LARGE_LIFT),
        }
        for scale in SCALES:
            names = zip(("lower", "median", "upper"), map(float, values[scale]), strict=True)
            rows.append({"prior": str(prior), "scale": scale, **dict(names), "mass": mass[scale]})
    return pd.DataFrame(rows)


def _between(distribution: Distribution, upper: float, lower: float) -> float:
    below = distribution(np.array([upper, lower]))
    return float(below[0] - below[1])


def _invert(distribution: Distribution, share: float) -> float:
    """The lift below which a share of the probability lies, to nine decimals."""

    def excess(value: float) -> float:
        return float(distribution(np.array([value]))[0]) - share

    return round(float(brentq(excess, -1, 1, xtol=1e-12)), 9) + 0.0
