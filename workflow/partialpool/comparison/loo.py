"""Leave-one-out by importance sampling: contacts, computed from their cells, and sets of cells.

Pareto-smoothed importance sampling (Vehtari, Gelman and Gabry 2017) over contacts needs only two
log-likelihoods per cell, success and failure, and their counts as weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from partialpool.comparison.exclusive import integrate_units
from partialpool.comparison.units import SETS, count_sets, list_sets
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.posterior.fit import Fit


def score_units(fit: Fit, grouping: tuple[str, ...]) -> pd.DataFrame:
    """PSIS leave-one-out of every contact, cell and level of the grouping factor.

    Args:
        fit: draws from the posterior.
        grouping: factors whose combined levels are left out whole; none: no level is.

    Returns:
        A row for what is left out: `unit` and what its name is, `left_out`, which for contacts
        is the position of their cell from 0; `outcome`, of contacts; how many such `units` there
        are, and the `cells`, `trials` and `successes` of one (no cell for a contact); what
        `psis_loo` gives.
    """
    contacts = score_contacts(fit).rename(columns={"cell": "left_out", "contacts": "units"})
    scored = contacts.assign(unit="contact", trials=1, successes=contacts["outcome"], cells=0)
    tables = [scored]
    every = list_sets(fit.cells, grouping)
    for unit in SETS:
        if sets := every[unit]:
            order = np.concatenate(list(sets.values()))
            member = np.repeat(np.arange(len(sets)), list(map(len, sets.values())))
            scores = with_integrated(score_sets(fit, order, member), fit, sets)
            named = count_sets(fit.cells, sets).assign(unit=unit, left_out=list(sets), units=1)
            tables.append(named.join(scores))
    table = with_lone(pd.concat(tables, ignore_index=True))
    first = ["unit", "left_out", "outcome", "units", "cells", "trials", "successes"]
    return table[[*first, *(column for column in table if column not in first)]].astype(
        {"outcome": "Int64"}
    )


def with_lone(scores: pd.DataFrame) -> pd.DataFrame:
    """The scores, with those of contacts that are all of their cell taken from that cell."""
    columns = ["elpd", "mcse", "p_loo", "pareto_k"]
    cells = scores[scores["unit"] == "cell"].reset_index(drop=True)
    contacts = np.flatnonzero(scores["unit"] == "contact")
    of = scores["left_out"].iloc[contacts].astype(int).to_numpy()
    lone = cells["trials"].to_numpy()[of] == 1
    values = scores[columns].to_numpy(float, copy=True)
    values[contacts[lone]] = cells[columns].to_numpy(float)[of[lone]]
    return scores.assign(**dict(zip(columns, values.T, strict=True)))


def with_integrated(scores: pd.DataFrame, fit: Fit, sets: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The scores of sets of cells, with those anew of sets that hold whole levels.

    Effects of such levels are integrated out; where they cannot be, the Pareto k is no number, as
    no score that has seen a level is to be trusted for what leaves it out.

    Args:
        scores: `score_sets`, a row for each set.
        fit: draws from the posterior.
        sets: positions of the cells of each, by name.
    """
    names, columns = list(sets), ["elpd", "mcse", "p_loo", "pareto_k"]
    values = scores[columns].to_numpy(float, copy=True)
    for name, likelihoods in integrate_units(fit, sets).items():
        row = names.index(name)
        if likelihoods is None:
            values[row, 3] = np.nan
            continue
        found = _psis_loo(likelihoods)
        within = values[row, 0] + values[row, 2]
        values[row] = found["elpd"], found["mcse"], within - found["elpd"], found["pareto_k"]
    return scores.assign(**dict(zip(columns, values.T, strict=True)))


