"""Leave-one-out by importance sampling, over contacts computed from their cells.

Pareto-smoothed importance sampling (Vehtari, Gelman and Gabry 2017) over contacts needs only two
log-likelihoods per cell, success and failure, and their counts as weights.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from arviz_stats.base.array import array_stats

from partialpool.likelihood import LOGISTIC, Likelihood, log_orders
from partialpool.predictor import Chunks


def score_contacts(
    chunks: Chunks, cells: pd.DataFrame, likelihood: Likelihood, phi: np.ndarray | None, chains: int
) -> pd.DataFrame:
    """PSIS leave-one-out of every contact.

    Args:
        chunks: of all cells (`predictor.predict_in_chunks`).
        cells: with `successes` and `trials`.
        likelihood: of the model.
        phi: draws of the precision of a beta-binomial (`posterior.precision`).
        chains: that the draws are of, one after the other.

    Returns:
        A row for each (cell, outcome) pair that occurs: `cell` (position from 0), `outcome`
        (1 success, 0 failure), `contacts`, and what `psis_loo` gives.
    """
    parts = []
    for chunk, eta in chunks:
        likelihoods, units = contact_log_likelihoods(eta, cells.iloc[chunk], likelihood, phi)
        units["cell"] += chunk.start
        parts.append(pd.concat([units, psis_loo(_by_chain(likelihoods, chains))], axis=1))
    return pd.concat(parts, ignore_index=True)


def score_cells(
    chunks: Chunks, cells: pd.DataFrame, likelihood: Likelihood, phi: np.ndarray | None, chains: int
) -> pd.DataFrame:
    """PSIS leave-one-out of every cell, `psis_elpd`, `p_loo` and `pareto_k`.

    The arguments are those of `score_contacts`.
    """
    parts = []
    for chunk, eta in chunks:
        likelihoods = cell_log_likelihoods(eta, cells.iloc[chunk], likelihood, phi)
        parts.append(psis_loo(_by_chain(likelihoods, chains)))
    return pd.concat(parts, ignore_index=True).rename(columns={"elpd": "psis_elpd"})


def contact_log_likelihoods(
    eta: np.ndarray,
    cells: pd.DataFrame,
    likelihood: Likelihood = LOGISTIC,
    phi: np.ndarray | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    """The two log-likelihoods of each cell, and how many contacts have them.

    Args:
        eta: linear predictor, ... x cells.
        cells: with `successes` and `trials`.
        likelihood: of the model.
        phi: the precision of a beta-binomial, of the shape of `eta` without its last axis.

    Returns:
        ... x units, units being the (cell, outcome) pairs that occur; and a row for each unit:
        `cell` (position from 0), `outcome` (1 success, 0 failure), `contacts`.
    """
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    counts = np.stack([y, n - y], axis=1)
    success, failure = likelihood.contact_log_likelihoods(eta, y, n, phi)
    cell, column = np.nonzero(counts)
    units = pd.DataFrame({"cell": cell, "outcome": 1 - column, "contacts": counts[cell, column]})
    return np.where(column == 0, success[..., cell], failure[..., cell]), units


def cell_log_likelihoods(
    eta: np.ndarray,
    cells: pd.DataFrame,
    likelihood: Likelihood = LOGISTIC,
    phi: np.ndarray | None = None,
) -> np.ndarray:
    """Log-likelihood of each cell's number of successes, of the linear predictor's shape."""
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    return np.asarray(log_orders(y, n) + likelihood.log_mass(eta, y, n, phi))


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


def _by_chain(values: np.ndarray, chains: int) -> np.ndarray:
    """Draws, chain after chain, x units as chains x draws x units."""
    return values.reshape(chains, -1, values.shape[-1])
