"""What speaks against the model that answers: margins that it misses, priors that move it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from partialpool.cells.question import ALL

COMPARED = ("lift", "rate", "ratio")
"""Kinds of quantities that the answer states."""
ONE_IN = 5
"""From so many of a margin's levels on, outside the prior's central 99%, it is surprising."""


def weigh_support(tests: pd.DataFrame, sensitivity: pd.DataFrame) -> dict[str, Any]:
    """The facts on one model that its answer is weakened by.

    Args:
        tests: `margins.judge_margins`.
        sensitivity: `sensitivity.measure_sensitivity`.

    Returns:
        `missed`, the margins that the model misses once fitted; `surprising`, those that its
        priors held for all but impossible; and `leaning`, the lifts, rates and ratios that depend
        on its priors: their `kind`, `within`, `treatment` and `diagnosis`. Those of all contacts
        together are left out where levels are told.
    """
    after = tests[(tests["kind"] == "posterior") & tests["missed"]]
    before = tests[tests["kind"] == "prior"]
    compared = sensitivity[sensitivity["kind"].isin(COMPARED)]
    levels = compared["within"] != ALL
    told = levels if levels.any() else ~levels
    leaning = compared[told & (compared["diagnosis"] != "")]
    return {
        "missed": after["margin"].tolist(),
        "surprising": before["margin"][_are_unlikely(before)].tolist(),
        "leaning": leaning[["kind", "within", "treatment", "diagnosis"]].to_dict("records"),
    }


def _are_unlikely(before: pd.DataFrame) -> pd.Series[bool]:
    """Whether so many levels lie outside the prior's central 99% (`margins.CENTRAL`).

    Levels share their parameters, so that nothing but the expected share outside, 1%, is known; by
    Markov's inequality a fifth of them is outside with a probability of at most 5%.
    """
    outside = before["surprising"]
    return (outside > 0) & (ONE_IN * outside >= before["levels"])
