"""What the pictures that compare models show, in words: their alternative texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.frames import list_rows
from partialpool.report.comparison.text import fine
from partialpool.report.formats import decimals, percent
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out, select_largest


def compared_places(effects: Mapping[str, pd.DataFrame], labels: Labels) -> list[str]:
    """The levels of `within` that are compared: those with the largest effects in any model."""
    ratios = pd.concat(
        [t[(t["quantity"] == "log_odds_ratio") & (t["within"] != ALL)] for t in effects.values()]
    )
    largest = ratios["mean"].abs().groupby(ratios["within"]).max()
    return select_largest(largest.reindex(list(labels.places)))


def compared_cells(predictions: Mapping[str, pd.DataFrame]) -> list[str]:
    """The cells that are compared: those on which the models differ most, or the least sure."""
    rates = {
        m: t[t["quantity"] == "rate"].set_index("cell", drop=False) for m, t in predictions.items()
    }
    means = pd.DataFrame({m: rate["mean"] for m, rate in rates.items()})
    apart = means.max(axis=1) - means.min(axis=1)
    return select_largest(apart if len(rates) > 1 else next(iter(rates.values()))["sd"])


def more_compared(labels: Labels) -> str:
    """How many levels of `within` are not compared, and where they are."""
    what = f"levels of {labels.within}, with smaller effects"
    return left_out(len(labels.places), what, "effects.csv of each model")


def describe_elpd(tables: Mapping[str, pd.DataFrame]) -> str:
    """Differences of elpd with their standard errors, by unit."""
    said = []
    for unit, table in tables.items():
        rows = [
            f"{row['model']} {fine(row['difference'])} (standard error "
            f"{fine(row['difference_se'])})"
            for row in list_rows(table)
        ]
        said.append(f"Per {unit}: {', '.join(rows)}.")
    return f"Differences of elpd from the best model. {' '.join(said)}"


def describe_effects(
    panels: Mapping[str, Mapping[str, pd.DataFrame]], rows: Sequence[str], labels: Labels
) -> str:
    """Means by level and model, panel by panel.

    Args:
        panels: by title, each model's summaries with the levels as index.
        rows: the levels that are drawn.
        labels: the words of the analysis.
    """
    said = []
    for title, models in panels.items():
        parts = []
        for level in rows:
            values = [f"{m} {decimals(2)(t.loc[level, 'mean'])}" for m, t in models.items()]
            parts.append(f"{level or 'overall'}: {', '.join(values)}")
        said.append(f"{title}: {'; '.join(parts)}.")
    return (
        f"Dots and {labels.percent_interval} intervals of {len(labels.models)} models. "
        + " ".join(said)
    )


def describe_rates(
    predictions: Mapping[str, pd.DataFrame], cells: Sequence[str], labels: Labels
) -> str:
    """Mean rates by cell and model."""
    rates = {
        m: t[t["quantity"] == "rate"].set_index("cell")["mean"] for m, t in predictions.items()
    }
    said = [
        f"{cell}: {', '.join(f'{m} {percent(1)(rate[cell])}' for m, rate in rates.items())}"
        for cell in cells
    ]
    return (
        f"Rates of {len(cells)} cells by {len(rates)} models, with {labels.percent_interval} "
        f"intervals. {'; '.join(said)}."
    )
