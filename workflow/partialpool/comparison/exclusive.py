"""Units that hold all cells of a level: their scores with the level's effects integrated out.

Importance sampling from draws that have seen a level is optimistic for what leaves it out whole,
whatever its Pareto k; `integration` says why, and takes the effects out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from partialpool.comparison.integration import MOST_DIMENSIONS, Cells, integrate_nested
from partialpool.posterior.fit import Fit
from partialpool.posterior.predictor import (
    effect_roots,
    flat_draws,
    linear_predictor,
    split_effects,
)

MOST_DRAWS, FEWEST_DRAWS = 2000, 400
AT_ONCE = 2_000_000
"""Draws times units, beyond which fewer draws are integrated for each."""
MOST_VALUES = 40_000_000
"""Draws x cells x effects of one unit (320 MB), beyond which fewer of its draws are integrated."""


@dataclass(frozen=True)
class Exclusive:
    """A level of a term all of whose cells are in one unit."""

    term: int
    level: int
    cells: np.ndarray
    """Positions among the cells of the unit."""


def find_exclusive(fit: Fit, members: np.ndarray) -> list[Exclusive]:
    """The levels that no cell but some has.

    Args:
        fit: of all cells.
        members: positions of the cells.
    """
    found = []
    for term, level in enumerate(fit.matrices.level.T):
        every = np.bincount(level)
        inside = np.bincount(level[members], minlength=len(every))
        found += [
            Exclusive(term, int(whole), np.flatnonzero(level[members] == whole))
            for whole in np.flatnonzero((inside == every) & (inside > 0))
        ]
    return found


def integrate_units(fit: Fit, sets: Mapping[str, np.ndarray]) -> dict[str, np.ndarray | None]:
    """Log likelihoods of the units that hold whole levels, these levels' effects integrated out.

    Args:
        fit: draws from the posterior.
        sets: positions of the cells of each unit, by its name.

    Returns:
        By name chains x draws, of draws thinned evenly; none where the levels are entangled so
        that they cannot be integrated, or too many for `MOST_VALUES` with a few draws. Units
        without a whole level are not in it.
    """
    whole = {name: levels for name, at in sets.items() if (levels := find_exclusive(fit, at))}
    if not whole:
        return {}
    most = min(MOST_DRAWS, max(FEWEST_DRAWS, AT_ONCE // len(whole)))
    thinned = cache(partial(_thin, fit))  # units of about a size have the same draws
    found = {}
    for name, levels in whole.items():
        kept = min(most, MOST_VALUES // _loadings_of_a_draw(fit, sets[name], levels))
        few = kept < min(FEWEST_DRAWS, most)
        found[name] = None if few else _integrate(thinned(kept), sets[name], levels)
    return {n: None if v is None else v.reshape(fit.shape[0], -1) for n, v in found.items()}


def _thin(fit: Fit, kept: int) -> Fit:
    """The fit with so many draws at most, evenly spread."""
    every = max(1, -(-int(np.prod(fit.shape)) // kept))
    return Fit(fit.cells, fit.design, fit.likelihood, fit.draws.isel(draw=slice(None, None, every)))


def _loadings_of_a_draw(fit: Fit, members: np.ndarray, levels: Sequence[Exclusive]) -> int:
    """Cells x effects of a unit."""
    return len(members) * sum(len(fit.design.terms[one.term].coefficients) for one in levels)


def _integrate(fit: Fit, members: np.ndarray, levels: Sequence[Exclusive]) -> np.ndarray | None:
    """Log likelihood of one unit, a value for each draw."""
    shared = [level for level in levels if len(level.cells) == len(members)]
    groups = _group([level for level in levels if len(level.cells) < len(members)], len(members))
    blocks = [shared, *(of for _, of in groups or [])]
    sizes = [sum(len(fit.design.terms[one.term].coefficients) for one in of) for of in blocks]
    if groups is None or max(sizes) > MOST_DIMENSIONS or "sd" not in fit.draws:
        return None
    eta = linear_predictor(fit.draws, fit.design, fit.cells.iloc[members])
    effects = split_effects(fit.design, flat_draws(fit.draws, "effect"))
    for one in levels:
        columns = fit.matrices.groups[one.term][members[one.cells]]
        eta[:, one.cells] -= effects[one.term][:, :, one.level] @ columns.T
    counts = [fit.cells[name].to_numpy()[members] for name in ("successes", "trials")]
    parts = [(at, _loadings(fit, members[at], of)) for at, of in groups]
    cells = Cells(counts[0], counts[1], fit.likelihood, fit.phi)
    return integrate_nested(cells, eta, _loadings(fit, members, shared), parts)


def _group(
    levels: Sequence[Exclusive], cells: int
) -> list[tuple[np.ndarray, list[Exclusive]]] | None:
    """Levels with the same cells together, then cells that are in none; None if they overlap."""
    by_cells: dict[tuple[int, ...], list[Exclusive]] = {}
    for level in levels:
        by_cells.setdefault(tuple(level.cells), []).append(level)
    taken = [cell for at in by_cells for cell in at]
    if len(taken) != len(set(taken)):
        return None
    rest = np.setdiff1d(np.arange(cells), np.array(taken, dtype=int))
    groups = [(np.array(at), of) for at, of in by_cells.items()]
    return [*groups, (rest, [])] if len(rest) and groups else groups


def _loadings(fit: Fit, cells: np.ndarray, levels: Sequence[Exclusive]) -> np.ndarray:
    """What a standard deviation of each independent effect adds: draws x cells x effects."""
    draws = int(np.prod(fit.shape))
    parts = [np.zeros((draws, len(cells), 0))]
    for one in levels:
        roots = effect_roots(fit.draws, fit.design.terms[one.term])
        parts.append(np.einsum("cm,dmk->dck", fit.matrices.groups[one.term][cells], roots))
    return np.concatenate(parts, axis=-1)
