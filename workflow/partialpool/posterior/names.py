"""Which parameters belong together, told from their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

Index = Mapping[str, Sequence[str]]
"""Names of parameters by kind, as a design has them."""


def fixed_parameters(index: Index, names: Sequence[str]) -> list[str]:
    """All parameters but the varying effects."""
    effects = set(index["effect"])
    return [name for name in names if name not in effects]


def other_parameters(index: Index, names: Sequence[str]) -> list[str]:
    """The parameters that only a program of a user's own has, under their Stan names."""
    known = {name for kind, of in index.items() if kind != "other" for name in of}
    return [name for name in names if name not in known]


def effect_blocks(index: Index) -> list[list[str]]:
    """The effects of each coefficient of each term, which the index has block after block."""
    blocks, place, effects = [], 0, index["effect"]
    for sd in index["sd"]:
        grouping, _, coefficient = sd.removeprefix("sd_").partition("[")
        start, end = f"r_{grouping}[", f", {coefficient}"
        block = []
        while place < len(effects) and _belongs(effects[place], start, end):
            block.append(effects[place])
            place += 1
        blocks += [block] if block else []
    return blocks


def _belongs(effect: str, start: str, end: str) -> bool:
    return effect.startswith(start) and effect.endswith(end)


_EFFECT = [
    *("parameter", "grouping", "coefficient", "level"),
    *("centring", "swept_into", "about_population"),
]
_SD = re.compile(r"sd_([^\[]+)\[(.*)\]", re.DOTALL)


def list_effects(index: Mapping[str, Sequence[str]], design: Mapping[str, Any]) -> pd.DataFrame:
    """Group-level effects, taken apart.

    Args:
        index: parameter names by kind (`Design.index`).
        design: Stan's data (`design.stan_data`).

    Returns:
        One row per effect: its `parameter`, `grouping` factor, `coefficient` and `level`, how
        much of its variance its data take away (`centring`, see `centring.choose_centring`), the
        grouping factor that takes up its mean (`swept_into`, empty where none does), and whether
        it scatters about a population-level coefficient (`about_population`) or about 0.
    """
    names, centring, rows = iter(index["effect"]), iter(design["centring"]), []
    sizes = [n for n, k in zip(design["levels"], design["coefs"], strict=True) for _ in range(k)]
    for sd, into, size in zip(index["sd"], design["swept_into"], sizes, strict=True):
        grouping, coefficient = split_sd(sd)
        swept_into = split_sd(index["sd"][into - 1])[0] if into else ""
        for _ in range(size):
            name = next(names)
            level = name[len(f"r_{grouping}[") : -len(f", {coefficient}]")]
            about = coefficient in index["population"]
            rows.append((name, grouping, coefficient, level, next(centring), swept_into, about))
    return pd.DataFrame(rows, columns=_EFFECT)


def split_sd(name: str) -> tuple[str, str]:
    """The grouping factor and the coefficient of `sd_channel[promo[Bundle]]`."""
    found = _SD.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no standard deviation of group-level effects")
    return found[1], found[2]


def varies_by(names: Sequence[str], factor: str | None) -> bool:
    """Whether a model with these parameters has effects that vary over a factor's levels."""
    return any(factor in split_sd(n)[0].split(":") for n in names if _SD.fullmatch(n))
