"""The table of one model's priors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from partialpool.model.beliefs import ModelPriors
from partialpool.model.distributions import as_distribution
from partialpool.model.parameters import INTERCEPT, of_kind
from partialpool.report.formats import Format, decimals
from partialpool.report.labels import Labels
from partialpool.report.log_odds.priors import round_numbers, share
from partialpool.report.model.prior_rates import as_rates, head_rates
from partialpool.report.table import Table
from partialpool.sampling.stan_data import PRIOR_COLUMNS
from partialpool.settings import Priors
from partialpool.settings.priors import Prior, PriorClass, class_of, is_halved

ENDS = ("from", "to")
LARGE = 10
"""Ends of intervals from here on have no decimals."""
SMALL = 0.005
"""Ends of intervals below have two digits that tell, for what has a large unit."""


@dataclass(frozen=True)
class Stated:
    """A prior of a class of parameters, or of a single one, and what it is about."""

    what: str
    prior_class: PriorClass
    stated: str
    prior: Prior
    meaning: str
    size: int = 0
    """Of the largest correlation matrix."""


def tabulate_priors(
    settings: Mapping[str, Any],
    names: pd.DataFrame,
    design: Mapping[str, Any],
    labels: Labels,
    model: str,
) -> Table:
    """The priors that the model has, as stated and as distributions, and where they put their mass.

    Args:
        settings: of the model (`settings.Model`).
        names: of the model's parameters (`parameters.name_parameters`).
        design: Stan's data (`StanData.variables`).
        labels: the words of the analysis.
        model: its name.
    """
    rows = list_priors(settings, names, design, labels, model)
    priors, interval = read_classes(settings, names), f"{labels.percent_interval} interval"
    kinds = [row.prior_class for row in rows]
    rates = head_rates(kinds, priors)
    frame = _tabulate(rows, priors, labels.interval, (interval, rates))
    but = ", but for correlations, those of the largest term" * ("correlation" in kinds)
    own = " The model’s own program need not use them." if settings["program"] else ""
    return Table(
        frame,
        f"Priors of the {model} model, and the interval that each gives.",
        note=f"On the {labels.scale(model)} scale{but}.{own}",
        formats={
            **{(interval, end): _end for end in ENDS},
            **{(rates, end): share for end in ENDS},
        },
    )


def _tabulate(
    rows: Sequence[Stated], priors: ModelPriors, probability: float, heads: tuple[str, str]
) -> pd.DataFrame:
    ends = [central(row.prior, row.prior_class, probability, row.size) for row in rows]
    rates = [as_rates(row.prior_class, of, priors) for row, of in zip(rows, ends, strict=True)]
    frame = pd.DataFrame(
        {
            ("", "stated as"): [row.stated for row in rows],
            ("", "distribution"): [round_numbers(str(row.prior)) for row in rows],
            (heads[0], "from"): [low for low, _ in ends],
            (heads[0], "to"): [high for _, high in ends],
            (heads[1], "from"): [low for low, _ in rates],
            (heads[1], "to"): [high for _, high in rates],
            ("", "of what"): [row.meaning for row in rows],
        },
        index=pd.Index([row.what for row in rows], name="prior of"),
    )
    if (frame["", "stated as"] == frame["", "distribution"]).all():
        frame = frame.drop(columns=("", "stated as"))
    return frame


def list_priors(
    settings: Mapping[str, Any],
    names: pd.DataFrame,
    design: Mapping[str, Any],
    labels: Labels,
    model: str,
) -> list[Stated]:
    """The priors of the classes that the model has, then those of single parameters.

    Single are those with a prior of their own, and slopes of numbers, to which that of their class
    applies as one of a standard deviation of what they multiply.
    """
    population, kinds = of_kind(names, "population"), set(names["kind"])
    has: dict[PriorClass, bool] = {
        "intercept": INTERCEPT in population,
        "slope": any(name != INTERCEPT for name in population),
        "sd": "sd" in kinds,
        "correlation": "correlation" in kinds,
        "phi": "phi" in kinds,
    }
    classes = read_classes(settings, names)
    priors = replace(classes, spreads=read_spreads(classes, names, design))
    size, meanings = max(design.get("coefs", []), default=0), _meanings(labels, model)
    rows = []
    for kind in (kind for kind, present in has.items() if present):
        name = INTERCEPT if kind == "intercept" else ""
        prior = priors.prior(kind, name)
        meaning = meanings[kind] + _of_numbers(kind, priors.spreads, population, labels)
        meaning += "; the half above 0" if is_halved(prior, kind) else ""
        rows.append(Stated(kind, kind, priors.stated(kind, name), prior, meaning, size))
    own = {name: "" for name in settings["priors"]["coefficients"] if name != INTERCEPT}
    scaled = {
        name: f"of 1, where one SD is {spread:.3g}" for name, spread in priors.spreads.items()
    }
    for name, meaning in (own | scaled).items():
        of = "slope" if name in population else class_of(name)
        prior = priors.prior(of, name)
        rows.append(Stated(name, of, priors.stated(of, name), prior, meaning, size))
    return rows


def read_classes(settings: Mapping[str, Any], names: pd.DataFrame) -> ModelPriors:
    """The priors of a model, without the spreads of numbers.

    Args:
        settings: of the model.
        names: of its parameters.
    """
    has_intercept = INTERCEPT in of_kind(names, "population")
    return ModelPriors(Priors(**settings["priors"]), settings["link"], has_intercept)


def read_spreads(
    classes: ModelPriors, names: pd.DataFrame, design: Mapping[str, Any]
) -> dict[str, float]:
    """The standard deviations by which priors of slopes of numbers were scaled, by parameter.

    Args:
        classes: the priors of the model.
        names: of its parameters (`parameters.name_parameters`).
        design: Stan's data, which has each parameter's prior on its own scale.
    """
    slopes = [name for name in of_kind(names, "population") if name != INTERCEPT]
    of_class: dict[PriorClass, list[str]] = {"slope": slopes, "sd": of_kind(names, "sd")}
    found = {}
    for kind, of in of_class.items():
        stated = classes.prior(kind)
        for name, row in zip(of, design[f"{kind}_prior"], strict=True):
            scale = dict(zip(PRIOR_COLUMNS, row, strict=True))["scale"]
            if name not in classes.priors.coefficients and scale != stated.scale:
                found[name] = stated.scale / scale
    return found


def central(
    prior: Prior, prior_class: PriorClass, interval: float, size: int
) -> tuple[float, float]:
    """Equal-tailed interval of a prior; no numbers of a flat one.

    Args:
        prior: the distribution.
        prior_class: of the parameter; of some it is the half above 0.
        interval: the probability inside.
        size: of the correlation matrix (`distributions.as_distribution`).
    """
    if prior.family == "flat":
        return float("nan"), float("nan")
    shares = np.array([(1 - interval) / 2, (1 + interval) / 2])
    low, high = as_distribution(prior, prior_class, size).ppf(shares)
    return float(low), float(high)


def _meanings(labels: Labels, model: str) -> dict[PriorClass, str]:
    logit = labels.is_log_odds(model)
    on = "a log-odds" if logit else f"on the {labels.scale(model)} scale"
    between = "a difference in log-odds" if logit else on
    return {
        "intercept": f"the intercept, {on}",
        "slope": f"every other population-level coefficient, {between}",
        "sd": "how far an effect scatters over levels",
        "correlation": "how the effects of one level go together",
        "phi": "how nearly cells vary by chance alone",
    }


def _of_numbers(
    kind: PriorClass, spreads: Mapping[str, float], population: list[str], labels: Labels
) -> str:
    """Said of a class whose prior is stated of numbers by their standard deviations."""
    over = f"for one standard deviation (SD) of it over {labels.contacts}"
    if kind == "slope" and any(name in population for name in spreads):
        return f"; of a number, {over}"
    if kind == "sd" and any(name not in population for name in spreads):
        return f"; of slopes of a number, {over}"
    return ""


def _end(value: float) -> str:
    if 0 < abs(value) < SMALL:
        return f"{value:.2g}"
    show: Format = decimals(0 if abs(value) >= LARGE else 2)
    return show(value)
