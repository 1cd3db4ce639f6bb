"""What pooling does to the effects: which level's estimate it moves most."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from partialpool.frames import Row, list_rows
from partialpool.posterior.names import varies_by
from partialpool.report.formats import decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.model.parameters import interactions
from partialpool.report.text import plain
from partialpool.report.treatment import effect_of, under


def state_shrinkage(
    effects: Mapping[str, pd.DataFrame],
    names: Mapping[str, pd.DataFrame],
    coefficients: Mapping[str, pd.DataFrame],
    cells: pd.DataFrame,
    labels: Labels,
) -> str:
    """Which level's effect pooling moves most, against the model that learns each level alone.

    Args:
        effects: of each model (`effects.estimate_effects`).
        names: of each model's parameters (`parameters.name_parameters`).
        coefficients: of each model (`coefficients.tabulate_coefficients`).
        cells: with the column `within` and `trials`.
        labels: the words of the analysis.
    """
    if labels.within is None:
        return ""
    pooling = [m for m in labels.models if varies_by(names[m], labels.within)]
    own = [m for m in labels.models if interactions(coefficients[m], labels)]
    alone = [m for m in own if m not in pooling]
    if not pooling or not alone:
        return ""
    fewest = cells.groupby(labels.within)["trials"].sum().nsmallest(1)
    return "\n".join(
        f"- {_moved(effects[alone[0]], effects[m], (alone[0], m), fewest, labels)}" for m in pooling
    )


def _moved(
    before: pd.DataFrame,
    after: pd.DataFrame,
    models: tuple[str, str],
    fewest: pd.Series[int],
    labels: Labels,
) -> str:
    both = before.merge(
        after, on=["within", "treatment", "quantity"], suffixes=("_alone", "_pooled")
    )
    inside = list_rows(both[both["within"] != ""])
    ratios = sorted((r for r in inside if r["quantity"] == "log_odds_ratio"), key=_shift)
    row = ratios[-1]
    base = next(
        r
        for r in inside
        if (r["quantity"], r["within"], r["treatment"])
        == ("log_odds", row["within"], labels.reference)
    )
    return (
        f"Against the {plain(models[0])} model, {plain(models[1])} moves "
        f"{effect_of(labels, row['treatment'])} most {labels.where(row['within'])}: the log odds "
        f"ratio from {_change(row)}, the log-odds {under(labels, labels.reference)} from "
        f"{_change(base)}.{_fewest(row, fewest, labels)}{_elsewhere(ratios)}"
        f"{_direction(row, ratios, models[0])}"
    )


def _shift(row: Row) -> float:
    return float(abs(row["mean_pooled"] - row["mean_alone"]))


def _fewest(row: Row, fewest: pd.Series[int], labels: Labels) -> str:
    if fewest.index[0] != row["within"]:
        return ""
    return f" No level has fewer {labels.many}: {integer(fewest.iloc[0])}."


def _elsewhere(ratios: list[Row]) -> str:
    """The shift next in size; `ratios` are sorted by it."""
    if len(ratios) < 2:
        return ""
    return f" Elsewhere the log odds ratio moves by at most {decimals(2)(_shift(ratios[-2]))}."


def _direction(row: Row, ratios: list[Row], alone: str) -> str:
    """Said only where pooling seems to push outwards, which surprises."""
    same = [r["mean_alone"] for r in ratios if r["treatment"] == row["treatment"]]
    centre = sum(same) / len(same)
    if abs(row["mean_pooled"] - centre) <= abs(row["mean_alone"] - centre):
        return ""
    return (
        f" It moves away from the levels’ mean, not towards it: the priors on the coefficients of "
        f"the {plain(alone)} model pull as well, and harder here."
    )


def _change(row: Row) -> str:
    return f"{decimals(2)(row['mean_alone'])} to {decimals(2)(row['mean_pooled'])}"
