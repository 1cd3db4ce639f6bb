"""The health of a sampler, read from its own statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Health:
    """What a sampler's statistics say of the transitions that were kept."""

    divergences: int
    """Divergent transitions."""
    depth_hits: int
    """Transitions that ran into the largest tree depth."""
    ebfmi: float
    """The smallest of any chain's (Betancourt 2016)."""
    gradients: int


def count_divergences(divergent: np.ndarray) -> int:
    """Divergent transitions among all kept ones (chains x draws of 0 and 1)."""
    return int(divergent.sum())


def examine_sampler(
    statistics: Mapping[str, np.ndarray] | xr.Dataset, max_treedepth: int
) -> Health:
    """The health of a fit.

    Args:
        statistics: the sampler's (`engines.STATISTICS`), chains x draws each.
        max_treedepth: the sampler's setting.
    """
    from arviz_stats.base.array import array_stats

    divergent, treedepth, energy, gradients = (
        np.asarray(statistics[name]) for name in ("divergent", "treedepth", "energy", "n_leapfrog")
    )
    return Health(
        divergences=count_divergences(divergent),
        depth_hits=int((treedepth >= max_treedepth).sum()),
        ebfmi=float(np.min(array_stats.bfmi(energy, 0, 1))),
        gradients=int(gradients.sum()),
    )
