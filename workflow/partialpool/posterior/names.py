"""Which parameters belong together, told from the table of their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.model.parameters import OTHER


def kinds_of(names: pd.DataFrame, listed: Sequence[str]) -> list[str]:
    """The kind of each of some parameters.

    Args:
        names: of the model's parameters (`parameters.name_parameters`).
        listed: parameters; those that the table does not have are elements of a variable that only
            a program of the user's own has.
    """
    kinds = dict(zip(names["parameter"], names["kind"], strict=True))
    return [kinds.get(name, OTHER) for name in listed]


def fixed_parameters(names: pd.DataFrame, listed: Sequence[str]) -> list[str]:
    """All of some parameters but the varying effects."""
    kinds = kinds_of(names, listed)
    return [name for name, kind in zip(listed, kinds, strict=True) if kind != "effect"]


def other_parameters(names: pd.DataFrame, listed: Sequence[str]) -> list[str]:
    """Those of some parameters that only a program of a user's own has."""
    kinds = kinds_of(names, listed)
    return [name for name, kind in zip(listed, kinds, strict=True) if kind == OTHER]


def effect_blocks(names: pd.DataFrame) -> list[list[str]]:
    """The effects of each coefficient of each term, block after block."""
    effects = names[names["kind"] == "effect"]
    blocks = effects.groupby(["grouping", "coefficient"], sort=False)["parameter"]
    return [list(block) for _, block in blocks]


_EFFECT = [
    *("parameter", "grouping", "coefficient", "level", "population_coefficient"),
    *("centring", "absorbed_by"),
]


def list_effects(names: pd.DataFrame, design: Mapping[str, Any]) -> pd.DataFrame:
    """Group-level effects, and how they are sampled.

    Args:
        names: of the model's parameters (`parameters.name_parameters`).
        design: Stan's data (`stan_data.stan_data`).

    Returns:
        One row per effect: its `parameter`, `grouping` factor, `coefficient` and `level`, the
        `population_coefficient` that it scatters about (empty where it scatters about 0), how
        much of its variance its data take away (`centring`, see `centring.choose_centring`), and
        the grouping factor that takes up its mean (`absorbed_by`, empty where none does).
    """
    sds = names[names["kind"] == "sd"]
    groupings = ["", *sds["grouping"]]
    absorbed_by = [groupings[position] for position in design["absorbed_by"]]
    blocks = sds[["grouping", "coefficient"]].assign(absorbed_by=absorbed_by)
    effects = names[names["kind"] == "effect"].merge(blocks, on=["grouping", "coefficient"])
    return effects.assign(centring=design["centring"])[_EFFECT]


def varies_by(names: pd.DataFrame, factor: str | None) -> bool:
    """Whether a model with these parameters has effects that vary over a factor's levels."""
    effects = names[names["kind"] == "effect"]
    return any(factor in grouping.split(":") for grouping in effects["grouping"].unique())
