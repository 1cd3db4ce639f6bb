"""How far off counts are as a whole, held against replicates of the same model.

Each discrepancy is computed of what was observed and of every replicate, so that its reference
distribution is the model's own: small and rare counts are as coarse in both (Gelman, Meng and
Stern 1996). A replicate is standardised by the mean and sd of all others, as the observed is.
The posterior has seen the counts, so its replicates lie nearer to them than chance would have it:
the probabilities are conservative.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

ALARM = 0.01
"""Probability of calling counts missed that chance alone has put so far off, at most."""

AT_ONCE = 250_000
"""Draws times counts that are standardised at once; several arrays are as large."""


@dataclass(frozen=True)
class Discrepancies:
    """Of several counts together; the first entry is of the observed, then one per replicate."""

    uncovered: np.ndarray
    """How many counts lie outside of their intervals."""
    farthest: np.ndarray
    """The largest standardised distance of any count from its mean."""
    scatter: np.ndarray
    """The sum of squared standardised distances (Pearson's chi-square)."""
    shift: np.ndarray
    """The sum of standardised differences, which finds counts that are all off to one side."""

    def joined(self, other: Discrepancies) -> Discrepancies:
        """The discrepancies of these counts and others together."""
        return Discrepancies(
            self.uncovered + other.uncovered,
            np.maximum(self.farthest, other.farthest),
            self.scatter + other.scatter,
            self.shift + other.shift,
        )

    def probability(self) -> float:
        """The probability that chance alone is so far off by any of the four (Bonferroni)."""
        values = (self.uncovered, self.farthest, self.scatter, np.abs(self.shift))
        return min(1.0, len(values) * min(map(_exceedance, values)))

    def most_uncovered(self) -> int:
        """How many counts chance alone leaves outside of their intervals, but for `ALARM`."""
        return int(np.quantile(self.uncovered[1:], 1 - ALARM, method="inverted_cdf"))


def measure_discrepancies(
    replicated: np.ndarray, successes: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> Discrepancies:
    """The discrepancies of some counts.

    Args:
        replicated: replicated successes, draws x counts.
        successes: those observed.
        lower: of the interval of each count.
        upper: of the interval of each count.
    """
    size = max(1, AT_ONCE // len(replicated))
    blocks = [slice(start, start + size) for start in range(0, len(successes), size)]
    return join_discrepancies(
        [_measure(replicated[:, at], successes[at], lower[at], upper[at]) for at in blocks]
    )


def _measure(
    replicated: np.ndarray, successes: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> Discrepancies:
    outside = np.concatenate(
        [
            np.atleast_1d(((successes < lower) | (successes > upper)).sum()),
            ((replicated < lower) | (replicated > upper)).sum(axis=1),
        ]
    )
    away = np.vstack([_standardise_observed(replicated, successes), _standardise(replicated)])
    return Discrepancies(
        outside, np.abs(away).max(axis=1), np.square(away).sum(axis=1), away.sum(axis=1)
    )


def join_discrepancies(parts: list[Discrepancies]) -> Discrepancies:
    """The discrepancies of all counts of some parts together; of the same replicates."""
    return reduce(Discrepancies.joined, parts)


def _standardise_observed(replicated: np.ndarray, successes: np.ndarray) -> np.ndarray:
    """Observed counts on the scale of the replicates."""
    count, mean = len(replicated), replicated.mean(axis=0)
    return np.asarray((successes - mean) / _spread(np.square(replicated).mean(axis=0), mean, count))


def _standardise(replicated: np.ndarray) -> np.ndarray:
    """Each replicate on the scale of all the others."""
    count = len(replicated)
    values = replicated.astype(float)
    mean = (values.sum(axis=0) - values) / (count - 1)
    square = (np.square(values).sum(axis=0) - np.square(values)) / (count - 1)
    return np.asarray((values - mean) / _spread(square, mean, count))


def _spread(square: np.ndarray, mean: np.ndarray, count: int) -> np.ndarray:
    """The sd of a count; not 0 where none of so many replicates differs from the others."""
    return np.asarray(np.sqrt(np.maximum(square - np.square(mean), 0) + 1 / count))


def _exceedance(values: np.ndarray) -> float:
    """The share of all values that are at least the first, the observed, which is among them."""
    tolerance = 1e-9 * max(1.0, abs(values[0]))
    return float((values >= values[0] - tolerance).mean())
