"""Whether levels that are ranked stand above or below their mean, and where models disagree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd


def call_level(above: float, needed: float) -> str:
    """`above`, `below`, or `open` when neither is probable enough."""
    if above >= needed:
        return "above"
    return "below" if above <= 1 - needed else "open"


def decide_levels(
    effects: Mapping[str, pd.DataFrame], choice: Mapping[str, Any], needed: float
) -> dict[str, Any]:
    """The choice of a model where levels are ranked, and which others place levels otherwise.

    Args:
        effects: of each model (`effects.estimate_effects`, held to the mean).
        choice: `answer.choose_model`.
        needed: how probable a call must be.

    Returns:
        As `answer.decide`, with neither `treatments` nor `yields`, and `disagree`: the `model`,
        the `level` and its `call`.
    """
    nothing = {"choice": dict(choice), "treatments": [], "yields": [], "disagree": []}
    model = choice["model"]
    if model is None:
        return nothing
    calls = {name: _calls(effects[name], needed) for name in [model, *choice["tied"]]}
    disagree = [
        {"model": name, "level": level, "call": found}
        for name in choice["tied"]
        for level, found in calls[name].items()
        if found != calls[model][level]
    ]
    return nothing | {"disagree": disagree}


def _calls(effects: pd.DataFrame, needed: float) -> dict[str, str]:
    rows = effects[effects["quantity"] == "from_mean"]
    return {
        str(level): call_level(float(above), needed)
        for level, above in zip(rows["treatment"], rows["above_null"], strict=True)
    }
