"""What a model says of the successes in each cell: of those observed, and of future ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from partialpool.posterior.draws import summarise_columns
from partialpool.posterior.fit import Fit

Watch = Callable[[slice, np.ndarray, pd.DataFrame], None]
"""Is shown the positions of some cells, their replicated successes (draws x these cells), and
`check_cells` of them."""
RATE_BINS = 20
MOST_BINNED = 1000
"""Cells, the first ones, whose replicated rates are binned."""


def check_predictive(
    fit: Fit,
    interval: float,
    generator: np.random.Generator,
    watch: Watch = lambda *_: None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replicated successes of all cells: held against the observed, and binned as rates.

    Args:
        fit: draws from prior or posterior.
        interval: probability inside the intervals.
        generator: random stream of the replicates.
        watch: shown the positions of each chunk of cells, their replicates and their checks.

    Returns:
        `check_cells` with the column `cell`, and `bin_rates` of the first `MOST_BINNED` cells.
    """
    checks, rates, labels = [], [], fit.labels
    counts = {name: fit.cells[name].to_numpy() for name in ("successes", "trials")}
    for chunk, eta in fit.predict(fit.cells):
        successes, trials = (values[chunk] for values in counts.values())
        replicated = fit.likelihood.simulate(eta, trials, fit.phi, generator)
        check = check_cells(replicated, successes, trials, interval)
        watch(chunk, replicated, check)
        checks.append(check.assign(cell=labels[chunk]))
        if chunk.start < MOST_BINNED:
            some = slice(MOST_BINNED - chunk.start)
            rates.append(bin_rates(replicated[:, some], trials[some], labels[chunk][some]))
    return pd.concat(checks, ignore_index=True), pd.concat(rates, ignore_index=True)


def check_cells(
    replicated: np.ndarray, successes: np.ndarray, trials: np.ndarray, interval: float
) -> pd.DataFrame:
    """Replicated successes (draws x cells) of each cell against the observed.

    Returns:
        One row per cell: observed successes and trials, mean, sd, median and interval of the
        replicates, whether the interval covers the observed, and `pit`, the mid-probability
        integral transform: the share of replicates below the observed plus half of those equal.
    """
    summary = summarise_columns(replicated, interval)
    below, equal = (replicated < successes).mean(axis=0), (replicated == successes).mean(axis=0)
    covered = (summary["lower"] <= successes) & (successes <= summary["upper"])
    counts = {"successes": successes, "trials": trials}
    return pd.DataFrame({**counts, **summary, "covered": covered, "pit": below + 0.5 * equal})


def bin_rates(replicated: np.ndarray, trials: np.ndarray, cells: list[str]) -> pd.DataFrame:
    """Histogram of each cell's replicated rate: cell, left, right, share of the draws."""
    edges = np.linspace(0, 1, RATE_BINS + 1)
    counts = [np.histogram(column, bins=edges)[0] for column in (replicated / trials).T]
    return pd.DataFrame(
        {
            "cell": np.repeat(cells, RATE_BINS),
            "left": np.tile(edges[:-1], len(cells)),
            "right": np.tile(edges[1:], len(cells)),
            "share": np.ravel(counts) / len(replicated),
        }
    )


def predict_cells(
    fit: Fit, future_contacts: int, interval: float, generator: np.random.Generator
) -> pd.DataFrame:
    """The rate of each cell, and the successes among a number of future contacts.

    Args:
        fit: draws from the posterior; a beta-binomial's future contacts are a new cell.
        future_contacts: how many contacts are predicted in each cell.
        interval: probability inside the intervals.
        generator: random stream of the prediction.

    Returns:
        One row per cell and quantity: `rate`, which only parameters make uncertain, and
        `future_successes`, which chance does too.
    """
    parts, labels = [], fit.labels
    for chunk, eta in fit.predict(fit.cells):
        future = fit.likelihood.simulate(eta, future_contacts, fit.phi, generator)
        rate = fit.likelihood.rate(eta)
        tables = [
            pd.DataFrame({"cell": labels[chunk], "quantity": quantity}).assign(
                **summarise_columns(values, interval)
            )
            for quantity, values in (("rate", rate), ("future_successes", future))
        ]
        parts.append(pd.concat(tables).sort_index(kind="stable"))
    return pd.concat(parts, ignore_index=True)
