"""Posterior and prior predictive checks of margins: counts summed over the levels of factors.

A margin's replicate is the sum of those of its cells in the same draw. What is observed is held
against it level by level, by intervals and by the probability integral transform (PIT,
mid-probability for counts; Czado, Gneiting and Held 2009), and as a whole by `discrepancies`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from partialpool.checks.discrepancies import (
    ALARM,
    Discrepancies,
    join_discrepancies,
    measure_discrepancies,
)
from partialpool.checks.predictive import check_cells, check_predictive
from partialpool.posterior.fit import Fit
from partialpool.posterior.predictor import AT_ONCE

CELLS = ""
"""Stands for the cells themselves where a margin stands otherwise."""
COLUMNS = ["margin", "level", "successes", "trials", "covered", "pit", "mean", "sd"]
CENTRAL = 0.99
"""Central probability of what the prior predicts, outside of which a count is a surprise."""


@dataclass
class Margin:
    """The levels of some factors together, and how many succeed in each, draw by draw."""

    name: str
    levels: list[str]
    place: np.ndarray
    """The level that each cell belongs to."""
    every: int
    """Draws of which one is kept."""
    replicated: np.ndarray = field(init=False)
    """Draws x levels, filled chunk by chunk."""

    def add(self, chunk: slice, replicated: np.ndarray) -> None:
        """Add the replicated successes (draws x cells) of a chunk of cells."""
        kept, place = replicated[:: self.every], self.place[chunk]
        if chunk.start == 0:
            self.replicated = np.zeros((len(kept), len(self.levels)), dtype=np.int64)
        order = np.argsort(place, kind="stable")
        levels, starts = np.unique(place[order], return_index=True)
        self.replicated[:, levels] += np.add.reduceat(kept[:, order], starts, axis=1)

    def check(self, cells: pd.DataFrame, interval: float) -> pd.DataFrame:
        """`predictive_figures.check_cells` of the levels, with the columns `margin` and `level`."""
        successes, trials = (
            np.bincount(self.place, weights=cells[name]).astype(np.int64)
            for name in ("successes", "trials")
        )
        table = check_cells(self.replicated, successes, trials, interval)
        return table.assign(margin=self.name, level=self.levels)


@dataclass(frozen=True)
class Margins:
    """Several margins, and the cells themselves as one more."""

    of: Sequence[Margin]
    of_cells: list[Discrepancies] = field(default_factory=list)
    """Of each chunk of cells."""

    def add(self, chunk: slice, replicated: np.ndarray, check: pd.DataFrame) -> None:
        """Add the replicated successes (draws x cells) of a chunk of cells to each."""
        for margin in self.of:
            margin.add(chunk, replicated)
        self.of_cells.append(_discrepancies(replicated, check))

    def check(
        self, cells: pd.DataFrame, interval: float
    ) -> tuple[pd.DataFrame, dict[str, Discrepancies]]:
        """`Margin.check` of each, and by its name how far off it is as a whole, cells too."""
        tables = [margin.check(cells, interval) for margin in self.of]
        whole = {CELLS: join_discrepancies(self.of_cells)}
        for margin, table in zip(self.of, tables, strict=True):
            whole[margin.name] = _discrepancies(margin.replicated, table)
        if not tables:
            return pd.DataFrame(columns=COLUMNS), whole
        return pd.concat(tables, ignore_index=True), whole


def _discrepancies(replicated: np.ndarray, check: pd.DataFrame) -> Discrepancies:
    columns = (check[name].to_numpy() for name in ("successes", "lower", "upper"))
    return measure_discrepancies(replicated, *columns)


def check_margins(
    fits: Mapping[str, Fit],
    factors: Sequence[Sequence[str]],
    interval: float,
    generators: Mapping[str, np.random.Generator],
) -> dict[str, pd.DataFrame]:
    """Hold the observed cells and margins against what prior and posterior predict.

    Args:
        fits: with draws of each `kind`, `prior` and `posterior`.
        factors: of each margin.
        interval: probability inside the intervals.
        generators: random stream of each kind's replicates.

    Returns:
        By name, each with its `kind`: `predictive` and `predictive_rates`, what
        `predictive.check_predictive` gives; `predictive_margins`, `Margin.check` of each; and
        `predictive_tests`, `judge_margins` of cells and margins.
    """
    parts: list[tuple[pd.DataFrame, ...]] = []
    for kind, fit in fits.items():
        margins = make_margins(fit.cells, factors, int(np.prod(fit.shape)))
        check, rates = check_predictive(fit, interval, generators[kind], margins.add)
        of_margins, whole = margins.check(fit.cells, interval)
        together = pd.concat([check.assign(margin=CELLS), of_margins], ignore_index=True)
        judged = judge_margins(together.assign(kind=kind), whole)
        tables = (check, rates, of_margins, judged)
        parts.append(tuple(table.assign(kind=kind) for table in tables))
    checks, rates, found, tests = (
        pd.concat(of, ignore_index=True) for of in zip(*parts, strict=True)
    )
    return {
        "predictive": checks,
        "predictive_rates": rates,
        "predictive_margins": found,
        "predictive_tests": tests,
    }


def make_margins(cells: pd.DataFrame, factors: Sequence[Sequence[str]], draws: int) -> Margins:
    """The margins of some sets of factors, nothing in them yet.

    Where draws x levels are too many for memory, draws are thinned evenly.

    Args:
        cells: factors as categories.
        factors: of each margin.
        draws: how many there will be.
    """
    margins = []
    for names in factors:
        place = cells.groupby(list(names), observed=True).ngroup().to_numpy()
        firsts = cells.iloc[np.unique(place, return_index=True)[1]]
        levels = [", ".join(row) for row in firsts[list(names)].astype(str).to_numpy()]
        every = max(1, -(-draws * len(levels) // AT_ONCE))
        margins.append(Margin(":".join(names), levels, place, every))
    return Margins(margins)


def judge_margins(checks: pd.DataFrame, whole: Mapping[str, Discrepancies]) -> pd.DataFrame:
    """Whether what was observed is such as a model predicts, margin by margin.

    Args:
        checks: `Margin.check` of one or more margins, with one `kind`; of the cells, that of
            `predictive.check_cells`, is the margin `CELLS`.
        whole: how far off each margin is as a whole.

    Returns:
        A row for each margin: how many `levels`, how many are `covered`, the fewest that chance
        would cover (`least`, with probability 1 - `ALARM`); and whether the margin is `missed`.
        After the data it is where one of four discrepancies is larger than in replicates, which
        has the probability `p` together. Before the data there is no test, as levels share their
        parameters: it is missed where a level is outside the prior's central `CENTRAL`.
    """
    rows = []
    for (kind, margin), group in checks.groupby(["kind", "margin"], sort=False):
        outside = np.abs(group["pit"].to_numpy() - 0.5) > CENTRAL / 2
        p = whole[str(margin)].probability() if kind == "posterior" else np.nan
        rows.append(
            {
                "kind": kind,
                "margin": margin,
                "levels": len(group),
                "covered": int(group["covered"].sum()),
                "least": len(group) - whole[str(margin)].most_uncovered(),
                "surprising": int(outside.sum()),
                "p": p,
                "missed": bool(p < ALARM if kind == "posterior" else outside.any()),
            }
        )
    return pd.DataFrame(rows)
