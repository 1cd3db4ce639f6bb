"""Parameters as arrays with dimensions by name: factors, their levels, and coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.posterior.draws import PARAMETER_KINDS, named_parameters

SAMPLES = ("chain", "draw")
"""The dimensions that all draws have."""
COEFFICIENT = "coefficient"
*_, OTHER = PARAMETER_KINDS
FLAT, PARAMETER = "parameters", "parameter"
"""The array of all parameters by their own names, and its dimension."""


@dataclass(frozen=True)
class Block:
    """Parameters that make up one array."""

    kind: str
    """What they are in the draws."""
    wanted: str
    """What the array is to be called."""
    parameters: np.ndarray
    """Their names, in the array's shape without chains and draws."""
    axes: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """Of each further dimension, what it may be called, the best first, and its labels."""


@dataclass
class Claims:
    """Names of the arrays and dimensions of one group, each given once."""

    taken: set[str] = field(default_factory=lambda: set(SAMPLES))
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def claim(self, *names: str) -> str:
        """The first of some names that is free, the last one with underscores if none is."""
        further = (names[-1] + "_" * more for more in count(1))
        found = next(name for name in chain(names, further) if name not in self.taken)
        self.taken.add(found)
        return found

    def dimension(self, names: Sequence[str], labels: tuple[str, ...]) -> str:
        """The dimension of these labels: one of the names that has them already, or a free one."""
        same = [name for name in names if self.labels.get(name) == labels]
        found = same[0] if same else self.claim(*names)
        self.labels[found] = labels
        return found


def arrange(draws: xr.Dataset, names: pd.DataFrame) -> xr.Dataset:
    """Put draws into arrays whose dimensions are called what they stand for.

    Args:
        draws: arrays (chain, draw, name) by kind of parameter (`draws.label_draws`).
        names: of the model's parameters (`parameters.name_parameters`).

    Returns:
        `population` (coefficient), and for each grouping factor `g` the arrays `sd_g`
        (coefficient), `cor_g` (g_pair) and `r_g` (coefficient, g), each after chain and draw;
        `phi`; and the variables that only a program of the user's own has. Where a factor's
        coefficients are others than those before, their dimension is `g_coefficient`; a name that
        is taken gets an underscore.
    """
    blocks = [block for block in _blocks(draws, names) if block.kind in draws]
    claims = Claims()
    called = [claims.claim(block.wanted) for block in blocks]
    arrays: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    for name, block in zip(called, blocks, strict=True):
        dims = tuple(claims.dimension(*axis) for axis in block.axes)
        known = pd.Index(draws[f"{block.kind}_name"].values)
        places = known.get_indexer(block.parameters.ravel()).reshape(block.parameters.shape)
        arrays[name] = ((*SAMPLES, *dims), _pick(draws[block.kind].values, places))
    labels = {name: list(of) for name, of in claims.labels.items()}
    return number(xr.Dataset(arrays, coords=labels))


def flatten(draws: xr.Dataset) -> xr.Dataset:
    """All parameters in one array (chain, draw, parameter), by their own names."""
    named = named_parameters(draws)
    values = np.stack(list(named.values()), axis=-1)
    arrays = {FLAT: ((*SAMPLES, PARAMETER), values)}
    return number(xr.Dataset(arrays, coords={PARAMETER: list(named)}))


def number(group: xr.Dataset) -> xr.Dataset:
    """A group of draws with its chains and draws counted from 0, as ArviZ does."""
    return group.assign_coords({dim: range(group.sizes[dim]) for dim in SAMPLES})


def _pick(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Values (chain, draw, name) at some places, in their shape; large ones need no copy."""
    start, size = int(places.flat[0]), places.size
    if not np.array_equal(places.ravel(), np.arange(start, start + size)):
        return np.asarray(values[..., places])
    return values[..., start : start + size].reshape(*values.shape[:2], *places.shape)


def _blocks(draws: xr.Dataset, names: pd.DataFrame) -> Iterator[Block]:
    of = {str(kind): rows for kind, rows in names.groupby("kind", sort=False)}
    if "population" in of:
        rows = of["population"]
        axis = (COEFFICIENT,), _labels(rows["coefficient"])
        yield Block("population", "population", rows["parameter"].to_numpy(object), (axis,))
    for kind, make in (("sd", _sds), ("correlation", _correlations), ("effect", _effects)):
        if kind in of:
            for grouping, rows in of[kind].groupby("grouping", sort=False):
                yield make(str(grouping), rows)
    if "phi" in of:
        yield Block("phi", "phi", of["phi"]["parameter"].to_numpy(object).reshape(()))
    if OTHER in draws:
        yield from _others(pd.Series(draws[f"{OTHER}_name"].values, dtype=object))


def _sds(grouping: str, rows: pd.DataFrame) -> Block:
    axis = _coefficients_of(grouping), _labels(rows["coefficient"])
    return Block("sd", f"sd_{grouping}", rows["parameter"].to_numpy(object), (axis,))


def _correlations(grouping: str, rows: pd.DataFrame) -> Block:
    pairs = rows["coefficient"] + ", " + rows["other_coefficient"]
    axis = (f"{grouping}_pair",), _labels(pairs)
    return Block("correlation", f"cor_{grouping}", rows["parameter"].to_numpy(object), (axis,))


def _effects(grouping: str, rows: pd.DataFrame) -> Block:
    level, levels = pd.factorize(rows["level"])
    coefficient, coefficients = pd.factorize(rows["coefficient"])
    parameters = np.empty((len(coefficients), len(levels)), dtype=object)
    parameters[coefficient, level] = rows["parameter"]
    # coefficients first, as in all arrays: `arviz_stats.summary` of both 0.8 and 1.3 mixes up the
    # values of an array whose dimensions come in another order than in the group
    axes = (
        (_coefficients_of(grouping), _labels(coefficients)),
        ((grouping, f"{grouping}_level"), _labels(levels)),
    )
    return Block("effect", f"r_{grouping}", parameters, axes)


def _others(elements: pd.Series) -> Iterator[Block]:
    """The variables of a program of the user's own, each with the places of its elements."""
    for variable, of in elements.groupby(elements.str.partition("[")[0], sort=False):
        name = str(variable)
        if list(of) == [name]:
            yield Block(OTHER, name, np.array(name, dtype=object))
            continue
        inside = [element[len(name) + 1 : -1] for element in of]
        yield Block(OTHER, name, of.to_numpy(object), (((f"{name}_element",), _labels(inside)),))


def _coefficients_of(grouping: str) -> tuple[str, ...]:
    return COEFFICIENT, f"{grouping}_coefficient"


def _labels(values: Sequence[str] | pd.Series | pd.Index) -> tuple[str, ...]:
    return tuple(map(str, values))
