"""What the model that answers says of a number, and what other models and mixes say otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from partialpool.decision.along import count_seen, find_quarters, find_reach, find_shapes
from partialpool.decision.curve import Marks, describe_curve, tabulate_curve
from partialpool.decision.strata import Strata, average, read_strata, weights_by_mix
from partialpool.decision.weighed import COLUMNS, NOTHING, Weighed, fill_tables

Found = dict[str, Any]


def weigh_along(
    model: str,
    rates: Mapping[str, Path | str],
    formulas: Mapping[str, str],
    tied: Sequence[str],
    cells: pd.DataFrame,
    asked: tuple[str, str | None],
    needed: float,
    interval: float,
) -> Weighed:
    """How the rate runs along a number, by the model that answers.

    Args:
        model: its name.
        rates: the files of `strata.write_strata` by model.
        formulas: by model.
        tied: the models that predict as well.
        cells: as for `weigh_curves`.
        asked: as for `weigh_curves`.
        needed: as for `weigh_curves`.
        interval: as for `weigh_curves`.

    Returns:
        `weigh_curves`, with the facts of the formulas: the `shape` of the one that answers,
        the models that may bend (`bending`), and those that predict as well and `disagree`.
    """
    given = cells, asked, needed, interval
    weighed = weigh_curves(read_strata(Path(rates[model])), *given)
    shapes = find_shapes(formulas, cells, asked[0])
    others = {
        name: weigh_curves(read_strata(Path(rates[name])), *given).facts["curve"]["places"][-1]
        for name in tied
    }
    curve = weighed.facts["curve"]
    told = {
        "shape": shapes[model],
        "bending": [name for name, shape in shapes.items() if shape == "bends" and name != model],
        "disagree": _disagreements(others, curve["places"][-1], "model"),
    }
    return Weighed(weighed.tables, {**weighed.facts, "curve": curve | told})


def weigh_curves(
    strata: Strata,
    cells: pd.DataFrame,
    asked: tuple[str, str | None],
    needed: float,
    interval: float,
) -> Weighed:
    """The curve of every place, and of all contacts under every mix.

    Args:
        strata: of the values of the number (`along.stratify_along`).
        cells: the counts.
        asked: the number, and the factor whose levels are the places, if there is one.
        needed: how probable it must be that the rate rises, falls or turns.
        interval: probability inside the intervals.

    Returns:
        Tables `curve` and `seen`; and the fact `curve`: the `places`, all contacts the last
        (`curve.describe_curve`), which `mix` they are of, the other `mixes` that say otherwise,
        which places are `short` of what was seen elsewhere, the `values` that are asked about,
        how many were `seen`, and what was `needed`.
    """
    number, apart = asked
    at = np.array([float(arm) for arm in strata.arms])
    marks = np.searchsorted(at, find_quarters(cells, number))
    mixes = weights_by_mix(strata, apart)
    answer = "target" if "target" in mixes else "observed"
    places = average(strata, apart, mixes[answer])
    reach = find_reach(cells, number, apart)
    tables, told = [], []
    for place, rates in zip(places.names, np.moveaxis(places.rates, 1, 0), strict=True):
        table, found = _follow(rates, at, marks, reach[place], needed, interval)
        tables.append(table.assign(within=place, mix=answer))
        told.append({"within": place, **found})
    everybody, others = places.names[-1], dict[str, Found]()
    for name in mixes.keys() - {answer}:
        (rates,) = np.moveaxis(average(strata, None, mixes[name]).rates, 1, 0)
        table, others[name] = _follow(rates, at, marks, reach[everybody], needed, interval)
        tables.append(table.assign(within=everybody, mix=name))
    facts = {
        "places": told,
        "mix": answer,
        "mixes": _disagreements(others, told[-1], "mix"),
        "short": _find_short(reach, everybody),
        "values": at.tolist(),
        "seen": int(cells[number].nunique()),
        "needed": needed,
    }
    curve, seen = pd.concat(tables)[list(COLUMNS["curve"])], count_seen(cells, number, apart)
    return Weighed(fill_tables(curve=curve, seen=seen), {**NOTHING, "curve": facts})


def _find_short(reach: Mapping[str, tuple[float, float]], everybody: str) -> list[Found]:
    """The places whose contacts had less of the number than those of others."""
    return [
        {"within": place, "least": ends[0], "greatest": ends[1]}
        for place, ends in reach.items()
        if ends != reach[everybody]
    ]


def _follow(
    rates: np.ndarray,
    at: np.ndarray,
    marks: np.ndarray,
    reach: tuple[float, float],
    needed: float,
    interval: float,
) -> tuple[pd.DataFrame, Found]:
    """One curve as a table and as facts, as far as its own contacts reach."""
    inside = np.flatnonzero((at >= reach[0]) & (at <= reach[1]))
    own = Marks(*(int(i) for i in np.clip(marks, inside[0], inside[-1]) - inside[0]))
    here, values = rates[:, inside], [float(value) for value in at[inside]]
    found = describe_curve(here, values, own, interval, needed)
    return tabulate_curve(here, values, interval), found


def _disagreements(others: Mapping[str, Found], answer: Found, kind: str) -> list[Found]:
    """Those of some curves that turn or run another way than the one that answers."""
    return [
        {kind: name, "call": found["call"], "turn": found["turn"]}
        for name, found in others.items()
        if _verdict(found) != _verdict(answer)
    ]


def _verdict(found: Found) -> tuple[str, str | None]:
    return found["call"], found["turn"]["kind"] if found["turn"] else None
