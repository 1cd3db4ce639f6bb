"""What a model's parameters are, told from their names: effects, levels, interactions."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from partialpool.report.labels import Labels
from partialpool.report.selection import telling


def worst_predicted(predictive: pd.DataFrame) -> list[str]:
    """The cells that are farthest from what a model predicts of them, in their own order.

    Args:
        predictive: `predictive_figures.check_cells`, with `kind` and `cell`.
    """
    posterior = predictive[predictive["kind"] == "posterior"].set_index("cell")
    return telling(posterior["pit"] - 0.5)


def numeric_terms(names: Sequence[str], labels: Labels) -> list[str]:
    """The coefficients among some names that are of numbers alone, `age` or `poly(age, 2)[1]`."""
    found = re.compile(rf"\b({'|'.join(map(re.escape, labels.numbers))})\b")
    return [n for n in names if labels.numbers and ":" not in n and found.search(_bare(n, labels))]


def interactions(names: Sequence[str], labels: Labels) -> dict[str, tuple[str, str]]:
    """Coefficients of treatment by `within` among some names: the levels of both, by name."""
    possible: dict[str, tuple[str, str]] = {}
    for treatment in labels.treatments:
        for level in labels.places[1:]:
            one, other = f"{labels.treatment}[{treatment}]", f"{labels.within}[{level}]"
            possible |= dict.fromkeys((f"{one}:{other}", f"{other}:{one}"), (treatment, level))
    return {name: possible[name] for name in names if name in possible}


def _bare(name: str, labels: Labels) -> str:
    """A coefficient's name without the levels of factors in it, which may read like anything."""
    for factor, levels in labels.factors.items():
        if name in {f"{factor}[{level}]" for level in levels}:
            return factor
    return name
