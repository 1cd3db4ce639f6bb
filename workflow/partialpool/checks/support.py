"""What speaks against the model that answers: margins that it misses, lifts that lean on priors."""

from __future__ import annotations

from typing import Any

import pandas as pd

from partialpool.cells.question import ALL


def weigh_support(tests: pd.DataFrame, sensitivity: pd.DataFrame) -> dict[str, Any]:
    """The facts on one model that its answer is weakened by.

    Args:
        tests: `margins.judge_margins`.
        sensitivity: `sensitivity.measure_sensitivity`.

    Returns:
        `missed`, the margins that the model misses once fitted; and `leaning`, the lifts that
        depend on its priors: their `within`, `treatment` and `diagnosis`. That of all contacts
        together is left out where lifts are told by level.
    """
    after = tests[(tests["kind"] == "posterior") & tests["missed"]]
    lifts = sensitivity[sensitivity["kind"] == "lift"]
    shown = lifts["within"] != ALL if (lifts["within"] != ALL).any() else lifts["within"] == ALL
    leaning = lifts[shown & (lifts["diagnosis"] != "")]
    return {
        "missed": after["margin"].tolist(),
        "leaning": leaning[["within", "treatment", "diagnosis"]].to_dict("records"),
    }
