"""Draws with names: the last place where Stan is touched, and all that later stages read.

Draws are kept as NetCDF with a group for the parameters and one for the sampler's
statistics.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.errors import InputError
from partialpool.model.parameters import OTHER, of_kind
from partialpool.sampling.engines import Draws
from partialpool.seals import DamagedError, check_seal, seal

DENSITY_POINTS = 200
COMPRESSION = 4
"""Of zlib: more of it takes longer and saves next to nothing."""
VARIABLES = {
    "population": "the coefficients with every predictor at 0: the intercept (0 where the model "
    "has none), then the slopes",
    "sd": "the standard deviations of the effects, term by term",
    "correlation": "the correlations of the effects, below the diagonal, row by row, term by term",
    "effect": "the effects as deviations, term by term, coefficient by coefficient, level by level",
    "phi": "the precision of the beta-binomial",
}
"""What a Stan program calls the parameters that have names here, and what it must hold in them."""
NEEDED = ("population", "effect", "phi")
"""Those without which no rate can be computed."""
LOG_PRIOR, LOG_LIKELIHOOD = "log_prior", "log_likelihood"
"""Groups of trees of draws, as ArviZ calls them, and the arrays in them."""
PARAMETER_KINDS = (*VARIABLES, OTHER)
"""The kinds of parameters, and the names of their arrays; `other` keep their own Stan names."""


def label_draws(draws: Draws, names: pd.DataFrame) -> xr.DataTree:
    """Give every parameter its name.

    Args:
        draws: as an engine gave them.
        names: of the model's parameters (`parameters.name_parameters`); of kind `other` are the
            variables of the program that are kept under their own names.

    Returns:
        A tree with the group `posterior`, arrays (chain, draw, name) for the kinds the
        model has, the group `sample_stats`, arrays (chain, draw), and where the program itself
        tells its log prior density, the group `log_prior`.

    Raises:
        InputError: the program has no variable for what the model has, one of another size, or
            one whose elements have the names of the model's parameters.
    """
    parameters = {}
    for kind in VARIABLES:
        of = names[names["kind"] == kind]
        values = _select(draws, kind, of["position"].to_numpy())
        if values is not None:
            parameters[kind] = _named(values, kind, of["parameter"])
    others = [name for name in of_kind(names, OTHER) if name in draws.variables]
    if others:
        values = np.concatenate([draws.variables[name] for name in others], axis=-1)
        elements = [element for name in others for element in draws.elements[name]]
        _check_elements(elements, names)
        parameters[OTHER] = _named(values, OTHER, elements)
    statistics = {n: (("chain", "draw"), v) for n, v in sorted(draws.statistics.items())}
    groups = {"posterior": xr.Dataset(parameters), "sample_stats": xr.Dataset(statistics)}
    offered = draws.variables.get(LOG_PRIOR)
    if offered is not None and offered.shape[-1] == 1:
        groups[LOG_PRIOR] = as_group(LOG_PRIOR, offered[..., 0])
    return xr.DataTree.from_dict(groups)


def as_group(name: str, values: np.ndarray) -> xr.Dataset:
    """A group of a tree with one array, chains x draws, of the group's own name."""
    return xr.Dataset({name: (("chain", "draw"), values)})


def _select(draws: Draws, kind: str, positions: np.ndarray) -> np.ndarray | None:
    """The draws of a kind; none where the model has no such parameters, or may do without."""
    values = draws.variables.get(kind)
    found, expected = 0 if values is None else values.shape[-1], int(positions.max(initial=0))
    if not expected or (not found and kind not in NEEDED):
        return None
    if values is None or found != expected:
        size = f"{expected:,} value{'s' * (expected > 1)}"
        what = f"{kind} of {found:,}" if found else f"no variable {kind}"
        raise InputError(f"program: found {what}, expected {size}: {VARIABLES[kind]}")
    if np.array_equal(positions, np.arange(1, found + 1)):
        return values  # which are large, and need no copy
    return np.take(values, positions - 1, axis=-1)


def _check_elements(elements: Sequence[str], names: pd.DataFrame) -> None:
    twice = set(elements) & set(of_kind(names, *VARIABLES))
    if twice:
        raise InputError(
            f"program: found {min(twice)}, a name of the model's own parameters too, expected "
            "another name of the variable"
        )


