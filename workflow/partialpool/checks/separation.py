"""Cells and levels where none or all succeeded: what a model makes of counts at the ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.levels import COUNTS, levels_of
from partialpool.posterior.draws import summarise
from partialpool.posterior.fit import Fit
from partialpool.posterior.rates import standardise

MOST = 24
"""Levels or cells of one kind and side that the table has at most."""
CELL = ""
"""The kind of a cell, where a level has its factor's name; no factor is called so."""
COLUMNS = ["kind", "side", "name", "successes", "trials", "found", "total"]
COLUMNS += ["mean", "sd", "median", "lower", "upper"]


def tabulate_separation(fit: Fit, interval: float) -> pd.DataFrame:
    """Levels and cells with no success or nothing but, and the model's rates of them.

    Args:
        fit: draws from the posterior.
        interval: probability inside the intervals.

    Returns:
        A row for each, of every kind and side at most `MOST`, those with the most contacts:
        `kind` (a factor, or `CELL`), `side` (`none` or `all`), `name`, `successes`, `trials`,
        how many were `found` of how many in `total`, and mean, interval and so on of the rate.
        Cells of a level that has a row have none of their own.
    """
    rows, cells = [], fit.cells
    listed = np.zeros(len(cells), dtype=bool)
    groups = {name: cells[name].astype(str).to_numpy() for name in levels_of(cells)}
    for kind, names in [*groups.items(), (CELL, np.asarray(fit.labels))]:
        for row in _at_ends(cells, kind, names, listed if kind == CELL else listed[:0]):
            members = names == row["name"]
            listed |= members
            chosen = cells[members]
            rate = standardise(fit.predict(chosen), chosen["trials"].to_numpy(), fit.likelihood)
            rows.append(row | summarise(rate.value, interval))
    return pd.DataFrame(rows, columns=COLUMNS)


def _at_ends(
    cells: pd.DataFrame, kind: str, names: np.ndarray, listed: np.ndarray
) -> Iterator[dict[str, Any]]:
    """What has no success or nothing but, of one kind, without the cells listed already."""
    counts = cells.groupby(names, sort=False)[COUNTS].sum()
    ends = {"none": counts["successes"] == 0, "all": counts["successes"] == counts["trials"]}
    known = set(names[np.flatnonzero(listed)])
    for side, at_end in ends.items():
        found = counts[at_end]
        new = found[~found.index.isin(known)]
        for name, count in new.nlargest(MOST, "trials").iterrows():
            row = {"kind": kind, "side": side, "name": str(name), "found": len(found)}
            yield row | {key: int(count[key]) for key in COUNTS} | {"total": len(counts)}
