"""What a model says of the successes in each cell: of those observed, and of future ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import summarise_columns
from partialpool.posterior.predictor import Chunks

Watch = Callable[[slice, np.ndarray], None]
"""Is shown the positions of some cells and their replicated successes, draws x these cells."""
RATE_BINS = 20
MOST_BINNED = 1000
"""Cells, the first ones, whose replicated rates are binned."""


def check_predictive(
    chunks: Chunks,
    cells: pd.DataFrame,
    labels: list[str],
    likelihood: Likelihood,
    phi: np.ndarray | None,
    interval: float,
    generator: np.random.Generator,
    watch: Watch = lambda chunk, replicated: None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replicated successes of all cells: held against the observed, and binned as rates.

    Args:
        chunks: linear predictor of all cells (`predictor.predict_in_chunks`).
        cells: with `successes` and `trials`.
        labels: the cells' names.
        likelihood: of the model.
        phi: draws of the precision of a beta-binomial.
        interval: probability inside the intervals.
        generator: random stream of the replicates.
        watch: shown the positions of each chunk of cells, and their replicates.

    Returns:
        `check_cells` with the column `cell`, and `bin_rates` of the first `MOST_BINNED` cells.
    """
    checks, rates = [], []
    for chunk, eta in chunks:
        trials = cells["trials"].to_numpy()[chunk]
        replicated = likelihood.simulate(eta, trials, phi, generator)
        watch(chunk, replicated)
        check = check_cells(replicated, cells["successes"].to_numpy()[chunk], trials, interval)
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
    chunks: Chunks,
    labels: list[str],
    likelihood: Likelihood,
    phi: np.ndarray | None,
    future_contacts: int,
    interval: float,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """The rate of each cell, and the successes among a number of future contacts.

    Args:
        chunks: linear predictor of all cells.
        labels: the cells' names.
        likelihood: of the model.
        phi: draws of the precision of a beta-binomial, whose future contacts are a new cell.
        future_contacts: how many contacts are predicted in each cell.
        interval: probability inside the intervals.
        generator: random stream of the prediction.

    Returns:
        One row per cell and quantity: `rate`, which only parameters make uncertain, and
        `future_successes`, which chance does too.
    """
    parts = []
    for chunk, eta in chunks:
        future = likelihood.simulate(eta, future_contacts, phi, generator)
        tables = [
            pd.DataFrame({"cell": labels[chunk], "quantity": quantity}).assign(
                **summarise_columns(values, interval)
            )
            for quantity, values in (("rate", likelihood.rate(eta)), ("future_successes", future))
        ]
        parts.append(pd.concat(tables).sort_index(kind="stable"))
    return pd.concat(parts, ignore_index=True)
