"""Did the sampler converge: a table by parameter, what the plots show, and a verdict.

R-hat and effective sample sizes are rank-normalised (Vehtari, Gelman, Simpson, Carpenter and
Bürkner 2021), E-BFMI is Betancourt's (2016); all from ArviZ.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from arviz_stats.base.array import array_stats

from partialpool.posterior.draws import named_parameters, sampled_parameters
from partialpool.sampling.health import examine_sampler
from partialpool.settings import Verdict

RANK_BINS = 20
TRACE_POINTS = 200
ENERGY_BINS = 40
TAILS = (0.05, 0.95)
"""Tail effective sample size is the smaller of those of these quantiles."""


def diagnose_parameters(
    draws: xr.Dataset, acting: Mapping[str, np.ndarray] | None = None
) -> pd.DataFrame:
    """Convergence of each sampled parameter.

    Args:
        draws: the parameters.
        acting: draws of some parameters as they act (`acting.act_on_predictor`).

    Returns:
        One row per parameter: mean and sd, the Monte Carlo standard errors of both, `mcse`, that
        of the mean of the parameter as it acts, R-hat, bulk and tail effective sample size.
    """
    rows = []
    for name, values in sampled_parameters(draws).items():
        as_it_acts = (acting or {}).get(name, values)
        rows.append(
            {
                "parameter": name,
                "mean": values.mean(),
                "sd": values.std(ddof=1),
                "mcse_mean": float(array_stats.mcse(values, 0, 1, method="mean")),
                "mcse_sd": mcse_of_sd(values),
                "mcse": float(array_stats.mcse(as_it_acts, 0, 1, method="mean")),
                "rhat": float(array_stats.rhat(values, 0, 1)),
                "ess_bulk": float(array_stats.ess(values, 0, 1, method="bulk")),
                "ess_tail": float(array_stats.ess(values, 0, 1, method="tail", prob=TAILS)),
            }
        )
    return pd.DataFrame(rows)


def mcse_of_sd(values: np.ndarray) -> float:
    """The Monte Carlo standard error of a standard deviation.

    By the effective sample size of the squared distances from the mean, which that of the mean
    says nothing of: antithetic chains find a mean sooner than a spread. The delta method takes the
    variance of a variance to that of its root (Kenney and Keeping 1951; as R's posterior does).

    Args:
        values: chains x draws.
    """
    squares = np.square(values - values.mean())
    variance = squares.mean()
    if not variance > 0:
        return float("nan")
    effective = float(array_stats.ess(squares, 0, 1, method="mean"))
    return float(np.sqrt(squares.var() / effective / variance / 4))


def judge(
    parameters: pd.DataFrame,
    statistics: xr.Dataset,
    limits: Verdict,
    max_treedepth: int,
    others: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The verdict on a fit.

    Args:
        parameters: `diagnose_parameters`.
        statistics: the sampler's, arrays (chain, draw).
        limits: what must be reached.
        max_treedepth: the sampler's setting.
        others: checks that were made elsewhere (`agreement.as_check`).

    Returns:
        `passed`, and `checks`: for each what was found, its limit, where the worst is, and
        whether it passed. A value that is not a number fails.
    """
    health = examine_sampler(statistics, max_treedepth)
    divergences, hits, ebfmi = health.divergences, health.depth_hits, health.ebfmi
    checks = [
        *judge_precision(parameters, limits),
        _check("divergences", divergences, limits.divergences, divergences <= limits.divergences),
        _check("ebfmi", ebfmi, limits.ebfmi, ebfmi > limits.ebfmi),
        _check("treedepth_hits", hits, limits.treedepth_hits, hits <= limits.treedepth_hits),
        *map(dict, others),
    ]
    return {
        "passed": all(check["passed"] for check in checks),
        "checks": checks,
        "draws": int(statistics["energy"].size),
        "chains": int(statistics["energy"].shape[0]),
        "gradients": health.gradients,
    }


def judge_precision(parameters: pd.DataFrame, limits: Verdict) -> list[dict[str, Any]]:
    """The checks that more draws may pass, of R-hat, effective sample sizes and `mcse`.

    Args:
        parameters: as for `judge`.
        limits: as for `judge`.
    """
    return [
        _parameter_check("rhat", parameters, limits.rhat, largest=True),
        _parameter_check("ess_bulk", parameters, limits.ess, largest=False),
        _parameter_check("ess_tail", parameters, limits.ess, largest=False),
        _parameter_check("mcse", parameters, limits.mcse, largest=True),
    ]


def bin_energy(energy: np.ndarray) -> pd.DataFrame:
    """Energies about their mean, beside the changes from draw to draw, in `ENERGY_BINS` bins.

    Where the changes are much narrower than the energies, the sampler walks too slowly through
    them (Betancourt 2016); E-BFMI is the ratio of their variances.

    Args:
        energy: chains x draws.

    Returns:
        A row for each bin: `left`, `right`, and the share of `energies` and of `changes` in it.
    """
    about, changes = energy - energy.mean(axis=1, keepdims=True), np.diff(energy, axis=1)
    reach = max(np.abs(about).max(), np.abs(changes).max())
    edges = np.linspace(-reach, reach, ENERGY_BINS + 1)
    shares = {
        name: np.histogram(values, bins=edges)[0] / values.size
        for name, values in (("energies", about), ("changes", changes))
    }
    return pd.DataFrame({"left": edges[:-1], "right": edges[1:], **shares})


def count_ranks(draws: xr.Dataset, names: Collection[str]) -> pd.DataFrame:
    """Rank histograms of some parameters: how often the draws of each chain fall in each bin.

    There are `RANK_BINS` equal bins.

    Chains that agree have even histograms (Vehtari et al. 2021, section 4).
    """
    rows, parameters = [], named_parameters(draws)
    for name in names:
        values = parameters[name]
        ranks = np.asarray(array_stats.compute_ranks(values, axis=None))
        for chain, ranked in enumerate(ranks):
            counts, _ = np.histogram(ranked, bins=RANK_BINS, range=(0.5, values.size + 0.5))
            rows += [
                {"parameter": name, "chain": chain + 1, "bin": position + 1, "draws": int(count)}
                for position, count in enumerate(counts)
            ]
    return pd.DataFrame(rows)


def thin_traces(draws: xr.Dataset, names: Collection[str]) -> pd.DataFrame:
    """Traces of some parameters, thinned evenly to at most `TRACE_POINTS` draws of each chain."""
    step = max(1, -(-draws.sizes["draw"] // TRACE_POINTS))
    rows, parameters = [], named_parameters(draws)
    for name in names:
        for chain, trace in enumerate(parameters[name]):
            at = np.arange(0, len(trace), step)
            rows.append(
                pd.DataFrame(
                    {"parameter": name, "chain": chain + 1, "draw": at + 1, "value": trace[at]}
                )
            )
    return pd.concat(rows, ignore_index=True)


def _parameter_check(
    column: str, parameters: pd.DataFrame, limit: float, *, largest: bool
) -> dict[str, Any]:
    values = parameters[column].to_numpy()
    badness = np.where(np.isfinite(values), values if largest else -values, np.inf)
    worst = int(badness.argmax())
    found = float(values[worst])
    passed = np.isfinite(found) and (found < limit if largest else found > limit)
    return _check(column, found, limit, passed, str(parameters["parameter"].iloc[worst]))


def _check(name: str, found: float, limit: float, passed: bool, worst: str = "") -> dict[str, Any]:
    return {
        "check": name,
        "found": float(found),
        "limit": float(limit),
        "worst": worst,
        "passed": bool(passed),
    }
