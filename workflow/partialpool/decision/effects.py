"""What the treatment does inside each level of another factor, draw by draw.

Rates are standardised: inside a level, every contact is given the treatment in turn and the
model's rates are averaged over those contacts (g-computation, Robins 1986). Odds ratios,
lifts and log-odds are computed from those rates in every draw and summarised last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.question import Question
from partialpool.decision.arms import TIE, above
from partialpool.decision.pooling import find_alone, prefer_pooled
from partialpool.decision.strata import Strata, places_of, read_strata, stratify
from partialpool.posterior.draws import summarise
from partialpool.posterior.fit import Fit
from partialpool.posterior.rates import Rate, contrast

NO_EFFECT = {"odds_ratio": 1.0, "relative_rate": 1.0}
"""What quantities are without an effect, where that is not 0."""


def standardised_rates(fit: Fit, question: Question) -> dict[tuple[str, str], Rate]:
    """The rate in each level of `within` under each level of the treatment.

    Args:
        fit: draws of the parameters; the trials of its cells are the weights.
        question: what is compared, and where.

    Returns:
        Draws of the rate by (level of `within` or `ALL`, level of the treatment).
    """
    factors = [] if question.within is None else [question.within]
    return rates_in_places(stratify(fit, question.treatment, factors), question.within)


def rates_in_places(strata: Strata, within: str | None) -> dict[tuple[str, str], Rate]:
    """The rate in each level of `within` and over all, under each arm.

    Args:
        strata: of which `within` is a factor, if there is one.
        within: the factor whose levels are places.

    Returns:
        As `standardised_rates`.
    """
    places = places_of(strata.levels, within)
    return {
        (place, arm): strata.at(place).averaged(rows, strata.weights, position)
        for position, arm in enumerate(strata.arms)
        for place, rows in places.items()
    }


def estimate_effects(
    rates: dict[tuple[str, str], Rate], reference: str | None, interval: float
) -> pd.DataFrame:
    """Every rate and contrast, summarised.

    Args:
        rates: `standardised_rates`.
        reference: the treatment level that the others are held to; None: each is held to the mean
            of all, in which every level counts alike.
        interval: probability inside the intervals.

    Returns:
        One row per level of `within` (`ALL` too), treatment level and quantity: mean, sd,
        median, interval, and `above_null`, the probability that the quantity is above what no
        effect would make it: 1 for ratios, else 0.
    """
    rows, means = [], _means(rates) if reference is None else {}
    for (where, treatment), rate in rates.items():
        quantities = {
            "rate": rate.value,
            "log_odds": rate.log_odds,
            "contacts_per_success": np.exp(-rate.log_success),
        }
        if reference is None:
            apart = rate.value - means[where]
            quantities["from_mean"] = np.where(np.abs(apart) > TIE * means[where], apart, 0.0)
        elif treatment != reference:
            quantities |= contrast(rate, rates[where, reference])
        rows += [
            {
                "within": where,
                "treatment": treatment,
                "quantity": quantity,
                **summarise(values, interval),
                "above_null": above(values, NO_EFFECT.get(quantity, 0.0)),
            }
            for quantity, values in quantities.items()
        ]
    return pd.DataFrame(rows)


def _means(rates: dict[tuple[str, str], Rate]) -> dict[str, np.ndarray]:
    """The mean of the levels' rates in every draw, by place."""
    places: dict[str, list[np.ndarray]] = {}
    for (where, _), rate in rates.items():
        places.setdefault(where, []).append(rate.value)
    return {where: np.mean(values, axis=0) for where, values in places.items()}


def pool_effects(
    effects: Mapping[str, pd.DataFrame],
    rates: Iterable[str],
    formulas: Mapping[str, str],
    variables: Collection[str],
    question: Mapping[str, Any],
    probability: float,
    interval: float,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Effects with lifts partially pooled, of the models that let many of them stand alone.

    Args:
        effects: of each model (`estimate_effects`).
        rates: the files of `strata.write_strata` of the models in their order.
        formulas: by model.
        variables: that formulas may name.
        question: what is compared, and where (`Question`).
        probability: of a gain or loss that it takes.
        interval: probability inside the intervals.
        seed: of `pooling.pool_strata`.
    """
    found, asked = dict(effects), Question(**question)
    if asked.ranked:
        return found
    files = dict(zip(formulas, rates, strict=True))
    for model in find_alone(formulas, variables, asked):
        given = read_strata(Path(files[model]))
        strata = prefer_pooled(given, asked.within, probability, seed)
        if strata.unpooled is not None:
            pooled = rates_in_places(strata, asked.within)
            found[model] = estimate_effects(pooled, strata.arms[0], interval)
    return found
