"""Draws with names: the last place where Stan is touched, and all that later stages read.

Draws are kept as NetCDF with a group for the parameters and one for the sampler's
statistics. Every later quantity is draws x design.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.design import Design, Term
from partialpool.engines import Draws, derive_seed

DENSITY_POINTS = 200
KINDS = ("population", "sd", "correlation", "effect")
"""The kinds of parameters, which are the Stan program's variables and the arrays' names."""


def label_draws(draws: Draws, index: Mapping[str, Sequence[str]]) -> xr.DataTree:
    """Give every parameter its name.

    Args:
        draws: as an engine gave them.
        index: parameter names by kind (`Design.index`).

    Returns:
        A tree with the group `posterior`, arrays (chain, draw, name) for the kinds the
        model has, and the group `sample_stats`, arrays (chain, draw).
    """
    has_intercept = "Intercept" in index["population"]
    parameters = {}
    for kind in KINDS:
        if index[kind]:
            values = draws.variables[kind]
            if kind == "population" and not has_intercept:
                values = values[..., 1:]
            parameters[kind] = xr.DataArray(
                values,
                dims=("chain", "draw", f"{kind}_name"),
                coords={f"{kind}_name": list(index[kind])},
            )
    statistics = {n: (("chain", "draw"), v) for n, v in sorted(draws.statistics.items())}
    return xr.DataTree.from_dict(
        {"posterior": xr.Dataset(parameters), "sample_stats": xr.Dataset(statistics)}
    )


def write_draws(tree: xr.DataTree, path: Path) -> None:
    """Write a tree of draws as NetCDF."""
    tree.to_netcdf(path, engine="h5netcdf")


def read_draws(path: Path, group: str = "posterior") -> xr.Dataset:
    """Read one group of a tree of draws."""
    return xr.load_dataset(path, group=group, engine="h5netcdf")


def named_parameters(draws: xr.Dataset) -> dict[str, np.ndarray]:
    """Every parameter by its name, chains x draws."""
    return {
        str(name): draws[kind].values[..., i]
        for kind in KINDS
        if kind in draws
        for i, name in enumerate(draws[f"{kind}_name"].values)
    }


def summarise(values: np.ndarray, interval: float) -> dict[str, float]:
    """Mean, sd, median and equal-tailed interval of draws of one quantity."""
    tail = (1 - interval) / 2
    lower, median, upper = np.quantile(values, [tail, 0.5, 1 - tail])
    return {
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)),
        "median": float(median),
        "lower": float(lower),
        "upper": float(upper),
    }


def summarise_parameters(draws: xr.Dataset, interval: float) -> pd.DataFrame:
    """One row per parameter: `summarise`, and the probability that it is above 0."""
    return pd.DataFrame(
        [
            {
                "parameter": name,
                **summarise(values, interval),
                "above_0": float((values > 0).mean()),
            }
            for name, values in named_parameters(draws).items()
        ]
    )


def estimate_densities(draws: xr.Dataset, names: Collection[str]) -> pd.DataFrame:
    """Kernel density of some parameters on grids over their draws: parameter, value, density."""
    from arviz_stats.base.array import array_stats  # a second to import, and only needed here

    parts = []
    parameters = named_parameters(draws)
    for name in names:
        values = parameters[name]
        grid, density, _ = array_stats.kde(values.ravel(), grid_len=DENSITY_POINTS)
        parts.append(pd.DataFrame({"parameter": name, "value": grid, "density": density}))
    return pd.concat(parts, ignore_index=True)


def linear_predictor(
    draws: xr.Dataset, design: Design, rows: pd.DataFrame, seed: int = 0
) -> np.ndarray:
    """Log-odds of some rows, draw by draw.

    Args:
        draws: the parameters.
        design: of the model.
        rows: a frame with the design's factors and numbers.
        seed: of the effects of new levels, which are drawn from their term's distribution; each
            level has a stream of its own, so that it has the same effects in any rows.

    Returns:
        Draws (chain after chain) x rows.
    """
    matrices = design.matrices(rows)
    count = draws.sizes["chain"] * draws.sizes["draw"]
    log_odds = np.zeros((count, len(matrices.level)))
    if "population" in draws:
        log_odds += draws["population"].values.reshape(count, -1) @ matrices.population.T
    effects = draws["effect"].values.reshape(count, -1) if "effect" in draws else None
    start = 0
    for position, (term, columns) in enumerate(zip(design.terms, matrices.groups, strict=True)):
        shape = (count, len(term.coefficients), len(term.levels))
        stop = start + shape[1] * shape[2]
        block = effects[:, start:stop].reshape(shape)  # type: ignore[index]
        new = matrices.new_levels[position]
        if new:
            drawn = [draw_new_effects(draws, term, seed, level) for level in new]
            block = np.concatenate([block, np.stack(drawn, axis=-1)], axis=-1)
        chosen = block[:, :, matrices.level[:, position]]
        log_odds += np.einsum("dmr,rm->dr", chosen, columns)
        start = stop
    return log_odds


def draw_new_effects(draws: xr.Dataset, term: Term, seed: int, level: str) -> np.ndarray:
    """Effects of a level that the data do not have, from its term's distribution.

    Args:
        draws: the parameters, standard deviations and correlations among them.
        term: the group-level term.
        seed: the stream's, together with the names of the term and the level.
        level: the new level.

    Returns:
        Draws (chain after chain) x coefficients, deviations as those of known levels.
    """
    count, size = draws.sizes["chain"] * draws.sizes["draw"], len(term.coefficients)
    correlation = np.tile(np.eye(size), (count, 1, 1))
    if size > 1:
        below = draws["correlation"].sel(correlation_name=term.correlation_names).values
        rows, columns = np.tril_indices(size, -1)
        correlation[:, rows, columns] = below.reshape(count, -1)
        correlation[:, columns, rows] = below.reshape(count, -1)
    sd = draws["sd"].sel(sd_name=term.sd_names).values.reshape(count, size)
    stream = derive_seed(seed, term.name, *term.coefficients, level)
    standard = np.random.default_rng(stream).standard_normal((count, size))
    # rounding can leave a correlation near 1 just outside what has a Cholesky factor
    root = np.linalg.cholesky(correlation + 1e-10 * np.eye(size))
    return np.asarray(sd * np.einsum("dij,dj->di", root, standard))


def by_chain(values: np.ndarray, draws: xr.Dataset) -> np.ndarray:
    """Draws x rows as chains x draws x rows."""
    return values.reshape(draws.sizes["chain"], draws.sizes["draw"], -1)
