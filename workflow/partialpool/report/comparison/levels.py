"""What the models say of levels that are ranked, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from partialpool.report.comparison.tables import model_colours
from partialpool.report.counts import rate_format
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out, select_largest
from partialpool.report.table import Table
from partialpool.report.text import words

VALUES = 5
"""Of a number, that are shown at most."""


def head_levels(labels: Labels) -> str:
    """The heading and what is shown; nothing where a treatment is compared."""
    if not labels.ranked:
        return ""
    if labels.along:
        return f"## What they say of the rate along {words(labels.treatment)}"
    return (
        "## What they say of the levels\n\nA model that lets levels share what they say draws "
        f"those with few {labels.many} towards the others; one that learns each alone does not."
    )


def tabulate_levels(effects: Mapping[str, pd.DataFrame], labels: Labels) -> Table | None:
    """The rate of every level by model; None where a treatment is compared.

    Args:
        effects: of each model (`effects.estimate_effects`), held to the mean.
        labels: the words of the analysis.
    """
    if not labels.ranked:
        return None
    tables = {
        model: {of: rows.set_index("treatment") for of, rows in table.groupby("quantity")}
        for model, table in effects.items()
    }
    apart = pd.DataFrame({model: of["from_mean"]["mean"] for model, of in tables.items()})
    shown = _spread(apart.index) if labels.along else select_largest(apart.abs().max(axis=1))
    columns = {"mean": "mean", "lower": "from", "upper": "to"}
    rows = {
        (level, model): {name: of["rate"].loc[level, column] for column, name in columns.items()}
        for level in shown
        for model, of in tables.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = pd.MultiIndex.from_tuples(rows, names=[labels.treatment, "model"])
    nearer, every = f"levels of {labels.treatment}, nearer to the mean", "every level"
    what, rate = (
        (f"values of {labels.treatment}", "some values") if labels.along else (nearer, every)
    )
    return Table(
        frame,
        f"The rate of {rate} of {labels.treatment}, by model, with {labels.percent_interval} "
        "intervals.",
        note=left_out(len(apart), what, "effects.csv of each model", len(shown)).strip(),
        formats=dict.fromkeys(columns.values(), rate_format(frame["mean"])),
        colours=model_colours(labels),
        caveats=labels.caveats,
    )


def _spread(values: pd.Index) -> list[str]:
    """The values of a number that are shown: evenly spread ones, the ends among them."""
    count = min(VALUES, len(values))
    return [str(values[i]) for i in np.linspace(0, len(values) - 1, count).round().astype(int)]
