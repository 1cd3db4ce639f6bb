"""Sentences on what one model estimates: where its intercept is, how far effects scatter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.frames import Row, list_rows
from partialpool.model.identifiability import find_aliased
from partialpool.model.parameters import INTERCEPT, PRECISION, of_kind
from partialpool.report.formats import decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.model.parameters import numeric_terms
from partialpool.report.prose import fill
from partialpool.report.selection import SHOWN
from partialpool.report.text import code, listed, plain, some

PRIOR_PLACES = {
    "cells": "with every predictor at its mean over the cells, each cell counted once",
    "contacts": "with every predictor at its mean over the {contacts}",
}
FAR = 10.0
"""Standard deviations between a number's mean and 0 that are far."""
ZERO = {"logit": "even odds", "probit": "even odds", "cloglog": "a rate of 63%"}
"""What a value of 0 means, on the scale of each link."""


def state_precision(parameters: pd.DataFrame, names: pd.DataFrame, labels: Labels) -> str:
    """How far cells vary beyond chance; nothing of a binomial model."""
    found = list_rows(parameters[parameters["parameter"].isin(of_kind(names, "phi"))])
    if not found:
        return ""
    row, show, share = found[0], decimals(1), decimals(3)
    correlation, most, least = (share(1 / (1 + row[key])) for key in ("median", "lower", "upper"))
    return fill(
        "model/precision",
        phi=code(PRECISION),
        interval=labels.percent_interval,
        **{key: show(row[key]) for key in ("median", "lower", "upper")},
        contacts=labels.many,
        correlation=correlation,
        least=least,
        most=most,
    )


def state_prior_place(
    names: pd.DataFrame,
    coefficients: pd.DataFrame,
    settings: Mapping[str, Any],
    labels: Labels,
    model: str,
) -> str:
    """Where the intercept's prior holds.

    Args:
        names: of the model's parameters (`parameters.name_parameters`).
        coefficients: what the population-level ones are of (`tabulate_coefficients`).
        settings: of the model.
        labels: the words of the analysis.
        model: its name.
    """
    population = of_kind(names, "population")
    if INTERCEPT not in population:
        return "There is no population-level intercept, so no prior is put on one."
    if len(population) == 1:
        return (
            "The intercept is the only population-level coefficient; its prior is on it directly."
        )
    terms = [code(name) for name in numeric_terms(coefficients, labels)]
    numbers = f" and {some(terms)} at 0" if terms else ""
    start = f"every factor at its reference level{numbers}"
    if _has_reference(coefficients, labels):
        start = f"every predictor at 0, which no {labels.one} has"
    if settings["intercept_prior_at"] == "reference":
        return f"The intercept’s prior holds with {start}, which is what the intercept above is."
    place = PRIOR_PLACES[settings["intercept_prior_at"]].format(contacts=labels.many)
    return (
        f"In the {plain(model)} model the intercept’s prior holds {place}. The intercept above is "
        f"turned back to {start}, so its own prior is wider."
    )


def _has_reference(coefficients: pd.DataFrame, labels: Labels) -> bool:
    """Whether a reference level has a coefficient by itself, as with index coding."""
    alone = coefficients[coefficients.groupby("coefficient")["level"].transform("size") == 1]
    return any(
        row["level"] == labels.factors[row["variable"]][0]
        for row in list_rows(alone)
        if row["variable"] in labels.factors
    )


def state_aliases(names: pd.DataFrame, design: Mapping[str, Any]) -> str:
    """Which coefficients the cells cannot tell apart; nothing where they can.

    Args:
        names: of the model's parameters (`parameters.name_parameters`).
        design: Stan's data (`StanData.variables`).
    """
    ordered = names[names["kind"] == "population"].sort_values("position")
    counted = np.array(design["trials"]) > 0
    slopes = np.reshape(np.array(design["X"], float), (design["N"], design["K"]))[counted]
    columns = np.column_stack([np.ones((len(slopes), design["has_intercept"])), slopes])
    aliased = find_aliased(list(map(str, ordered["parameter"])), columns)
    if not aliased:
        return ""
    more = [f"{integer(len(aliased) - SHOWN)} more"] if len(aliased) > SHOWN else []
    told = listed([*map(code, aliased[:SHOWN]), *more])
    return fill("model/aliased" if len(aliased) > 1 else "model/prior_alone", names=told)


