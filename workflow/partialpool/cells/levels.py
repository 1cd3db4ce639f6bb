"""Levels of factors: declared or found, in order, and kept with the cells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from partialpool.cells.outcomes import name_values
from partialpool.errors import InputError
from partialpool.frames import read_facts, write_facts
from partialpool.settings import Factor
from partialpool.settings.blocks import bare_hint
from partialpool.settings.data import MISSING_LEVEL
from partialpool.source.counted import ROWS
from partialpool.source.names import has_control

Levels = Mapping[str, Sequence[str]]
"""The levels of each factor, in order."""
COUNTS = ["successes", "trials"]
"""What cells count; their other columns are factors and numbers."""


def write_levels(cells: pd.DataFrame, path: Path) -> None:
    """Write the levels of each factor, in order, as JSON."""
    write_facts(levels_of(cells), path)


def read_levels(path: Path | str) -> dict[str, list[str]]:
    """Read the levels of each factor, in order."""
    found: dict[str, list[str]] = read_facts(path)
    return found


def with_levels(frame: pd.DataFrame, levels: Levels) -> pd.DataFrame:
    """The frame with its factor columns as ordered categories."""
    factors = {
        n: pd.Categorical(frame[n], list(levels[n]), ordered=True) for n in levels if n in frame
    }
    return frame.assign(**factors)


def levels_of(cells: pd.DataFrame) -> dict[str, list[str]]:
    """The levels of each factor of some cells, in order."""
    return {
        str(name): list(map(str, column.cat.categories))
        for name, column in cells.items()
        if isinstance(column.dtype, pd.CategoricalDtype)
    }


def numbers_of(cells: pd.DataFrame) -> list[str]:
    """The columns of numbers of some cells."""
    return [str(name) for name in cells if name not in (*levels_of(cells), *COUNTS)]


def are_found(factor: Factor) -> bool:
    """Whether a factor's levels are those that the data hold, in their own order."""
    return factor.levels is None and not factor.bins


def find_levels(used: pd.DataFrame, name: str, factor: Factor) -> list[str]:
    """The levels of a factor, in order: those declared, or those that occur.

    Raises:
        InputError: a value is no declared level, a declared level does not occur, there is
            only one, or one has a control character.
    """
    occurring = set(used[name])
    extra = [MISSING_LEVEL] if MISSING_LEVEL in occurring else []
    if are_found(factor):
        levels = [*_sorted(occurring - {MISSING_LEVEL}), *extra]
    elif factor.levels is None:
        levels = [level for level in factor.bin_levels if level in occurring] + extra
    else:
        levels = list(dict.fromkeys([*factor.levels, *extra]))
        _check_levels(used, name, factor, levels)
    _check_characters(used, name, factor, levels)
    if len(levels) < 2:
        raise InputError(
            f"factors.{name}: column {factor.column!r} has the single level {levels[0]!r}, "
            "expected two or more; leave the factor out"
        )
    return levels


def _check_levels(used: pd.DataFrame, name: str, factor: Factor, levels: list[str]) -> None:
    key = f"factors.{name}.levels"
    occurring = set(used[name])
    if occurring - set(levels):
        raise InputError(
            f"{key}: column {factor.column!r} holds {name_values(used, name, leave_out=levels)}, "
            f"expected only {', '.join(levels)}{bare_hint(levels, sorted(occurring))}"
        )
    absent = next((level for level in levels if level not in occurring), None)
    if absent is not None:
        raise InputError(
            f"{key}: {absent!r} does not occur in column {factor.column!r}, "
            f"found {name_values(used, name)}{bare_hint(levels, sorted(occurring))}"
        )


def _check_characters(used: pd.DataFrame, name: str, factor: Factor, levels: list[str]) -> None:
    """Check that a file and a page can hold the levels as they are."""
    strange = next((level for level in levels if has_control(level)), None)
    if strange is not None:
        rows = int(used.loc[used[name] == strange, ROWS].sum())
        raise InputError(
            f"factors.{name}: column {factor.column!r} holds {strange!r} ({rows:,} "
            f"{'row' if rows == 1 else 'rows'}), expected levels without control characters; "
            "give it another name by recode"
        )


def _sorted(values: set[str]) -> list[str]:
    """By size where all are numbers, else by letters."""
    try:
        numbers = {value: float(value) for value in values}
    except ValueError:
        return sorted(values)
    if not all(map(math.isfinite, numbers.values())):
        return sorted(values)
    return sorted(values, key=lambda value: (numbers[value], value))
