"""The health of a sampler, read from its own statistics: divergences and energies."""

from __future__ import annotations

import numpy as np
from arviz_stats.base.array import array_stats


def count_divergences(divergent: np.ndarray) -> int:
    """Divergent transitions among all kept ones (chains x draws of 0 and 1)."""
    return int(divergent.sum())


def least_ebfmi(energy: np.ndarray) -> float:
    """The smallest E-BFMI of any chain, of the energies (chains x draws)."""
    return float(np.min(array_stats.bfmi(energy, 0, 1)))