def hint_at_centring(
    names: pd.DataFrame, coefficients: pd.DataFrame, design: Mapping[str, Any], labels: Labels
) -> str:
    """That a number stands in the formula far from 0; nothing where none does.

    Args:
        names: of the model's parameters (`parameters.name_parameters`).
        coefficients: what the population-level ones are of (`tabulate_coefficients`).
        design: Stan's data (`stan_data.stan_data`).
        labels: the words of the analysis.
    """
    population = names[names["kind"] == "population"]
    positions = dict(zip(population["parameter"], population["position"], strict=True))
    columns, trials = np.asarray(design["X"], float), np.asarray(design["trials"], float)
    said = []
    for name in numeric_terms(coefficients, labels):
        values = columns[:, positions[name] - 2]
        mean = np.average(values, weights=trials)
        spread = np.sqrt(np.average(np.square(values - mean), weights=trials))
        if name in labels.numbers and abs(mean) > FAR * spread:
            said.append(
                f"{code(name)} is {decimals(1)(mean)} ± {decimals(1)(spread)}, far from 0, where "
                "the intercept and what multiplies it are told: with "
                f"{code(f'center({name})')} in the formula they are those at its mean, known "
                "better and easier to read."
            )
    return " ".join(said)


def state_effects(effects: pd.DataFrame, settings: Mapping[str, Any]) -> str:
    """What the group-level effects scatter about, under a heading; nothing without any."""
    if effects.empty:
        return ""
    kinds = effects.drop_duplicates(["grouping", "coefficient"])
    scattered = kinds["population_coefficient"] != ""
    lines = [f"## Varying effects by {listed(list(map(plain, kinds['grouping'].unique())))}", ""]
    centred = [code(c) for c in kinds["population_coefficient"][scattered].unique()]
    if centred:
        lines += [
            f"The effects of {listed(centred)} are deviations from the population-level "
            "coefficient of the same name, which is estimated too; levels with little data are "
            "pulled towards it.",
            "",
        ]
    alone = list(kinds["coefficient"][~scattered].unique())
    if alone:
        pulled = [ZERO[settings["link"]]] if INTERCEPT in alone else []
        pulled += ["no effect"] if set(alone) - {INTERCEPT} else []
        lines.append(
            f"The model has no population-level coefficient for {some(list(map(code, alone)))} to "
            "scatter about, so these effects scatter about 0: a level with little data is pulled "
            f"towards {listed(pulled)}, not towards the other levels’ mean."
        )
    return "\n".join(lines).strip()


def state_spread(parameters: pd.DataFrame, names: pd.DataFrame, labels: Labels, model: str) -> str:
    """How far effects scatter over levels, and how those of one level go together."""
    estimated = names.merge(parameters, on="parameter")
    known = set(estimated["parameter"])
    lines = [
        f"- Over the levels of {plain(row['grouping'])}, {code(row['coefficient'])} has the "
        "standard deviation at which its prior holds it."
        for row in list_rows(names[names["kind"] == "sd"])
        if row["parameter"] not in known
    ][:SHOWN]
    lines += [
        f"- Over the levels of {plain(row['grouping'])}, {code(row['coefficient'])} has a standard "
        f"deviation of {_estimate(row, labels)} {labels.unit(model)}."
        for row in list_rows(estimated[estimated["kind"] == "sd"][:SHOWN])
    ]
    lines += [
        f"- {code(row['parameter'])} is {_estimate(row, labels)}{_sign_open(row)}."
        for row in list_rows(estimated[estimated["kind"] == "correlation"][:SHOWN])
    ]
    return "\n".join(lines)


def _estimate(row: Row, labels: Labels) -> str:
    show = decimals(2)
    return (
        f"{show(row['mean'])} ({labels.percent_interval} interval {show(row['lower'])} to "
        f"{show(row['upper'])})"
    )


def _sign_open(row: Row) -> str:
    return "; its sign is open" if row["lower"] <= 0 <= row["upper"] else ""
