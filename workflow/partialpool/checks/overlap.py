"""Whether the contacts of two treatments are alike in what a model holds them alike in.

A lift says what the same contacts would have done under either treatment. Where no contact of one
treatment is like those of the other, no count speaks to that, and the model extrapolates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.levels import levels_of, numbers_of

NOTABLE = 0.1
"""From this share of contacts on that the other treatment has none like, it is told."""

Arms = tuple[pd.DataFrame, pd.DataFrame]


def find_gaps(
    cells: pd.DataFrame, treatment: str, within: str | None, variables: Collection[str]
) -> list[dict[str, Any]]:
    """Where the contacts of a treatment and of the reference have nothing alike.

    Args:
        cells: with their factors as ordered categories.
        treatment: the factor whose levels are compared, the reference first.
        within: the factor inside whose levels they are, if any.
        variables: that the model has.

    Returns:
        For each gap the `treatment`, the level of `within` (None for all contacts), the `kind`
        and `variables`, and which `share` of contacts the other treatment has none like; of a
        number the `ranges` under treatment and reference, of a factor the `levels` that only one
        has. The kind is `number`, `factor`, `together` where no combination of levels is common,
        or `arm` where one treatment, which `lacks`, has no contact at all. Gaps that leave
        nothing to compare (a share of 1) come first.
    """
    cells = cells[cells["trials"] > 0]
    reference, *others = levels_of(cells)[treatment]
    names = [str(name) for name in cells if name in variables and name not in (treatment, within)]
    own = [within] if within is not None and within in variables else []
    inside = dict(list(cells.groupby(within, observed=True))) if within else {}
    found: list[dict[str, Any]] = []
    for level in others:
        arms = _arms(cells, treatment, level, reference)
        if not all(map(len, arms)):
            continue
        everywhere = [gap for gap in _gaps(arms, [*names, *own]) if gap["share"] >= NOTABLE]
        known = [gap["variables"] for gap in everywhere if gap["share"] == 1]
        found += [{"treatment": level, "within": None, **gap} for gap in everywhere]
        for place, members in inside.items():
            found += [
                {"treatment": level, "within": str(place), **gap}
                for gap in _gaps(_arms(members, treatment, level, reference), names)
                if gap["share"] == 1 and gap["variables"] not in known
            ]
    return sorted(found, key=lambda gap: (gap["within"] is not None, gap["share"] < 1))


def _arms(cells: pd.DataFrame, treatment: str, level: str, reference: str) -> Arms:
    return cells[cells[treatment] == level], cells[cells[treatment] == reference]


def _gaps(arms: Arms, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What two arms do not have in common, each variable by itself, then all factors together."""
    if not all(map(len, arms)):
        lacks = "reference" if len(arms[0]) else "treatment"
        yield {"kind": "arm", "variables": [], "share": 1.0, "lacks": lacks}
        return
    numbers = numbers_of(arms[0])
    factors = [name for name in names if name not in numbers]
    apart = False
    for name in names:
        gap = _of_number(arms, name) if name in numbers else _of_factors(arms, [name])
        apart |= gap["share"] == 1
        yield gap
    if len(factors) > 1 and not apart:
        gap = _of_factors(arms, factors)
        if gap["share"] == 1:
            yield {**gap, "kind": "together"}


def _of_number(arms: Arms, name: str) -> dict[str, Any]:
    """The share of contacts outside the range of the other arm."""
    ranges = [(float(arm[name].min()), float(arm[name].max())) for arm in arms]
    outside = [
        ~arm[name].between(*other).to_numpy()
        for arm, other in zip(arms, reversed(ranges), strict=True)
    ]
    share = _share(arms, outside)
    return {"kind": "number", "variables": [name], "share": share, "ranges": ranges}


def _of_factors(arms: Arms, names: Sequence[str]) -> dict[str, Any]:
    """The share of contacts with a combination of levels that the other arm has none of."""
    keys = [pd.MultiIndex.from_frame(arm[list(names)].astype(str)) for arm in arms]
    outside = [~keys[0].isin(keys[1]), ~keys[1].isin(keys[0])]
    lone = dict.fromkeys(
        level for key, out in zip(keys, outside, strict=True) for (level, *_) in key[out]
    )
    told = {"levels": list(lone)} if len(names) == 1 else {}
    return {
        "kind": "factor",
        "variables": list(names),
        "share": _share(arms, outside),
        **told,
    }


def _share(arms: Arms, outside: Sequence[np.ndarray]) -> float:
    """The share of the contacts of both arms."""
    trials = [arm["trials"].to_numpy(float) for arm in arms]
    beyond = sum(float(n @ out) for n, out in zip(trials, outside, strict=True))
    return beyond / float(sum(n.sum() for n in trials))
