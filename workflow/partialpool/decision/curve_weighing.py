"""What the model that answers says of a number, and what other models and mixes say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.cells.question import ALL, Question
from partialpool.decision.along import count_seen, find_quarters, find_reach, find_shape
from partialpool.decision.curve import Marks, describe_curve, tabulate_curve
from partialpool.decision.strata import Strata, average, read_strata, weights_by_mix
from partialpool.decision.weighed import COLUMNS, NOTHING, Weighed, fill_tables
from partialpool.model.design import learn_design
from partialpool.settings import Decision

Found = dict[str, Any]


def weigh_along(
    choice: Mapping[str, Any],
    rates: Mapping[str, Path | str],
    formulas: Mapping[str, str],
    question: Question,
    settings: Decision,
    interval: float,
    counted: tuple[str, str],
) -> Weighed:
    """How the rate runs along the number, by the model that answers; nothing, where none does.

    Args:
        choice: `answer.choose_model`.
        rates: the files of `strata.write_strata` by model.
        formulas: by model.
        question: what is asked.
        settings: how sure one must be.
        interval: probability inside the intervals.
        counted: the files of the cells and of their levels.

    Returns:
        `weigh_curves`, with the facts of the formulas: the `shape` of the one that answers,
        the models that may bend (`bending`), and those that predict as well and `disagree`.
    """
    model = choice["model"]
    if model is None:
        return Weighed(fill_tables(), dict(NOTHING))
    cells = read_cells(Path(counted[0]), read_levels(counted[1]))
    asked = cells, question, settings.probability, interval
    weighed = weigh_curves(read_strata(Path(rates[model])), *asked)
    shapes = {
        name: find_shape(learn_design(text, cells), cells, question.treatment)
        for name, text in formulas.items()
    }
    others = {
        name: weigh_curves(read_strata(Path(rates[name])), *asked).facts["curve"]["places"][-1]
        for name in choice["tied"]
    }
    curve = weighed.facts["curve"]
    told = {
        "shape": shapes[model],
        "bending": [name for name, shape in shapes.items() if shape == "bends" and name != model],
        "disagree": _disagreements(others, curve["places"][-1], "model"),
    }
    return Weighed(weighed.tables, {**weighed.facts, "curve": curve | told})


def weigh_curves(
    strata: Strata, cells: pd.DataFrame, question: Question, needed: float, interval: float
) -> Weighed:
    """The curve of every place, and of all contacts under every mix.

    Args:
        strata: of the values of the number (`along.stratify_along`).
        cells: the counts.
        question: what is asked.
        needed: how probable it must be that the rate rises, falls or turns.
        interval: probability inside the intervals.

    Returns:
        Tables `curve` and `seen`; and the fact `curve`: the `places`, `ALL` the last
        (`curve.describe_curve`), which `mix` they are of, the other `mixes` that say otherwise,
        which places are `short` of what was seen elsewhere, how many `values` were seen and
        `asked` about, and what was `needed`.
    """
    at = np.array([float(arm) for arm in strata.arms])
    marks = np.searchsorted(at, find_quarters(cells, question.treatment))
    mixes = weights_by_mix(strata, question.apart)
    answer = "target" if "target" in mixes else "observed"
    places = average(strata, question.apart, mixes[answer])
    reach = find_reach(cells, question.treatment, question.apart)
    tables, told = [], []
    for place, rates in zip(places.names, np.moveaxis(places.rates, 1, 0), strict=True):
        table, found = _follow(rates, at, marks, reach[place], needed, interval)
        tables.append(table.assign(within=place, mix=answer))
        told.append({"within": place, **found})
    others: dict[str, Found] = {}
    for name in mixes.keys() - {answer}:
        (rates,) = np.moveaxis(average(strata, None, mixes[name]).rates, 1, 0)
        table, others[name] = _follow(rates, at, marks, reach[ALL], needed, interval)
        tables.append(table.assign(within=ALL, mix=name))
    facts = {
        "places": told,
        "mix": answer,
        "mixes": _disagreements(others, told[-1], "mix"),
        "short": [
            {"within": place, "least": least, "greatest": greatest}
            for place, (least, greatest) in reach.items()
            if (least, greatest) != reach[ALL]
        ],
        "values": int(cells[question.treatment].nunique()),
        "asked": len(at),
        "needed": needed,
    }
    seen = count_seen(cells, question.treatment, question.apart)
    found = {"curve": pd.concat(tables)[list(COLUMNS["curve"])], "seen": seen}
    return Weighed(fill_tables(**found), {**NOTHING, "curve": facts})


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
