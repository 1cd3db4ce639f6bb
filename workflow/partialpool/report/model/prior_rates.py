"""What priors on the scale of a link mean: the rates that the ends of their intervals stand for."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from partialpool.model.beliefs import ModelPriors
from partialpool.model.links import to_rate, to_scale
from partialpool.report.log_odds.priors import share
from partialpool.settings.priors import PriorClass


def as_rates(of: PriorClass, ends: tuple[float, float], priors: ModelPriors) -> tuple[float, float]:
    """The rates that the ends of a prior's interval stand for; none for what changes no rate.

    Args:
        of: the class of the parameter.
        ends: of the interval, on the scale of the link.
        priors: of the model; changes begin at its base rate.

    Returns:
        Of an intercept the rates themselves, of a slope and of a standard deviation what the base
        rate becomes by as much.
    """
    if of in ("correlation", "phi"):
        return float("nan"), float("nan")
    start = 0.0 if of == "intercept" else to_scale(priors.base_rate, priors.link)
    low, high = to_rate(np.array(ends) + start, priors.link)
    return float(low), float(high)


def head_rates(kinds: Collection[PriorClass], priors: ModelPriors) -> str:
    """The header of rates: with the one that changes begin at, where there are changes."""
    is_change = {"slope", "sd"} & {*kinds}
    return f"as rates, from {share(priors.base_rate)}" if is_change else "as rates"
