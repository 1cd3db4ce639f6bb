"""Draws x design: the linear predictor of any rows, from which every later quantity comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.errors import InputError
from partialpool.model.design import Design, Matrices, Term
from partialpool.sampling.engines import derive_seed

Chunks = Iterable[tuple[slice, np.ndarray]]
"""Positions of some rows, and the linear predictor (draws x these rows), chunk by chunk."""
AT_ONCE = 4_000_000
"""Values (32 MB) that an array of draws x rows may have where rows are taken in chunks; what is
computed of a chunk holds a dozen such arrays at most."""


def linear_predictor(
    draws: xr.Dataset, design: Design, rows: pd.DataFrame, seed: int = 0
) -> np.ndarray:
    """The linear predictor of some rows, draw by draw.

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
    population, effects = (flat_draws(draws, kind) for kind in ("population", "effect"))
    blocks = []
    for term, block, new in zip(
        design.terms, split_effects(design, effects), matrices.new_levels, strict=True
    ):
        drawn = [draw_new_effects(draws, term, seed, level) for level in new]
        blocks.append(np.concatenate([block, np.stack(drawn, axis=-1)], axis=-1) if new else block)
    return combine(matrices, population, blocks)


def split_effects(design: Design, effects: np.ndarray) -> list[np.ndarray]:
    """Draws x effects as draws x coefficients x levels for each term."""
    shapes = [(len(term.coefficients), len(term.levels)) for term in design.terms]
    ends = np.cumsum([coefficients * levels for coefficients, levels in shapes])
    parts = np.split(effects, ends[:-1], axis=1) if shapes else []
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]


def combine(
    matrices: Matrices, population: np.ndarray, effects: Sequence[np.ndarray]
) -> np.ndarray:
    """The linear predictor of rows from coefficients and effects.

    Args:
        matrices: the design of the rows (`Design.matrices`).
        population: draws x population-level coefficients.
        effects: of each term draws x coefficients x levels, new levels last.

    Returns:
        Draws x rows.
    """
    eta = population @ matrices.population.T
    for block, columns, level in zip(effects, matrices.groups, matrices.level.T, strict=True):
        eta += np.einsum("dmr,rm->dr", block[:, :, level], columns)
    return np.asarray(eta)


def flat_draws(draws: xr.Dataset, kind: str) -> np.ndarray:
    """Draws (chain after chain) x parameters of a kind, of which there may be none."""
    count = draws.sizes["chain"] * draws.sizes["draw"]
    return draws[kind].values.reshape(count, -1) if kind in draws else np.zeros((count, 0))


def draw_new_effects(draws: xr.Dataset, term: Term, seed: int, level: str) -> np.ndarray:
    """Effects of a level that the data do not have, from its term's distribution.

    Args:
        draws: the parameters, standard deviations and correlations among them.
        term: the group-level term.
        seed: the stream's, together with the names of the term and the level.
        level: the new level.

    Returns:
        Draws (chain after chain) x coefficients, deviations as those of known levels.

    Raises:
        InputError: a program of the user's own that has no such parameters.
    """
    if "sd" not in draws or ("correlation" not in draws and len(term.coefficients) > 1):
        raise InputError(
            f"program: found no variables sd and correlation, which the new level {level} of "
            f"{term.name} is drawn with"
        )
    count, size = draws.sizes["chain"] * draws.sizes["draw"], len(term.coefficients)
    stream = derive_seed(seed, term.name, *term.coefficients, level)
    standard = np.random.default_rng(stream).standard_normal((count, size))
    sd, root = _scales(draws, term)
    return np.asarray(sd * np.einsum("dij,dj->di", root, standard))


def effect_roots(draws: xr.Dataset, term: Term) -> np.ndarray:
    """Cholesky factors of the covariances of a term's effects: draws x effects x effects."""
    sd, root = _scales(draws, term)
    return np.asarray(sd[:, :, None] * root)


def _scales(draws: xr.Dataset, term: Term) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviations of a term's effects, and Cholesky factors of their correlations."""
    count, size = draws.sizes["chain"] * draws.sizes["draw"], len(term.coefficients)
    correlation = np.tile(np.eye(size), (count, 1, 1))
    if size > 1:
        below = draws["correlation"].sel(correlation_name=term.correlation_names).values
        rows, columns = np.tril_indices(size, -1)
        correlation[:, rows, columns] = below.reshape(count, -1)
        correlation[:, columns, rows] = below.reshape(count, -1)
    sd = draws["sd"].sel(sd_name=term.sd_names).values.reshape(count, size)
    # rounding can leave a correlation near 1 just outside what has a Cholesky factor
    return sd, np.linalg.cholesky(correlation + 1e-10 * np.eye(size))


def predict_in_chunks(
    draws: xr.Dataset, design: Design, rows: pd.DataFrame, seed: int = 0
) -> Chunks:
    """The linear predictor of many rows, as many at once as memory is meant for.

    Args:
        draws: the parameters.
        design: of the model.
        rows: as for `linear_predictor`.
        seed: as for `linear_predictor`.

    Yields:
        The positions of some rows, and draws (chain after chain) x these rows.
    """
    count = draws.sizes["chain"] * draws.sizes["draw"]
    widest = max((len(term.coefficients) for term in design.terms), default=1)
    size = max(1, AT_ONCE // (count * widest))
    for start in range(0, len(rows), size):
        chunk = slice(start, min(start + size, len(rows)))
        yield chunk, linear_predictor(draws, design, rows.iloc[chunk], seed)
