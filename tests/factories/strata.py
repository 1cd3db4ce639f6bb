"""Joint draws of rates from counts: what a model with a coefficient for every cell has."""

import numpy as np
import pandas as pd

from partialpool.decision.strata import Strata

ARMS = ("old", "new", "third", "fourth")


def strata_of(successes, trials, within="shop", draws=2000, seed=1, levels=None):
    """Draws of rates whose log odds have no prior, in places called `a0`, `a1`, ...

    Args:
        successes: strata x arms; some of each stratum's contacts, never all or none.
        trials: the same, or one number.
        levels: of the strata, where they are not places.
    """
    successes = np.asarray(successes)
    trials = np.broadcast_to(trials, successes.shape)
    rates = np.random.default_rng(seed).beta(
        successes, trials - successes, (draws, *successes.shape)
    )
    rates = np.clip(rates, 1e-300, 1 - 1e-16)
    if levels is None:
        levels = pd.DataFrame({within: [f"a{i}" for i in range(len(successes))]}, dtype=object)
    levels = levels.assign(trials=trials.sum(axis=1), weight=trials.sum(axis=1))
    return Strata(levels, ARMS[: successes.shape[1]], np.log(rates), np.log1p(-rates))


def simulate(seed, places=50, contacts=400, spread=0.0, arms=2, base=0.1):
    """Counts of places whose log odds ratios against the first arm scatter about 0, and the rates.

    Returns:
        Successes and rates, places x arms.
    """
    generator = np.random.default_rng(seed)
    log_odds = np.log(base / (1 - base)) + generator.normal(0, 0.2, (places, 1))
    effects = generator.normal(0, spread, (places, arms - 1))
    log_odds = log_odds + np.concatenate([np.zeros((places, 1)), effects], axis=1)
    rates = 1 / (1 + np.exp(-log_odds))
    return np.clip(generator.binomial(contacts, rates), 1, contacts - 1), rates
