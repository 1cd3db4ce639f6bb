"""Leave-one-out by importance sampling, over contacts computed from their cells.

Pareto-smoothed importance sampling (Vehtari, Gelman and Gabry 2017) over contacts needs only two
log-likelihoods per cell, success and failure, and their counts as weights.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from arviz_stats.base.array import array_stats
from scipy.special import gammaln, log_expit


def contact_log_likelihoods(
    log_odds: np.ndarray, cells: pd.DataFrame
) -> tuple[np.ndarray, pd.DataFrame]:
    """The two log-likelihoods of each cell, and how many contacts have them.

    Args:
        log_odds: chains x draws x cells.
        cells: with `successes` and `trials`.

    Returns:
        Chains x draws x units, units being the (cell, outcome) pairs that occur; and a row for
        each unit: `cell` (position from 0), `outcome` (1 success, 0 failure), `contacts`.
    """
    counts = np.stack([cells["successes"], cells["trials"] - cells["successes"]], axis=1)
    both = np.stack([log_expit(log_odds), log_expit(-log_odds)], axis=-1)
    cell, column = np.nonzero(counts)
    units = pd.DataFrame({"cell": cell, "outcome": 1 - column, "contacts": counts[cell, column]})
    return both[..., cell, column], units


def cell_log_likelihoods(log_odds: np.ndarray, cells: pd.DataFrame) -> np.ndarray:
    """Binomial log-likelihood of each cell, of the shape of the log-odds (... x cells)."""
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    choose = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
    return np.asarray(choose + y * log_expit(log_odds) + (n - y) * log_expit(-log_odds))


def psis_loo(log_likelihoods: np.ndarray) -> pd.DataFrame:
    """PSIS leave-one-out of each unit.

    Args:
        log_likelihoods: chains x draws x units.

    Returns:
        A row for each unit: `elpd`, its expected log predictive density when left out;
        `p_loo`, what leaving it out costs; and `pareto_k`.
    """
    rows = []
    for unit in np.moveaxis(log_likelihoods, -1, 0):
        efficiency = float(array_stats.ess(np.exp(unit), 0, 1, method="mean")) / unit.size
        elpd, k, p = array_stats.loo(unit, 0, 1, r_eff=min(efficiency, 1.0))
        rows.append({"elpd": float(elpd), "p_loo": float(p), "pareto_k": float(k)})
    return pd.DataFrame(rows)
