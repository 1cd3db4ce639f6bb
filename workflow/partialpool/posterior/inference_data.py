"""One file of a fitted model for ArviZ: draws, what they predict, densities and data.

Groups, variables of the sampler and coordinates are called as ArviZ has them (the InferenceData
schema), so that its functions find what they need.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.posterior.arrays import SAMPLES, Claims, arrange, flatten, number
from partialpool.posterior.draws import LOG_LIKELIHOOD, LOG_PRIOR, as_group, write_draws
from partialpool.posterior.fit import Fit

MOST_VALUES = 5_000_000
"""Draws x cells above which groups that have a value for each are left out, and draws x parameters
above which these are not given flat, too."""
FLAT = "posterior_flat"
OUTCOME, CELL = "successes", "cell"
STATISTICS = {
    "divergent": "diverging",
    "n_leapfrog": "n_steps",
    "treedepth": "tree_depth",
    "accept_stat": "acceptance_rate",
    "stepsize": "step_size",
}
"""ArviZ's names of the sampler's statistics, by Stan's; the others have the same."""
PREDICTIVE = "_predictive"
NONE_LEFT_OUT = "nothing"


def collect(
    fits: Mapping[str, Fit],
    statistics: xr.Dataset,
    names: pd.DataFrame,
    log_prior: np.ndarray | None,
    generators: Mapping[str, np.random.Generator],
) -> xr.DataTree:
    """Collect what ArviZ asks of a fitted model.

    Args:
        fits: with draws of each kind, `posterior` and, where it was sampled, `prior`.
        statistics: of the sampler, of the posterior's draws.
        names: of the model's parameters (`parameters.name_parameters`).
        log_prior: density of the posterior's draws, chains x draws; none where it is not known.
        generators: random stream of each kind's replicates: fresh ones of the seeds that
            `margins.check_margins` has had, and they are the same replicates.

    Returns:
        The groups `posterior`, `sample_stats`, `prior`, `prior_predictive`,
        `posterior_predictive`, `log_likelihood` (of each cell's successes), `log_prior`,
        `observed_data` and `constant_data`. The attribute `left_out` says which are not there.
    """
    fit = fits["posterior"]
    groups = {kind: arrange(of.draws, names) for kind, of in fits.items()}
    groups["sample_stats"] = _tell_statistics(statistics)
    if not _too_many(fit, _count_parameters(fit)):
        groups[FLAT] = flatten(fit.draws)
    for kind, of in fits.items():
        if not _too_many(of, len(of.cells)):
            groups[f"{kind}{PREDICTIVE}"] = _by_cell(_replicate(of, generators[kind]), of)
    if not _too_many(fit, len(fit.cells)):
        groups[LOG_LIKELIHOOD] = _by_cell(cell_log_likelihoods(fit), fit)
    if log_prior is not None:
        groups[LOG_PRIOR] = number(as_group(LOG_PRIOR, log_prior))
    groups |= _data(fit)
    tree = xr.DataTree.from_dict({name: groups[name] for name in sorted(groups)})
    tree.attrs["left_out"] = _left_out(fits, log_prior)
    return tree


def write_inference_data(tree: xr.DataTree, about: Mapping[str, Any], path: Path | str) -> None:
    """Write what `collect` gives, compressed, and seal it.

    Args:
        tree: the groups.
        about: attributes of the file; `versions`, by package, has the `engine` too.
        path: of the file.
    """
    versions = dict(about["versions"])
    engine, _, version = str(versions.get("engine", "")).partition(" ")
    told = {name: value for name, value in about.items() if isinstance(value, str)}
    tree.attrs |= told | {
        "engine": versions.get("engine", ""),
        "versions": json.dumps(versions, ensure_ascii=False),
        "inference_library": engine,
        "inference_library_version": version,
        "creation_library": "partialpool",
        "creation_library_version": versions.get("partialpool", ""),
    }
    write_draws(tree, path, compressed=True)


