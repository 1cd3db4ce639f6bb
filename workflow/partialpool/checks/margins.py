"""Posterior and prior predictive checks of margins: counts summed over the levels of factors.

A margin's replicate is the sum of those of its cells in the same draw. What is observed is held
against it by intervals and by the probability integral transform (PIT, mid-probability for
counts; Czado, Gneiting and Held 2009). The posterior has seen the counts already, so its PITs lie
nearer to the middle than chance would have them; tests look only for more scatter than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import ndtr

from partialpool.checks.predictive import check_cells, check_predictive
from partialpool.posterior.fit import Fit
from partialpool.posterior.predictor import AT_ONCE

CELLS = ""
"""Stands for the cells themselves where a margin stands otherwise."""
COLUMNS = ["margin", "level", "successes", "trials", "covered", "pit", "mean", "sd"]
ALARM = 0.01
"""Probability of calling a margin missed that chance alone has put so far off, at most."""
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
    """Every how manieth draw is kept."""
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
    """Several margins."""

    of: Sequence[Margin]

    def add(self, chunk: slice, replicated: np.ndarray) -> None:
        """Add the replicated successes (draws x cells) of a chunk of cells to each."""
        for margin in self.of:
            margin.add(chunk, replicated)

    def check(self, cells: pd.DataFrame, interval: float) -> pd.DataFrame:
        """`Margin.check` of each."""
        tables = [margin.check(cells, interval) for margin in self.of]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


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
        of_margins = margins.check(fit.cells, interval)
        parts.append(tuple(table.assign(kind=kind) for table in (check, rates, of_margins)))
    checks, rates, found = (pd.concat(of, ignore_index=True) for of in zip(*parts, strict=True))
    tests = judge_margins(pd.concat([checks.assign(margin=CELLS), found]), interval)
    return {
        "predictive": checks,
        "predictive_rates": rates,
        "predictive_margins": found,
        "predictive_tests": tests,
    }


def make_margins(cells: pd.DataFrame, factors: Sequence[Sequence[str]], draws: int) -> Margins:
    """The margins of some sets of factors, nothing in them yet.

    Where draws x levels are too many for memory, every so manieth draw is kept.

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


def judge_margins(checks: pd.DataFrame, interval: float) -> pd.DataFrame:
    """Whether what was observed is such as a model predicts, margin by margin.

    Args:
        checks: `Margin.check` of one or more margins, with `kind`; of the cells, that of
            `predictive_figures.check_cells`, is the margin `CELLS`.
        interval: probability inside the intervals that `covered` is of.

    Returns:
        A row for each kind and margin: how many `levels`, how many are `covered`, the fewest
        that chance would cover (`least`, with probability 1 - `ALARM`); and whether the margin is
        `missed`. After the data it is where one of four tests finds more than chance, which has
        the probability `p` together (Bonferroni): too few covered levels; the farthest level; more
        scattered PITs (one-sided Kolmogorov and Smirnov); PITs to one side of the middle. Before
        the data there is no test, as levels share their parameters: it is missed where a level is
        outside the prior's central `CENTRAL`.
    """
    from scipy import stats  # half a second to import

    rows = []
    for (kind, margin), group in checks.groupby(["kind", "margin"], sort=False):
        pit = group["pit"].to_numpy()
        p = _chance(group, interval) if kind == "posterior" else np.nan
        outside = np.abs(pit - 0.5) > CENTRAL / 2
        rows.append(
            {
                "kind": kind,
                "margin": margin,
                "levels": len(group),
                "covered": int(group["covered"].sum()),
                "least": int(stats.binom.ppf(ALARM, len(group), interval)),
                "surprising": int(outside.sum()),
                "p": p,
                "missed": bool(p < ALARM if kind == "posterior" else outside.any()),
            }
        )
    return pd.DataFrame(rows)


def _chance(checks: pd.DataFrame, interval: float) -> float:
    """The probability that chance alone is so far off, by any of four tests."""
    from scipy import stats  # half a second to import

    pit, count = checks["pit"].to_numpy(), len(checks)
    tails = 1 - 2 * np.abs(pit - 0.5)
    tests = [
        stats.binom.cdf(checks["covered"].sum(), count, interval),
        count * np.where(tails > 0, tails, _beyond(checks)).min(),
        stats.kstest(1 - tails, "uniform", alternative="less").pvalue,
        2 * stats.norm.sf(abs(pit.mean() - 0.5) * np.sqrt(12 * count)),
    ]
    return float(min(1.0, len(tests) * min(tests)))


def _beyond(checks: pd.DataFrame) -> np.ndarray:
    """Two-sided probability of what lies beyond every draw, as if replicates were normal."""
    with np.errstate(divide="ignore", invalid="ignore"):
        away = (checks["successes"] - checks["mean"]).to_numpy() / checks["sd"].to_numpy()
    return np.asarray(2 * ndtr(-np.abs(away)))
