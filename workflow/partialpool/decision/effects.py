"""What the treatment does inside each level of another factor, draw by draw.

Rates are standardised: inside a level, every contact is given the treatment in turn and the
model's rates are averaged over those contacts (g-computation, Robins 1986). Odds ratios,
lifts and log-odds are computed from those rates in every draw and summarised last.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from partialpool.cells.question import Question
from partialpool.decision.strata import Strata, places_of, stratify
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
        (place, arm): strata.averaged(rows, strata.weights, position)
        for position, arm in enumerate(strata.arms)
        for place, rows in places.items()
    }


def estimate_effects(
    rates: dict[tuple[str, str], Rate], reference: str, interval: float
) -> pd.DataFrame:
    """Every rate and contrast, summarised.

    Args:
        rates: `standardised_rates`.
        reference: the treatment level that the others are held to.
        interval: probability inside the intervals.

    Returns:
        One row per level of `within` (`ALL` too), treatment level and quantity: mean, sd,
        median, interval, and `above_null`, the probability that the quantity is above what no
        effect would make it: 1 for ratios, else 0.
    """
    rows = []
    for (where, treatment), rate in rates.items():
        quantities = {
            "rate": rate.value,
            "log_odds": rate.log_odds,
            "contacts_per_success": np.exp(-rate.log_success),
        }
        if treatment != reference:
            quantities |= contrast(rate, rates[where, reference])
        rows += [
            {
                "within": where,
                "treatment": treatment,
                "quantity": quantity,
                **summarise(values, interval),
                "above_null": float((values > NO_EFFECT.get(quantity, 0.0)).mean()),
            }
            for quantity, values in quantities.items()
        ]
    return pd.DataFrame(rows)
