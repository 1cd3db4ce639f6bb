"""What the treatment does inside each level of another factor, draw by draw.

Rates are standardised: inside a level, every contact is given the treatment in turn and the
model's rates are averaged over those contacts (g-computation, Robins 1986). Odds ratios,
lifts and log-odds are computed from those rates in every draw and summarised last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from partialpool.posterior import summarise

ALL = ""
"""Stands for every contact together, where a level stands otherwise; no level is empty."""
Predictor = Callable[[pd.DataFrame], np.ndarray]
"""Log-odds (draws x rows) of rows with the model's factors."""


@dataclass(frozen=True)
class Question:
    """Which factor's levels are compared inside which other factor's levels."""

    treatment: str
    within: str | None = None
    """None: all contacts together."""


def standardised_rates(
    predict: Predictor, cells: pd.DataFrame, question: Question
) -> dict[tuple[str, str], np.ndarray]:
    """The rate in each level of `within` under each level of the treatment.

    Args:
        predict: the model's linear predictor.
        cells: factors as categories, and `trials`, the weights.
        question: what is compared, and where.

    Returns:
        Draws of the rate by (level of `within` or `ALL`, level of the treatment).
    """
    treatments = cells[question.treatment].cat.categories
    places = _places(cells, question)
    rates: dict[tuple[str, str], np.ndarray] = {}
    for treatment in treatments:
        total = np.zeros(1)
        for level, members in places.items():
            forced = pd.Categorical([treatment] * len(members), treatments, ordered=True)
            log_odds = predict(members.assign(**{question.treatment: forced}))
            rate = np.average(expit(log_odds), axis=1, weights=members["trials"])
            rates[level, str(treatment)] = rate
            total = total + rate * members["trials"].sum()
        rates[ALL, str(treatment)] = total / cells["trials"].sum()
    return rates


def _places(cells: pd.DataFrame, question: Question) -> dict[str, pd.DataFrame]:
    """The cells of each level of `within`, or all of them."""
    if question.within is None:
        return {ALL: cells}
    levels = cells[question.within].cat.categories
    return {str(level): cells[cells[question.within] == level] for level in levels}


def contrast(treated: np.ndarray, reference: np.ndarray) -> dict[str, np.ndarray]:
    """Lift, log odds ratio, odds ratio and relative rate of two rates, draw by draw."""
    difference = logit(treated) - logit(reference)
    return {
        "lift": treated - reference,
        "log_odds_ratio": difference,
        "odds_ratio": np.exp(difference),
        "relative_rate": treated / reference,
    }


def estimate_effects(
    rates: dict[tuple[str, str], np.ndarray], reference: str, interval: float
) -> pd.DataFrame:
    """Every rate and contrast, summarised.

    Args:
        rates: `standardised_rates`.
        reference: the treatment level that the others are held to.
        interval: probability inside the intervals.

    Returns:
        One row per level of `within` (`ALL` too), treatment level and quantity: mean, sd,
        median, interval, and `above_0`, the probability that the quantity is above 0.
    """
    rows = []
    for (where, treatment), rate in rates.items():
        quantities = {"rate": rate, "log_odds": logit(rate), "contacts_per_success": 1 / rate}
        if treatment != reference:
            quantities |= contrast(rate, rates[where, reference])
        rows += [
            {
                "within": where,
                "treatment": treatment,
                "quantity": quantity,
                **summarise(values, interval),
                "above_0": float((values > 0).mean()),
            }
            for quantity, values in quantities.items()
        ]
    return pd.DataFrame(rows)


def predict_cells(
    log_odds: np.ndarray,
    labels: list[str],
    future_contacts: int,
    interval: float,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """The rate of each cell, and the successes among a number of future contacts.

    Args:
        log_odds: draws x cells.
        labels: the cells' names.
        future_contacts: how many contacts are predicted in each cell.
        interval: probability inside the intervals.
        generator: random stream of the prediction.

    Returns:
        One row per cell and quantity: `rate`, which only parameters make uncertain, and
        `future_successes`, which chance does too.
    """
    rate = expit(log_odds)
    future = generator.binomial(future_contacts, rate)
    return pd.DataFrame(
        [
            {"cell": label, "quantity": quantity, **summarise(values[:, position], interval)}
            for position, label in enumerate(labels)
            for quantity, values in (("rate", rate), ("future_successes", future))
        ]
    )