def score_contacts(fit: Fit) -> pd.DataFrame:
    """PSIS leave-one-out of every contact.

    Returns:
        A row for each (cell, outcome) pair that occurs: `cell` (position from 0), `outcome`
        (1 success, 0 failure), `contacts`, and what `psis_loo` gives.
    """
    parts = []
    for chunk, eta in fit.predict(fit.cells):
        some = fit.cells.iloc[chunk]
        likelihoods, units = contact_log_likelihoods(eta, some, fit.likelihood, fit.phi)
        units["cell"] += chunk.start
        parts.append(pd.concat([units, psis_loo(_by_chain(likelihoods, fit))], axis=1))
    return pd.concat(parts, ignore_index=True)


def score_sets(fit: Fit, order: np.ndarray, member: np.ndarray) -> pd.DataFrame:
    """PSIS leave-one-out of sets of cells, each left out whole: what `psis_loo` gives.

    Args:
        fit: draws from the posterior.
        order: positions of the cells, set by set.
        member: the set of each of these, counted from 0 and rising.
    """
    cells = fit.cells.iloc[order]
    likelihoods = (
        (member[chunk], cell_log_likelihoods(eta, cells.iloc[chunk], fit.likelihood, fit.phi))
        for chunk, eta in fit.predict(cells)
    )
    parts = [psis_loo(_by_chain(joint, fit)) for joint in _add_up(likelihoods)]
    return pd.concat(parts, ignore_index=True)


def _add_up(chunks: Iterator[tuple[np.ndarray, np.ndarray]]) -> Iterator[np.ndarray]:
    """Draws x cells as draws x sets; a set that goes on in the next chunk waits for it."""
    open_set, waiting = -1, None
    for member, likelihoods in chunks:
        starts = np.flatnonzero(np.diff(member, prepend=-1))
        joint = np.add.reduceat(likelihoods, starts, axis=1)
        if waiting is not None and member[0] == open_set:
            joint[:, 0] += waiting[:, 0]
        elif waiting is not None:
            joint = np.concatenate([waiting, joint], axis=1)
        open_set, waiting = member[-1], joint[:, -1:]
        if joint.shape[1] > 1:
            yield joint[:, :-1]
    if waiting is not None:
        yield waiting


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
    return likelihood.log_probability(eta, y, n, phi)


def psis_loo(log_likelihoods: np.ndarray) -> pd.DataFrame:
    """PSIS leave-one-out of each unit.

    Args:
        log_likelihoods: chains x draws x units.

    Returns:
        A row for each unit: `elpd`, its expected log predictive density when left out; `mcse`,
        the Monte Carlo standard error of that; `p_loo`, what leaving it out costs; `pareto_k`.
    """
    return pd.DataFrame([_psis_loo(unit) for unit in np.moveaxis(log_likelihoods, -1, 0)])


def _psis_loo(unit: np.ndarray) -> Mapping[str, float]:
    from arviz_stats.base.array import array_stats

    ess = float(array_stats.ess(np.exp(unit - unit.max()), 0, 1, method="mean"))
    efficiency = min(ess / unit.size, 1.0) if ess > 0 else 1.0
    weights, k = array_stats.psislw(unit, r_eff=efficiency, axis=[0, 1])
    elpd, _, p = array_stats.loo(unit, 0, 1, log_weights=weights, pareto_k=k)
    # of a ratio's logarithm, by the delta method; draws that are alike count for fewer
    apart = np.exp(weights) * np.expm1(unit - float(elpd))
    mcse = float(np.sqrt(np.sum(np.square(apart)) / efficiency))
    return {"elpd": float(elpd), "mcse": mcse, "p_loo": float(p), "pareto_k": float(k)}


def trustworthy_k(pareto_k: float, draws: int) -> float:
    """The Pareto k up to which importance sampling from so many draws is trusted.

    The smaller of the one that is asked for and 1 - 1 / log10(draws) (Vehtari, Simpson,
    Gelman, Yao and Gabry 2024).
    """
    return float(min(pareto_k, 1 - 1 / np.log10(draws)))


def _by_chain(values: np.ndarray, fit: Fit) -> np.ndarray:
    """Draws, chain after chain, x units as chains x draws x units."""
    return values.reshape(*fit.shape, values.shape[-1])
