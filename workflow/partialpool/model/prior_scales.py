"""What a prior on the scale of a link says of log-odds, of a rate and of a lift.

A prior is put on the linear predictor of a rate and, independently, on what an offer adds to it.
With the logit, the rate is then logit-normal (Aitchison & Shen 1980) where the prior is normal; the
lift, the difference of the two rates, has no closed form. Distribution functions are exact for
log-odds and rates; for the lift they are an integral over the first rate, by the midpoint rule on
the prior's quantiles. Nothing is drawn at random.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from partialpool.model.beliefs import ModelPriors
from partialpool.model.distributions import as_distribution
from partialpool.model.links import log_odds, to_rate, to_scale
from partialpool.settings import Link, Priors
from partialpool.settings.priors import Prior, PriorClass

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


def describe_priors(own: Iterable[str], link: Link, interval: float) -> dict[str, pd.DataFrame]:
    """What priors say: their `prior_densities` and `prior_summaries`, by name.

    Args:
        own: as for `list_priors`.
        link: of the models.
        interval: probability inside the intervals.
    """
    priors = list_priors(own, link)
    return {
        "prior_densities": tabulate_densities(priors, link),
        "prior_summaries": summarise_priors(priors, interval, link),
    }


def list_priors(own: Iterable[str], link: Link = "logit") -> dict[str, Prior]:
    """The compared priors and an analysis' own ones, each once, by how they are stated.

    Args:
        own: the prior of the intercept, then any of slopes; beliefs among these are those of a
            model with that intercept. Flat ones are left out.
        link: that they are on the scale of.
    """
    texts = [*own]
    listed: list[tuple[ModelPriors, PriorClass]]
    listed = [(ModelPriors(Priors(slope=text), link), "slope") for text in COMPARED]
    for text in texts[:1]:
        listed.append((ModelPriors(Priors(intercept=text), link), "intercept"))
    for text in texts[1:]:
        listed.append((ModelPriors(Priors(intercept=texts[0], slope=text), link), "slope"))
    priors = {of_model.stated(of): of_model.prior(of) for of_model, of in listed}
    return {text: prior for text, prior in priors.items() if prior.family != "flat"}


def distributions(prior: Prior, link: Link = "logit") -> dict[str, Distribution]:
    """The distribution function of each of `SCALES` under one prior."""
    frozen = as_distribution(prior, "slope")
    first = frozen.ppf((np.arange(NODES) + 0.5) / NODES)

    def of_log_odds(values: np.ndarray) -> np.ndarray:
        return np.asarray(frozen.cdf(values if link == "logit" else to_scale(expit(values), link)))

    def of_lift(values: np.ndarray) -> np.ndarray:
        second = np.clip(to_rate(first, link) + np.asarray(values)[..., None], 0, 1)
        return np.asarray(frozen.cdf(to_scale(second, link) - first).mean(axis=-1))

    return {
        "log_odds": of_log_odds,
        "rate": lambda values: np.asarray(frozen.cdf(to_scale(values, link))),
        "lift": of_lift,
    }


def tabulate_densities(priors: Mapping[str, Prior], link: Link = "logit") -> pd.DataFrame:
    """Densities on a grid of bins, each the probability in the bin over its width.

    Returns:
        Columns `prior`, `scale`, `value` (the bin's middle), `density`.
    """
    tails = [
        log_odds(as_distribution(prior, "slope").ppf([0.005, 0.995]), link)
        for prior in priors.values()
    ]
    edge = min(WIDEST, float(np.abs(tails).max()))
    ends = {"log_odds": (-edge, edge), "rate": (0.0, 1.0), "lift": (-1.0, 1.0)}
    parts = []
    for stated, prior in priors.items():
        for scale, distribution in distributions(prior, link).items():
            edges = np.linspace(*ends[scale], BINS[scale] + 1)
            density = np.diff(distribution(edges)) / np.diff(edges)
            middle = (edges[1:] + edges[:-1]) / 2
            grid = {"value": middle.round(12), "density": density}
            parts.append(pd.DataFrame({"prior": stated, "scale": scale, **grid}))
    return pd.concat(parts, ignore_index=True)


def summarise_priors(
    priors: Mapping[str, Prior], interval: float, link: Link = "logit"
) -> pd.DataFrame:
    """Median, equal-tailed interval and one telling probability of each prior on each scale.

    Args:
        priors: by how they are stated (`list_priors`).
        interval: probability inside the intervals.
        link: that the priors are on the scale of.

    Returns:
        Columns `prior` (as stated), `distribution`, `scale`, `lower`, `median`, `upper` and
        `mass`: the probability of log-odds within `PLAUSIBLE` of 0, of a rate within `EXTREME` of
        0 or 1, of a lift larger than `LARGE_LIFT` either way.
    """
    shares = np.array([(1 - interval) / 2, 0.5, (1 + interval) / 2])
    rows = []
    for stated, prior in priors.items():
        quantiles = as_distribution(prior, "slope").ppf(shares)
        of = distributions(prior, link)
        lifts = np.array([_invert(of["lift"], share) for share in shares])
        values = {"log_odds": log_odds(quantiles, link), "rate": to_rate(quantiles, link)}
        values["lift"] = lifts
        mass = {
            "log_odds": _between(of["log_odds"], PLAUSIBLE, -PLAUSIBLE),
            "rate": 1 - _between(of["rate"], 1 - EXTREME, EXTREME),
            "lift": 1 - _between(of["lift"], LARGE_LIFT, -LARGE_LIFT),
        }
        for scale in SCALES:
            names = zip(("lower", "median", "upper"), map(float, values[scale]), strict=True)
            row = {"prior": stated, "distribution": str(prior), "scale": scale}
            rows.append({**row, **dict(names), "mass": mass[scale]})
    return pd.DataFrame(rows)


def _between(distribution: Distribution, upper: float, lower: float) -> float:
    below = distribution(np.array([upper, lower]))
    return float(below[0] - below[1])


def _invert(distribution: Distribution, share: float) -> float:
    """The lift below which a share of the probability lies, to nine decimals."""

    def excess(value: float) -> float:
        return float(distribution(np.array([value]))[0]) - share

    return round(float(brentq(excess, -1, 1, xtol=1e-12)), 9) + 0.0
