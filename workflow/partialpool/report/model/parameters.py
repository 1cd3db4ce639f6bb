"""Which of a model's coefficients and cells a section speaks of: numbers, interactions, misfits."""

from __future__ import annotations

import pandas as pd

from partialpool.report.labels import Labels
from partialpool.report.selection import select_largest


def worst_predicted(predictive: pd.DataFrame) -> list[str]:
    """The cells that are farthest from what a model predicts of them, in their own order.

    Args:
        predictive: `predictive_figures.check_cells`, with `kind` and `cell`.
    """
    posterior = predictive[predictive["kind"] == "posterior"].set_index("cell")
    return select_largest(posterior["pit"] - 0.5)


def numeric_terms(coefficients: pd.DataFrame, labels: Labels) -> list[str]:
    """The coefficients that are of numbers alone, `age` or `poly(age, 2)[1]`.

    Args:
        coefficients: `coefficients.tabulate_coefficients`.
        labels: the words of the analysis.
    """
    return [
        str(name)
        for name, parts in coefficients.groupby("coefficient", sort=False)
        if parts["expression"].nunique() == 1 and parts["variable"].isin(labels.numbers).any()
    ]


def levels_by_coefficient(coefficients: pd.DataFrame) -> dict[str, dict[str, str]]:
    """What each coefficient is the product of: the level of each factor, empty of numbers.

    Args:
        coefficients: `coefficients.tabulate_coefficients`.
    """
    return {
        str(name): dict(zip(parts["expression"], parts["level"], strict=True))
        for name, parts in coefficients.groupby("coefficient", sort=False)
    }


def interactions(coefficients: pd.DataFrame, labels: Labels) -> dict[str, tuple[str, str]]:
    """The coefficients of treatment by `within`: the levels of both, by name."""
    if labels.within is None:
        return {}
    both = {
        name: (levels[labels.treatment], levels[labels.within])
        for name, levels in levels_by_coefficient(coefficients).items()
        if levels.keys() == {labels.treatment, labels.within}
    }
    return {
        name: (treatment, level)
        for name, (treatment, level) in both.items()
        if treatment in labels.treatments and level in labels.places[1:]
    }


def products_with_treatment(coefficients: pd.DataFrame, labels: Labels) -> list[str]:
    """The coefficients of the treatment times something else, of whatever else it is."""
    return [
        name
        for name, levels in levels_by_coefficient(coefficients).items()
        if len(levels) > 1 and labels.treatment in levels
    ]
