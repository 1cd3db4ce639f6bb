"""What the treatment does inside each level of another factor, draw by draw.

Rates are standardised: inside a level, every contact is given the treatment in turn and the
model's rates are averaged over those contacts (g-computation, Robins 1986). Odds ratios,
lifts and log-odds are computed from those rates in every draw and summarised last.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from partialpool.cells.question import ALL, Question
from partialpool.posterior.draws import summarise
from partialpool.posterior.fit import Fit
from partialpool.posterior.rates import Rate, _average, contrast, standardise

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
    treatments = fit.cells[question.treatment].cat.categories
    places = _places(fit.cells, question)
    shares = [members["trials"].sum() for members in places.values()]
    rates: dict[tuple[str, str], Rate] = {}
    for treatment in treatments:
        found = []
        for level, members in places.items():
            forced = pd.Categorical([treatment] * len(members), treatments, ordered=True)
            chunks = fit.predict(members.assign(**{question.treatment: forced}))
            found.append(standardise(chunks, members["trials"].to_numpy(), fit.likelihood))
            rates[level, str(treatment)] = found[-1]
        rates[ALL, str(treatment)] = _average(found, np.array(shares))
    return rates


def _places(cells: pd.DataFrame, question: Question) -> dict[str, pd.DataFrame]:
    """The cells of each level of `within`, or all of them."""
    if question.within is None:
        return {ALL: cells}
    levels = cells[question.within].cat.categories
    return {str(level): cells[cells[question.within] == level] for level in levels}


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