def _named(values: np.ndarray, kind: str, names: Iterable[str]) -> xr.DataArray:
    return xr.DataArray(
        values, dims=("chain", "draw", f"{kind}_name"), coords={f"{kind}_name": list(names)}
    )


def write_draws(tree: xr.DataTree, path: Path | str, compressed: bool = False) -> None:
    """Write a tree of draws as NetCDF, and seal it."""
    packed = {"zlib": True, "complevel": COMPRESSION, "shuffle": True}
    encoding = {
        node.path: {name: packed for name, of in node.data_vars.items() if "draw" in of.dims}
        for node in tree.subtree
    }
    tree.to_netcdf(path, engine="h5netcdf", encoding=encoding if compressed else None)
    seal(path)


def read_draws(path: Path, group: str = "posterior") -> xr.Dataset:
    """Read one group of a tree of draws.

    Raises:
        DamagedError: the file is missing, or not as it was written.
    """
    with _whole(path):
        return xr.load_dataset(path, group=group, engine="h5netcdf")


def read_log_prior(path: Path) -> np.ndarray | None:
    """The log prior density that a program told of its draws, chains x draws, if it did.

    Raises:
        DamagedError: the file is missing, or not as it was written.
    """
    with _whole(path), xr.open_datatree(path, engine="h5netcdf") as tree:
        return np.asarray(tree[LOG_PRIOR][LOG_PRIOR]) if LOG_PRIOR in tree.children else None


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Hold a file against its seal before it is read; HDF5's own errors name no remedy."""
    check_seal(path)
    try:
        yield
    except (OSError, KeyError, ValueError, RuntimeError):
        raise DamagedError(path, "is not whole NetCDF") from None


def named_parameters(draws: xr.Dataset) -> dict[str, np.ndarray]:
    """Every parameter by its name, chains x draws."""
    return {
        str(name): draws[kind].values[..., i]
        for kind in PARAMETER_KINDS
        if kind in draws
        for i, name in enumerate(draws[f"{kind}_name"].values)
    }


def sampled_parameters(draws: xr.Dataset) -> dict[str, np.ndarray]:
    """Every parameter but standard deviations that a prior holds constant, chains x draws.

    These have one value in all draws of all chains, which nothing that is sampled has.
    """
    named = named_parameters(draws)
    sds = map(str, draws["sd_name"].values) if "sd" in draws else ()
    fixed = {name for name in sds if named[name].size > 1 and np.ptp(named[name]) == 0}
    return {name: values for name, values in named.items() if name not in fixed}


def precision(draws: xr.Dataset) -> np.ndarray | None:
    """Draws (chain after chain) of a beta-binomial's phi; none for a binomial."""
    return np.ravel(draws["phi"].values) if "phi" in draws else None


def summarise(values: np.ndarray, interval: float) -> dict[str, float]:
    """Mean, sd, median and equal-tailed interval of draws of one quantity."""
    columns = summarise_columns(np.ravel(values)[:, None], interval)
    return {name: float(column[0]) for name, column in columns.items()}


def summarise_columns(values: np.ndarray, interval: float) -> dict[str, np.ndarray]:
    """`summarise` of each column of draws x quantities."""
    tail = (1 - interval) / 2
    lower, median, upper = np.quantile(values, [tail, 0.5, 1 - tail], axis=0)
    mean, sd = values.mean(axis=0), values.std(axis=0, ddof=1)
    return {"mean": mean, "sd": sd, "median": median, "lower": lower, "upper": upper}


def summarise_parameters(draws: xr.Dataset, interval: float) -> pd.DataFrame:
    """One row per sampled parameter: `summarise`, and the probability that it is above 0."""
    return pd.DataFrame(
        [
            {
                "parameter": name,
                **summarise(values, interval),
                "above_0": float((values > 0).mean()),
            }
            for name, values in sampled_parameters(draws).items()
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


def thin_draws(draws: xr.Dataset, kept: int) -> xr.Dataset:
    """So many draws, evenly spread over all, chain after chain; they come back as one chain."""
    count = draws.sizes["chain"] * draws.sizes["draw"]
    at = ((np.arange(kept) + 0.5) * count / kept).astype(int)
    chain, draw = np.divmod(at, draws.sizes["draw"])
    chosen = {"chain": xr.DataArray(chain, dims="at"), "draw": xr.DataArray(draw, dims="at")}
    return draws.isel(chosen).rename(at="draw").expand_dims("chain")
