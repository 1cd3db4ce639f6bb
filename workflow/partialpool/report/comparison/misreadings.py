"""How the numbers of a logistic regression are misread, shown on the models' own numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from partialpool.frames import Row, list_rows, rows_by
from partialpool.report.counts import rate_format
from partialpool.report.formats import chance, decimals
from partialpool.report.labels import Labels
from partialpool.report.model.parameters import (
    interactions,
    levels_by_coefficient,
    products_with_treatment,
)
from partialpool.report.prose import fill
from partialpool.report.text import code, plain, words

NAMED = 6
"""Coefficients that are spelled out at most, for each model."""
SIGNS = {-1: "lies below 0", 0: "spans 0", 1: "lies above 0"}


def state_misreadings(
    parameters: Mapping[str, pd.DataFrame],
    coefficients: Mapping[str, pd.DataFrame],
    effects: Mapping[str, pd.DataFrame],
    labels: Labels,
) -> str:
    """Where a coefficient is a difference between levels and would be misread as an effect.

    Args:
        parameters: of each model (`draws.summarise_parameters`).
        coefficients: of each model (`coefficients.tabulate_coefficients`).
        effects: of each model (`effects.estimate_effects`).
        labels: the words of the analysis.
    """
    if labels.within is None:
        return ""
    lines = []
    for model in labels.models:
        rows = rows_by(parameters[model], "parameter")
        found = interactions(coefficients[model], labels)
        if found:
            lines.append(_opening(model, rows, coefficients[model], labels))
            spelled = [
                _reading(rows[name], name, _ratio(effects[model], *where), where[1], labels, model)
                for name, where in list(found.items())[:NAMED]
            ]
            lines += [f"- {text}" for text in spelled]
            if len(found) > NAMED:
                lines.append(f"- {len(found) - NAMED} more coefficients read the same way.")
            lines.append("")
    if not lines:
        return (
            f"No model here has a coefficient for the difference of an effect between levels of "
            f"{words(labels.within)}, so none can be misread as the effect inside a level."
        )
    return "\n".join(lines).strip()


def warn_of_exponentiating(effects: Mapping[str, pd.DataFrame], labels: Labels) -> str:
    """That transforming a table transforms its standard error wrongly, on the widest odds ratio."""
    if labels.ranked:
        return ""
    rows = [{**row, "model": m} for m, table in effects.items() for row in list_rows(table)]
    logs = [row for row in rows if row["quantity"] == "log_odds_ratio"]
    log = max(logs, key=lambda row: float(row["sd"]))
    where = ("model", "within", "treatment")
    ratio = next(
        row
        for row in rows
        if row["quantity"] == "odds_ratio" and all(row[key] == log[key] for key in where)
    )
    show = decimals(2)
    return fill(
        "comparison/exponentiating",
        treatment=labels.treat(log["treatment"]),
        where=labels.where(log["within"]),
        model=plain(log["model"]),
        mean_of_logs=show(np.exp(log["mean"])),
        sd_of_logs=show(np.exp(log["sd"])),
        mean=show(ratio["mean"]),
        sd=show(ratio["sd"]),
    )


def compare_rate_and_outcome(
    predictions: pd.DataFrame, model: str, contacts: int, labels: Labels
) -> str:
    """The uncertainty of a rate beside that of outcomes, for the cell whose rate is least sure.

    Args:
        predictions: of one model (`effects.predict_cells`).
        model: its name.
        contacts: how many future contacts were predicted.
        labels: the words of the analysis.
    """
    rates = rows_by(predictions[predictions["quantity"] == "rate"], "cell")
    futures = rows_by(predictions[predictions["quantity"] == "future_successes"], "cell")
    cell, rate = max(rates.items(), key=lambda item: float(item[1]["sd"]))
    future, show, rates_as = futures[cell], decimals(1), rate_format([rate["mean"]])
    noise = np.sqrt(rate["mean"] * (1 - rate["mean"]))
    return fill(
        "comparison/rate_and_outcome",
        model=plain(model),
        cell=plain(cell),
        rate=rates_as(rate["mean"]),
        rate_sd=show(100 * rate["sd"]),
        single_sd=show(100 * noise),
        count=str(contacts),
        contact=labels.one,
        contacts=labels.many,
        future=show(future["mean"]),
        future_sd=show(future["sd"]),
    )


def _opening(
    model: str, rows: Mapping[str, Row], coefficients: pd.DataFrame, labels: Labels
) -> str:
    start = labels.where(labels.places[0])
    alone = {labels.treatment: labels.treatments[0]}
    said = [
        f" {code(name)} ({decimals(2)(rows[name]['mean'])}) is the effect {start} "
        f"alone{_elsewhere(coefficients, labels)}, and"
        for name, levels in levels_by_coefficient(coefficients).items()
        if levels == alone
    ]
    return (
        f"In the {plain(model)} model,{''.join(said)} each interaction is a difference from the "
        f"effect {start}, not an effect:\n"
    )


def _elsewhere(coefficients: pd.DataFrame, labels: Labels) -> str:
    """Said where the effect depends on more than `within`."""
    products = products_with_treatment(coefficients, labels)
    others = set(products) - set(interactions(coefficients, labels))
    return ", with every other factor at its reference level and numbers at 0" if others else ""


def _ratio(effects: pd.DataFrame, treatment: str, level: str) -> dict[str, Row]:
    """Log odds ratio and odds ratio of a treatment inside a level, by quantity."""
    here = effects[(effects["within"] == level) & (effects["treatment"] == treatment)]
    return rows_by(here, "quantity")


def _reading(
    row: Row,
    name: str,
    effect: Mapping[str, Row],
    level: str,
    labels: Labels,
    model: str,
) -> str:
    inside = effect["log_odds_ratio"]
    what, real, where = _sign(row), _sign(inside), labels.where(level)
    coefficient = f"{code(name)} {SIGNS[what]}: {_interval(row, labels)}"
    as_ratio = "" if labels.is_log_odds(model) else ", as a log odds ratio"
    if what != real:
        return (
            f"{coefficient}. Yet the effect itself {where} **{SIGNS[real]}**{as_ratio}: "
            f"{_interval(inside, labels)}, {_above(inside['above_null'])}."
        )
    ratio, show = [np.exp(row[key]) for key in ("median", "lower", "upper")], decimals(1)
    same = f"The effect itself {where} {SIGNS[real]} too, but is another number"
    if not labels.is_log_odds(model):
        return f"{coefficient}. {same}{as_ratio}: {_interval(inside, labels)}."
    return (
        f"{coefficient}. {same}: {_interval(inside, labels)}. As odds, the coefficient is a ratio "
        f"of two odds ratios, {show(ratio[0])} ({show(ratio[1])} to {show(ratio[2])}); the odds "
        f"ratio {where} is {show(effect['odds_ratio']['median'])} (medians)."
    )


def _sign(row: Row) -> int:
    return int(row["lower"] > 0) - int(row["upper"] < 0)


def _interval(row: Row, labels: Labels) -> str:
    show = decimals(2)
    ends = f"{show(row['lower'])} to {show(row['upper'])}"
    return f"{show(row['mean'])} ({labels.percent_interval} interval {ends})"


def _above(probability: float) -> str:
    return f"probability of being above 0 {chance(probability)}"