def cell_log_likelihoods(fit: Fit) -> np.ndarray:
    """Log probability of each cell's number of successes, draws (chain after chain) x cells."""
    y, n = fit.cells["successes"].to_numpy(), fit.cells["trials"].to_numpy()
    found = np.empty((int(np.prod(fit.shape)), len(y)))
    for chunk, eta in fit.predict(fit.cells):
        found[:, chunk] = fit.likelihood.log_probability(eta, y[chunk], n[chunk], fit.phi)
    return found


def _replicate(fit: Fit, generator: np.random.Generator) -> np.ndarray:
    """Successes of cells that were not seen, drawn as `predictive.check_predictive` does."""
    trials = fit.cells["trials"].to_numpy()
    small = trials.max(initial=0) <= np.iinfo(np.int32).max
    found = np.empty((int(np.prod(fit.shape)), len(trials)), np.int32 if small else np.int64)
    for chunk, eta in fit.predict(fit.cells):
        found[:, chunk] = fit.likelihood.simulate(eta, trials[chunk], fit.phi, generator)
    return found


def _count_parameters(fit: Fit) -> int:
    return sum(of.sizes.get(f"{kind}_name", 0) for kind, of in fit.draws.items())


def _too_many(fit: Fit, count: int) -> bool:
    """Whether a value for each draw of so many quantities is too much for the file."""
    return int(np.prod(fit.shape)) * count > MOST_VALUES


def _by_cell(values: np.ndarray, fit: Fit) -> xr.Dataset:
    """Draws x cells as a group."""
    of_cells = {OUTCOME: ((*SAMPLES, CELL), values.reshape(*fit.shape, -1))}
    return number(xr.Dataset(of_cells, coords={CELL: fit.labels}))


def _tell_statistics(statistics: xr.Dataset) -> xr.Dataset:
    told = {name: STATISTICS.get(str(name), str(name)) for name in statistics}
    group = number(statistics.rename(told))
    types = {"diverging": bool, "n_steps": np.int64, "tree_depth": np.int64}
    return group.assign({name: group[name].astype(of) for name, of in types.items()})


def _data(fit: Fit) -> dict[str, xr.Dataset]:
    """What was observed in the cells, and what they were given."""
    claims, given, coords = Claims({CELL}), {}, {CELL: fit.labels}
    for name in fit.cells.columns.drop(OUTCOME):
        column = fit.cells[name]
        is_factor = isinstance(column.dtype, pd.CategoricalDtype)
        values = column.astype(str).to_numpy(object) if is_factor else column.to_numpy()
        given[claims.claim(str(name))] = (CELL, values)
    observed = {OUTCOME: (CELL, fit.cells[OUTCOME].to_numpy())}
    return {
        "observed_data": xr.Dataset(observed, coords=coords),
        "constant_data": xr.Dataset(given, coords=coords),
    }


def _left_out(fits: Mapping[str, Fit], log_prior: np.ndarray | None) -> str:
    """Which groups are not there, and why."""
    said = []
    if "prior" not in fits:
        said.append("prior, prior_predictive: the prior was not sampled, as it is not proper")
    posterior = fits["posterior"]
    sizes = [(FLAT, posterior, _count_parameters(posterior), "parameters")]
    for kind, fit in fits.items():
        groups = f"{kind}{PREDICTIVE}" + f", {LOG_LIKELIHOOD}" * (kind == "posterior")
        sizes.append((groups, fit, len(fit.cells), "cells"))
    said += [
        f"{groups}: {int(np.prod(fit.shape)):,} draws of {count:,} {of} are more than "
        f"{MOST_VALUES:,} values"
        for groups, fit, count, of in sizes
        if _too_many(fit, count)
    ]
    if log_prior is None:
        said.append(f"{LOG_PRIOR}: the model's own program does not tell it")
    return "; ".join(said) or NONE_LEFT_OUT
