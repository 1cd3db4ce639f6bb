"""What is asked of each contact: columns read as text, numbers or counts; what may be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from partialpool.settings import Factor, Number, Outcome

FILTERED = "filtered out"
NOT_A_NUMBER = "not a number"
NOT_A_COUNT = "not a count"
TOO_FEW_TRIALS = "fewer trials than successes"
NOT_A_DATE = "not a date"
EXPECTED_DATE = "a date as 2026-10-31, alone or before a time"
MOST_COUNTED = 10**12
"""The largest count of a row: sums of such stay exact, in 64 bits."""


class Field(NamedTuple):
    """A column that is asked for: by which key of the configuration, and read as what."""

    key: str
    column: str
    kind: Literal["text", "number", "count", "date"] = "text"
    edges: tuple[float, ...] = ()
    bins: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether its values are read as numbers."""
        return self.kind in ("number", "count")


class Problem(NamedTuple):
    """What may be wrong with a row, and where it shows."""

    kind: str
    key: str
    column: str


def fields_of(
    factors: Mapping[str, Factor], numbers: Mapping[str, Number], outcome: Outcome
) -> tuple[list[Field], list[Field]]:
    """The fields that contacts are grouped by, and the two that count them already, or none."""
    grouping = [
        Field(f"factors.{name}", f.column, "number", f.bins, f.bin_levels)
        if f.bins
        else Field(f"factors.{name}", f.column)
        for name, f in factors.items()
    ]
    grouping += [Field(f"numbers.{name}", n.column, "number") for name, n in numbers.items()]
    if outcome.column is not None:
        return [*grouping, Field("outcome", outcome.column)], []
    named = {key: getattr(outcome, key) for key in ("successes", "trials", "failures")}
    return grouping, [Field(f"outcome.{k}", c, "count") for k, c in named.items() if c]
