"""A number as the treatment: the values that are asked about, their rates, and the counts there.

Inside a stratum every contact is given each value in turn, whatever it had, and the model's rates
are averaged over those contacts, as for arms (`strata`). Only values that some contact had are
asked about, so that no curve runs beyond what was seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from partialpool.cells.question import ALL
from partialpool.decision.strata import Strata, divide, stack_rates
from partialpool.model.design import Design, learn_design
from partialpool.posterior.fit import Fit
from partialpool.posterior.rates import standardise

MOST_VALUES = 25
"""Of a grid; of more that were seen, evenly spread ones."""
BANDS = 10
"""Of as many contacts each, in which counts are shown where there are more values."""
MOST_SEEN = 12
"""Values that are shown by themselves."""
MOST_KINDS = 200
"""Of contacts, whose columns a design is judged by."""
FLAT = 1e-9
"""The share of the largest below which a column is rounding."""
Shape = Literal["absent", "straight", "transformed", "bends"]
"""How a model lets the linear predictor run along a number: not at all, straight, straight along
a function of it that never turns, or in some other way."""


def choose_grid(cells: pd.DataFrame, number: str) -> list[float]:
    """The values of a number that are asked about, rising: all that were seen, or a choice.

    Of very many, those nearest to evenly spaced ones between the ends, and the quarters and the
    middle of the contacts.
    """
    seen = np.unique(cells[number].to_numpy(dtype=float))
    if len(seen) <= MOST_VALUES:
        return [float(value) for value in seen]
    even = np.linspace(seen[0], seen[-1], MOST_VALUES)
    near = seen[np.abs(seen[None, :] - even[:, None]).argmin(axis=1)]
    return [float(value) for value in np.union1d(near, find_quarters(cells, number))]


def find_quarters(cells: pd.DataFrame, number: str) -> np.ndarray:
    """The values that a quarter, half and three quarters of the contacts had, or less."""
    by_value = cells.groupby(number)["trials"].sum()
    shares = by_value.cumsum().to_numpy() / by_value.sum()
    found = np.searchsorted(shares, np.array([0.25, 0.5, 0.75]) - 1e-12)
    return np.asarray(by_value.index.to_numpy(dtype=float)[found])


def find_reach(
    cells: pd.DataFrame, number: str, apart: str | None
) -> dict[str, tuple[float, float]]:
    """The least and the greatest value that contacts of each place had, and of all (`ALL`)."""
    placed = [(ALL, cells)]
    if apart is not None:
        placed += [(str(place), rows) for place, rows in cells.groupby(apart, observed=True)]
    return {place: (float(of[number].min()), float(of[number].max())) for place, of in placed}


def stratify_along(fit: Fit, number: str, factors: Sequence[str]) -> Strata:
    """The rate at every value of the grid in every stratum that has contacts.

    Args:
        fit: draws of the parameters; the trials of its cells are the weights.
        number: the treatment.
        factors: as for `strata.stratify`.

    Returns:
        Strata whose arms are the values, as text.
    """
    levels, members = divide(fit.cells, list(factors))
    grid = choose_grid(fit.cells, number)
    others = sorted(fit.design.formula.variables - {number})
    drawn = []
    for rows in members:
        alike = pd.DataFrame({"trials": [rows["trials"].sum()]})
        if others:  # contacts that the model knows apart by the number alone are one row
            grouped = rows.groupby(others, observed=True, sort=False)
            alike = grouped["trials"].sum().reset_index()
        given = [fit.predict(alike.assign(**{number: value})) for value in grid]
        weights = alike["trials"].to_numpy()
        drawn.append([standardise(chunks, weights, fit.likelihood) for chunks in given])
    return Strata(levels, tuple(map(repr, grid)), *stack_rates(drawn))


def find_shapes(formulas: Mapping[str, str], cells: pd.DataFrame, number: str) -> dict[str, Shape]:
    """How every model lets the linear predictor run along a number (`find_shape`)."""
    return {
        model: find_shape(learn_design(text, cells), cells, number)
        for model, text in formulas.items()
    }


def find_shape(design: Design, cells: pd.DataFrame, number: str) -> Shape:
    """How a design lets the linear predictor run along a number, read off its own columns.

    Args:
        design: of a model.
        cells: that it is of.
        number: the treatment.
    """
    grid = choose_grid(cells, number)
    others = sorted(design.formula.variables - {number})
    kinds = cells[others].drop_duplicates().head(MOST_KINDS) if others else cells.head(1)
    rows = kinds.loc[kinds.index.repeat(len(grid))].reset_index(drop=True)
    made = design.matrices(rows.assign(**{number: grid * len(kinds)}))
    columns = np.concatenate([made.population, *made.groups], axis=1)
    curves = columns.reshape(len(kinds), len(grid), -1)
    curves = curves - curves[:, :1]
    if np.allclose(curves, 0):
        return "absent"
    scaled = (np.array(grid) - grid[0]) / (grid[-1] - grid[0])
    if np.allclose(curves, curves[:, -1:] * scaled[None, :, None], atol=FLAT * np.ptp(curves)):
        return "straight"
    return "transformed" if all(map(_is_one_way, curves)) else "bends"


def _is_one_way(curves: np.ndarray) -> bool:
    """Whether some columns, values x columns, are multiples of one curve that never turns."""
    curve, sizes, _ = np.linalg.svd(curves, full_matrices=False)
    if sizes[0] <= FLAT:
        return True
    steps = np.diff(curve[:, 0])
    return bool((sizes[1:] <= FLAT * sizes[0]).all() and ((steps >= 0).all() or (steps <= 0).all()))


def count_seen(cells: pd.DataFrame, number: str, apart: str | None) -> pd.DataFrame:
    """Counts along the number, by value or, of many values, in bands of as many contacts each.

    Returns:
        A row per place (`within`, `ALL` the last) and band: its mean value `at`, its `least` and
        `greatest`, `successes`, `trials`, `rate`.
    """
    values = cells[number].to_numpy(dtype=float)
    seen = np.unique(values)
    if len(seen) > MOST_SEEN:
        by_value = cells.groupby(number)["trials"].sum()
        before = by_value.cumsum().to_numpy() - by_value.to_numpy() / 2
        band = np.minimum((BANDS * before / by_value.sum()).astype(int), BANDS - 1)
        band = band[np.searchsorted(by_value.index.to_numpy(dtype=float), values)]
    else:
        band = np.searchsorted(seen, values)
    placed = cells.assign(band=band, value=values, sum=values * cells["trials"])
    parts = [placed.assign(within=placed[apart].astype(str))] if apart is not None else []
    keys = ["within", "band"]
    table = pd.concat([*parts, placed.assign(within=ALL)])
    found = table[table["trials"] > 0].groupby(keys, sort=False)
    counts = found[["successes", "trials", "sum"]].sum().sort_index(level="band")
    ends = found["value"].agg(["min", "max"]).reindex(counts.index)
    counts = counts.assign(least=ends["min"], greatest=ends["max"]).reset_index()
    at, rate = counts["sum"] / counts["trials"], counts["successes"] / counts["trials"]
    found_at = counts.assign(at=at, rate=rate)
    return found_at[["within", "at", "least", "greatest", "successes", "trials", "rate"]]
