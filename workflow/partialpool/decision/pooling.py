"""Lifts that a model lets stand alone, place by place: what is chance in them, and pooled ones.

A population-level interaction of the treatment with many places gives each place a lift of its
own. Of many such lifts some are called by chance, and the largest are too large. Partially pooled
they are neither (Efron and Morris 1975; Gelman, Hill and Yajima 2012).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from scipy.special import bdtr, log_expit, softmax

from partialpool.cells.question import Question
from partialpool.decision.strata import Strata, average, places_of
from partialpool.model.formula import Formula, parse_formula

FEWEST = 3
"""Places whose spread can be told."""
SCALE = 1.0
"""Of the half-Cauchy prior of the spread of log odds ratios over places."""
POINTS = 600
"""Of the grid of spreads."""


def stand_alone(formula: Formula, question: Question) -> bool:
    """Whether a model gives each place a lift of its own, and does not pool them.

    So does one with a population-level interaction of treatment and `within`, and without
    effects of the treatment that vary by a grouping factor of which `within` is a part.
    """
    treatment, within = question.treatment, question.within
    if within is None or not formula.crosses(treatment, within):
        return False
    return not any(
        within in group.grouping and treatment in group.variables for group in formula.groups
    )


def find_alone(
    formulas: Mapping[str, str], names: Collection[str], question: Question
) -> list[str]:
    """The models that let the lifts of places stand alone (`stand_alone`).

    Args:
        formulas: by model.
        names: that formulas may have in them.
        question: what is compared, and where.
    """
    return [
        model
        for model, text in formulas.items()
        if stand_alone(parse_formula(text, names), question)
    ]


def count_by_chance(comparisons: int, needed: float, interval: float) -> dict[str, float]:
    """How many of some lifts are called, gains and losses together, where none is other than 0.

    Args:
        comparisons: lifts, each with a posterior that its own contacts alone decide on.
        needed: the probability of a gain or loss that it takes.
        interval: probability inside the usual range.

    Returns:
        `comparisons`; `expected`; and `least` and `most`, the ends of the usual range, binomial.
    """
    share, tail = 2 * (1 - needed), (1 - interval) / 2
    at_most = bdtr(np.arange(comparisons + 1), comparisons, share)
    least, most = (int(np.searchsorted(at_most, p)) for p in (tail, 1 - tail))
    return {
        "comparisons": comparisons,
        "expected": comparisons * share,
        "least": least,
        "most": min(most, comparisons),
    }


def is_many(places: int, arms: int, needed: float) -> bool:
    """Whether there are so many lifts that chance alone would call one of them, or more."""
    expected = places * (arms - 1) * 2 * (1 - needed)
    return places >= FEWEST and expected >= 1 - 1e-9


def prefer_pooled(strata: Strata, within: str | None, needed: float, seed: int) -> Strata:
    """Rates that stand alone with their lifts pooled where there are many, else as they are."""
    places = len(places_of(strata.levels, within)) - 1
    if within is None or not is_many(places, len(strata.arms), needed):
        return strata
    return pool_strata(strata, within, seed)


def pool(lifts: np.ndarray, order: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Draws of partially pooled lifts from draws of lifts that stand alone.

    In place j the lift is normal(m_j, s_j) by its own contacts, m and s from its draws, and
    over places normal(mu, tau), mu flat and tau half-Cauchy (Rubin 1981; Gelman 2006). Tau is drawn
    from its posterior on a grid (Gelman et al. 2013, equation 5.21). Given it, mu is an average of
    lifts of another draw, and every draw of a lift is moved and shrunk to what it is under mu and
    tau, so that draws stay joint with everything else that was drawn.

    Args:
        lifts: draws x places, on a scale on which they are near normal.
        order: the draws in another order, the same for all arms.
        generator: of the draws of tau and mu.

    Returns:
        Draws x places.
    """
    mean, sd = lifts.mean(axis=0), lifts.std(axis=0, ddof=1)
    tau = _draw_spread(mean, sd, len(lifts), generator)[:, None]
    weights = 1 / (sd**2 + tau**2)
    other = lifts[order] + tau * generator.standard_normal(lifts.shape)
    common = (weights * other).sum(axis=1, keepdims=True) / weights.sum(axis=1, keepdims=True)
    own = tau**2 * weights
    return np.asarray(common + own * (mean - common) + np.sqrt(own) * (lifts - mean))


def _draw_spread(
    mean: np.ndarray, sd: np.ndarray, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Draws of tau given the places' means and standard deviations."""
    typical = float(np.median(sd) + mean.std()) or SCALE
    tau = typical * np.tan((np.arange(POINTS) + 0.5) / POINTS * np.pi / 2)
    weights = 1 / (sd**2 + tau[:, None] ** 2)
    common = (weights * mean).sum(axis=1) / weights.sum(axis=1)
    density = (np.log(weights) - weights * (mean - common[:, None]) ** 2).sum(axis=1)
    density -= np.log(weights.sum(axis=1))
    # points lie as thick as a half-Cauchy of the typical scale: to the prior it is their ratio
    prior = np.log1p((tau / typical) ** 2) - np.log1p((tau / SCALE) ** 2)
    return generator.choice(tau, size=draws, p=softmax(density / 2 + prior))


def pool_strata(strata: Strata, within: str, seed: int) -> Strata:
    """Rates whose log odds ratios against the reference are partially pooled over places.

    Each arm's are pooled by themselves. The reference's log odds move as they do with the lifts
    in the draws (their regression on them in each place); strata of one place move together.

    Args:
        strata: the rates, the reference arm first.
        within: the factor whose levels are the places.
        seed: of `pool`.
    """
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(strata.log_success))
    log_odds = average(strata, within).log_odds[:, :-1]
    lifts = log_odds[:, :, 1:] - log_odds[:, :, :1]
    pooled = [pool(lifts[:, :, arm], order, generator) for arm in range(lifts.shape[2])]
    moved = np.stack(pooled, axis=2) - lifts
    of_each = list(places_of(strata.levels, within).values())[:-1]
    shifted = strata.log_success - strata.log_failure
    for place, rows in enumerate(of_each):
        centred = lifts[:, place] - lifts[:, place].mean(axis=0)
        reference = log_odds[:, place, 0] - log_odds[:, place, 0].mean()
        slopes = np.linalg.lstsq(centred, reference, rcond=None)[0]
        shift = moved[:, place] @ slopes
        shifted[:, rows] += shift[:, None, None]
        shifted[:, rows, 1:] += moved[:, place, None]
    success, failure = log_expit(shifted), log_expit(-shifted)
    return replace(strata, log_success=success, log_failure=failure, unpooled=strata)
