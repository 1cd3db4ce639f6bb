"""What a model's parameters are, told from their names: effects, levels, interactions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.formats import integer
from partialpool.shown import SHOWN, telling
from partialpool.wording.phrases import Labels

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


def worst_predicted(predictive: pd.DataFrame) -> list[str]:
    """The cells that are farthest from what a model predicts of them, in their own order.

    Args:
        predictive: `predictive.check_cells`, with `kind` and `cell`.
    """
    posterior = predictive[predictive["kind"] == "posterior"].set_index("cell")
    return telling(posterior["pit"] - 0.5)


def numeric_terms(names: Sequence[str], labels: Labels) -> list[str]:
    """The coefficients among some names that are of numbers alone, `age` or `poly(age, 2)[1]`."""
    found = re.compile(rf"\b({'|'.join(map(re.escape, labels.numbers))})\b")
    return [n for n in names if labels.numbers and ":" not in n and found.search(_bare(n, labels))]


def split_sd(name: str) -> tuple[str, str]:
    """The grouping factor and the coefficient of `sd_channel[promo[Bundle]]`."""
    found = _SD.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no standard deviation of group-level effects")
    return found[1], found[2]


def interactions(names: Sequence[str], labels: Labels) -> dict[str, tuple[str, str]]:
    """Coefficients of treatment by `within` among some names: the levels of both, by name."""
    possible: dict[str, tuple[str, str]] = {}
    for treatment in labels.treatments:
        for level in labels.places[1:]:
            one, other = f"{labels.treatment}[{treatment}]", f"{labels.within}[{level}]"
            possible |= dict.fromkeys((f"{one}:{other}", f"{other}:{one}"), (treatment, level))
    return {name: possible[name] for name in names if name in possible}


def varies_by(names: Sequence[str], factor: str | None) -> bool:
    """Whether a model with these parameters has effects that vary over a factor's levels."""
    return any(factor in split_sd(n)[0].split(":") for n in names if _SD.fullmatch(n))


def _bare(name: str, labels: Labels) -> str:
    """A coefficient's name without the levels of factors in it, which may read like anything."""
    for factor, levels in labels.factors.items():
        if name in {f"{factor}[{level}]" for level in levels}:
            return factor
    return name


def left_out(total: int, what: str, where: str, shown: int = SHOWN) -> str:
    """What a table or figure does not show, and where it is; nothing when it shows all."""
    more = total - shown
    if more == 1:
        one = re.sub(r"s\b", "", what, count=1)
        return f" Not shown: one more {one}, which is in {where}."
    return f" Not shown: {integer(more)} more {what}, which are in {where}." if more > 0 else ""
