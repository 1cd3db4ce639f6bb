"""Are ranks even: by their histogram, and by their distribution function.

The histogram is tested by Pearson's chi-square. The distribution function has a simultaneous band,
which even ranks leave anywhere with a known probability (Säilynoja, Bürkner and Vehtari 2022); it
is worked out exactly, not simulated.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy.special import bdtr, bdtrc, chdtrc, gammaln, xlogy

MOST_BINS = 20
LEAST_EXPECTED = 10
"""Ranks that a bin of a histogram should have on average, at least."""
HALVINGS = 20


def count_bins(ranks: np.ndarray, ranked: int) -> pd.DataFrame:
    """The histogram of some ranks.

    Returns:
        For each bin `left` and `right`, the shares of ranks below its ends, `count`, and
        `expected`, the count that even ranks have on average.
    """
    bins = int(np.clip(len(ranks) // LEAST_EXPECTED, 2, min(MOST_BINS, ranked + 1)))
    edges = np.round(np.linspace(0, ranked + 1, bins + 1)).astype(int)
    count, _ = np.histogram(ranks, bins=edges - 0.5)
    shares = edges / (ranked + 1)
    frame = {"left": shares[:-1], "right": shares[1:], "count": count}
    return pd.DataFrame(frame | {"expected": len(ranks) * np.diff(shares)})


def judge_histogram(ranks: np.ndarray, ranked: int) -> tuple[float, float]:
    """Pearson's chi-square of the histogram, and its p-value."""
    bins = count_bins(ranks, ranked)
    statistic = float(((bins["count"] - bins["expected"]) ** 2 / bins["expected"]).sum())
    return statistic, float(chdtrc(len(bins) - 1, statistic))


def trace_ecdf(ranks: np.ndarray, ranked: int) -> tuple[np.ndarray, np.ndarray]:
    """The distribution function of some ranks.

    Returns:
        The shares 1 / (ranked + 1), ..., ranked / (ranked + 1), and how many ranks lie below each;
        of even ranks that is binomial with these shares.
    """
    below = np.searchsorted(np.sort(ranks), np.arange(1, ranked + 1), side="left")
    return np.arange(1, ranked + 1) / (ranked + 1), below


def judge_ecdf(ranks: np.ndarray, ranked: int) -> float:
    """The exact p-value of the farthest point of the distribution function.

    The smallest tail probability of its points, each binomial, is the statistic; how often even
    ranks have one as small is worked out from point to point (Säilynoja et al. 2022, section 2.3).
    """
    count = len(ranks)
    _, below = trace_ecdf(ranks, ranked)
    found = _tails(count, ranked)[np.arange(ranked), below].min()
    return _chance_outside(count, ranked, float(found))


@cache
def simultaneous_band(count: int, ranked: int, chance: float) -> tuple[np.ndarray, np.ndarray]:
    """Bounds that the distribution function of even ranks leaves anywhere with some probability.

    Args:
        count: ranks.
        ranked: draws that each is a rank among.
        chance: of a point outside, at most.

    Returns:
        The fewest and the most ranks that may lie below each share of `trace_ecdf`.
    """
    low, high = np.log(chance / (4 * ranked)), np.log(chance)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        over = _chance_outside(count, ranked, float(np.exp(middle))) > chance
        low, high = (low, middle) if over else (middle, high)
    inside = _tails(count, ranked) > np.exp(low)
    return inside.argmax(axis=1), count - inside[:, ::-1].argmax(axis=1)


def binomial_bounds(count: int, share: float, chance: float) -> tuple[int, int]:
    """The fewest and the most of a binomial that each tail leaves out with half of `chance`."""
    counts = np.arange(count + 1)
    lower = int((bdtr(counts, count, share) > chance / 2).argmax())
    above = np.where(counts > 0, bdtrc(np.maximum(counts - 1, 0), count, share), 1.0)
    return lower, int(count - (above > chance / 2)[::-1].argmax())


@cache
def _tails(count: int, ranked: int) -> np.ndarray:
    """The smaller tail probability of each count at each share, shares x counts."""
    shares = np.arange(1, ranked + 1)[:, None] / (ranked + 1)
    counts = np.arange(count + 1)[None]
    above = np.where(counts > 0, bdtrc(np.maximum(counts - 1, 0), count, shares), 1.0)
    return np.asarray(np.minimum(bdtr(counts, count, shares), above))


@cache
def _chance_outside(count: int, ranked: int, tail: float) -> float:
    """Probability that even ranks have a point whose tail probability is at most `tail`.

    The number of ranks below a share, given that below the share before, is binomial: the
    probability of having been inside all along is carried from share to share.
    """
    inside = _tails(count, ranked) > tail
    at, inside_all = np.array([0]), np.array([1.0])
    for step in range(ranked):
        to = np.flatnonzero(inside[step])
        inside_all = inside_all @ _moves(at, to, count, 1 / (ranked + 1 - step))
        at = to
    return float(max(0.0, 1 - inside_all.sum()))


def _moves(at: np.ndarray, to: np.ndarray, count: int, chance: float) -> np.ndarray:
    """Probability that so many more of the remaining ranks fall below the next share."""
    remaining, more = (count - at)[:, None], to[None] - at[:, None]
    more = np.where((more >= 0) & (more <= remaining), more, -1)
    rest = remaining - np.maximum(more, 0)
    orders = gammaln(remaining + 1) - gammaln(np.maximum(more, 0) + 1) - gammaln(rest + 1)
    log_mass = orders + xlogy(np.maximum(more, 0), chance) + xlogy(rest, 1 - chance)
    return np.asarray(np.where(more >= 0, np.exp(log_mass), 0.0))
