"""What the model that answers says of the arms, from seeded draws of chosen rates."""

import numpy as np
import pandas as pd

from partialpool.cells.question import Question
from partialpool.decision.strata import Strata
from partialpool.decision.weighed import Weighed
from partialpool.decision.weighing import weigh_arms, weigh_levels
from partialpool.settings import Decision

NOTHING = Weighed({}, {"advice": [], "policy": None, "terms": {}})


def strata_of(counts, within=None, draws=2000, seed=1):
    """Joint draws of independent rates.

    Args:
        counts: successes and trials, by arm, or by place and then by arm.
        within: the factor whose levels the places are.
        draws: of each rate.
        seed: of the draws.
    """
    nested = counts if within is not None else {"": counts}
    arms = tuple(next(iter(nested.values())))
    beta = np.random.default_rng(seed).beta
    rates = np.stack(
        [
            np.stack([beta(y + 0.5, n - y + 0.5, draws) for y, n in of.values()], axis=-1)
            for of in nested.values()
        ],
        axis=1,
    )
    trials = [sum(n for _, n in of.values()) for of in nested.values()]
    levels = pd.DataFrame({"trials": trials, "weight": trials})
    if within is not None:
        levels.insert(0, within, list(nested))
    return Strata(levels, arms, np.log(rates), np.log1p(-rates))


def weigh(counts, labels, **settings):
    """All that is said of arms with such counts (`strata_of`)."""
    question = Question(labels.treatment, labels.within, ranked=labels.ranked, good=labels.good)
    strata = strata_of(counts, labels.within)
    if labels.ranked:
        return weigh_levels(strata, question, Decision(**settings), labels.interval)
    return weigh_arms(strata, question, Decision(**settings), labels.interval, 1)


def weighed_of(decision, labels, contacts=2000):
    """The same for the rates that the facts of a decision have."""
    if decision["choice"]["model"] is None:
        return NOTHING
    facts = decision["treatments"]

    def counts(rows):
        rates = {rows[0][0]["reference"]: rows[0][1]["rate_reference"]["mean"]}
        rates |= {of["treatment"]: row["rate_treated"]["mean"] for of, row in rows}
        return {arm: (rate * contacts, contacts) for arm, rate in rates.items()}

    if labels.within is None:
        return weigh(counts([(of, of["overall"]) for of in facts]), labels)
    places = [row["within"] for row in facts[0]["levels"]]
    by_place = {
        place: counts([(of, of["levels"][at]) for of in facts]) for at, place in enumerate(places)
    }
    return weigh(by_place, labels)
