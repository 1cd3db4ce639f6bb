"""What the pictures of one model show, in words: their alternative texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from partialpool.frames import list_rows, rows_by
from partialpool.report.formats import decimals, integer, percent
from partialpool.report.labels import Labels


def describe_densities(names: Sequence[str], parameters: pd.DataFrame, labels: Labels) -> str:
    """Median and interval of each parameter that is drawn."""
    rows, show = rows_by(parameters, "parameter"), decimals(2)
    said = [
        f"{name}: {show(rows[name]['median'])} ({show(rows[name]['lower'])} to "
        f"{show(rows[name]['upper'])})"
        for name in names
    ]
    return (
        f"Posterior densities of {len(names)} parameters, median and {labels.percent_interval} "
        f"interval. {'; '.join(said)}."
    )


def describe_predictive(rows: pd.DataFrame, labels: Labels) -> str:
    """Observed and predicted rate of each cell that is drawn; `rows` are posterior checks."""
    said = [
        f"{row['cell']}: observed {percent(1)(row['successes'] / row['trials'])}, predicted "
        f"{percent(1)(row['lower'] / row['trials'])} to {percent(1)(row['upper'] / row['trials'])}"
        f"{'' if row['covered'] else ', outside'}"
        for row in list_rows(rows)
    ]
    return (
        f"Observed rates of {len(rows)} cells against the posterior predictive "
        f"{labels.percent_interval} interval. {'; '.join(said)}."
    )


def describe_rates(rates: pd.DataFrame, cells: Sequence[str]) -> str:
    """Where most of each cell's replicated rates lie, before and after the data."""
    said = []
    for cell in cells:
        parts = []
        for kind in ("prior", "posterior"):
            here = rates[(rates["cell"] == cell) & (rates["kind"] == kind)]
            if here.empty:
                continue
            peak = list_rows(here.nlargest(1, "share"))[0]
            parts.append(
                f"{kind} most often {percent()(peak['left'])} to {percent()(peak['right'])}"
            )
        said.append(f"{cell}: {', '.join(parts)}")
    return (
        f"Histograms of the rates that the model predicts in {len(cells)} cells, before and after "
        f"the data. {'; '.join(said)}."
    )


def describe_energy(energy: pd.DataFrame, ebfmi: float) -> str:
    """How much narrower the changes of energy are than the energies."""
    middle = (energy["left"] + energy["right"]) / 2
    sds = {
        name: float(np.sqrt(np.average(middle**2, weights=energy[name])))
        for name in ("energies", "changes")
    }
    return (
        f"Histograms of energies about their mean, with a standard deviation of "
        f"{decimals(2)(sds['energies'])}, and of their changes from draw to draw, with "
        f"{decimals(2)(sds['changes'])}. The smallest E-BFMI of a chain is {decimals(2)(ebfmi)}."
    )


def describe_chains(names: Sequence[str], traces: pd.DataFrame, ranks: pd.DataFrame) -> str:
    """How far apart the chains are: their means, and their rank counts."""
    chosen = traces[traces["parameter"].isin(names)]
    by_chain = chosen.groupby(["parameter", "chain"])["value"].mean()
    overall = chosen.groupby("parameter")["value"].agg(["mean", "std"])
    apart = ((by_chain - overall["mean"]) / overall["std"]).abs().fillna(0)
    counts = ranks[ranks["parameter"].isin(names)]["draws"]
    worst = apart.reset_index()["parameter"].iloc[int(apart.argmax())]
    return (
        f"Traces and rank histograms of {len(names)} parameters in {traces['chain'].nunique()} "
        f"chains. The mean of a chain’s thinned trace is at most {decimals(2)(apart.max())} "
        f"standard deviations from that of all, for {worst}. A bin of ranks holds "
        f"{integer(counts.min())} to {integer(counts.max())} draws, where even chains have "
        f"{integer(counts.mean())}."
    )
