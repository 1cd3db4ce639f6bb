"""What is left out and predicted: one contact, one cell, or a whole level of a grouping factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from partialpool.cells.cells import label_cells
from partialpool.errors import InputError
from partialpool.model.design import combine_levels
from partialpool.model.formula import Formula, parse_formulas
from partialpool.settings import Analysis, Unit

Source = Literal["setting", "within", "terms"]
Treatment = Literal["varying", "fixed", "both", "absent"]
"""How a formula takes the grouping factor: as group-level effects, as population-level
coefficients, as both, or not at all."""
UNITS: tuple[Unit, ...] = get_args(Unit)
SETS: tuple[Unit, ...] = ("cell", "group")
"""Units that are sets of whole cells."""


def find_grouping(analysis: Analysis) -> tuple[tuple[str, ...], Source | None]:
    """The factors whose levels, combined, are left out whole, and where their names are from.

    The setting `ranking.group`, else `within`, else the first grouping factor of the models'
    group-level terms; none where there is no such factor.
    """
    if analysis.comparison.group is not None:
        return tuple(analysis.comparison.group.split(":")), "setting"
    if analysis.within is not None:
        return (analysis.within,), "within"
    formulas = parse_formulas(analysis).values()
    groupings = [group.grouping for formula in formulas for group in formula.groups]
    return (groupings[0], "terms") if groupings else ((), None)


def available_units(analysis: Analysis) -> list[Unit]:
    """The units by which the models of an analysis can be compared."""
    return [unit for unit in UNITS if unit != "group" or find_grouping(analysis)[0]]


def check_units(analysis: Analysis) -> None:
    """Check that the models can be compared at the unit that the decision rests on.

    Raises:
        InputError: naming the key.
    """
    unknown = [name for name in find_grouping(analysis)[0] if name not in analysis.factors]
    if unknown:
        raise InputError(
            f"comparison.group: found {unknown[0]!r}, expected one or several (a:b) of "
            f"{', '.join(analysis.factors)}"
        )
    if analysis.comparison.unit not in available_units(analysis):
        raise InputError(
            "comparison.unit: found 'group', but no model has group-level terms, expected "
            f"comparison.group to name one of {', '.join(analysis.factors)}"
        )


def describe_units(analysis: Analysis) -> dict[str, Any]:
    """The units of an analysis as plain data.

    Returns:
        The `decisive` unit and those `available`; the `grouping` factor's name (`region:store`
        where it combines several; None where there is none) and where it is `from`; and by model
        how it `takes` that factor, a `Treatment`.
    """
    grouping, source = find_grouping(analysis)
    return {
        "decisive": analysis.comparison.unit,
        "available": available_units(analysis),
        "grouping": ":".join(grouping) or None,
        "from": source,
        "takes": {n: take_group(f, grouping) for n, f in parse_formulas(analysis).items()},
    }


def take_group(formula: Formula, grouping: tuple[str, ...]) -> Treatment:
    """How a model takes the grouping factor; of one that combines several, any of them."""
    varying = any(set(group.grouping) & set(grouping) for group in formula.groups)
    fixed = bool(formula.population_variables & set(grouping))
    if varying:
        return "both" if fixed else "varying"
    return "fixed" if fixed else "absent"


def list_sets(cells: pd.DataFrame, grouping: tuple[str, ...]) -> dict[Unit, dict[str, np.ndarray]]:
    """The cells of every unit that is a set of them.

    Args:
        cells: with their factors as ordered categories.
        grouping: factors whose combined levels are left out whole, if any.

    Returns:
        For `cell` and `group` the positions of its cells by the name of what is left out: a
        cell's label, or a level, in the order of the levels.
    """
    labels = label_cells(cells)
    sets: dict[Unit, dict[str, np.ndarray]] = {
        "cell": {label: np.array([i]) for i, label in enumerate(labels)},
        "group": {},
    }
    if grouping:
        codes = cells[list(grouping)].apply(lambda column: column.cat.codes)
        order = np.lexsort(codes.to_numpy().T[::-1])
        levels = combine_levels(cells, grouping).iloc[order]
        starts = np.flatnonzero(np.r_[True, levels.to_numpy()[1:] != levels.to_numpy()[:-1]])
        parts = np.split(order, starts[1:])
        sets["group"] = dict(zip(levels.iloc[starts], map(np.sort, parts), strict=True))
    return sets


def count_sets(cells: pd.DataFrame, sets: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """What is in each set: `cells`, `trials` and `successes`, a row for each."""
    counts = {name: cells[name].to_numpy() for name in ("trials", "successes")}
    table = {
        name: [int(values[at].sum()) for at in sets.values()] for name, values in counts.items()
    }
    return pd.DataFrame({"cells": [len(at) for at in sets.values()], **table})
