"""What is said of arms or levels, as tables and facts that are written and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.frames import read_facts, read_frame

SUMMARY = ("mean", "sd", "median", "lower", "upper")
PAIR = ("within", "treatment", "reference")
STANDING = ("from_mean", "expected_rank", "rank_lower", "rank_upper", "highest", "lowest")
RANKED = ("within", "treatment", *SUMMARY, "best", "expected_rank", "loss")
SEGMENTS = ("within", "versus", "treatment", "reference", "quantity", *SUMMARY, "above_null")
CHANGES = (*PAIR, "between", "since", "quantity", *SUMMARY, "above_null", "crude")
COLUMNS: Mapping[str, Sequence[str]] = {
    "arms": RANKED,
    "pairs": (*PAIR, "quantity", *SUMMARY, "above_null", "above_worthwhile"),
    "mixes": (*RANKED, "mix"),
    "levels": ("treatment", *SUMMARY, *STANDING, "above_mean", "call"),
    "money": (*RANKED, "campaign", "campaign_loss"),
    "experiments": (
        "contacts",
        "value",
        "mcse",
        "value_even",
        "of_perfect",
        "brings",
        "cost",
        "net",
    ),
    "allocations": ("experiment", "within", "treatment", "contacts"),
    "segments": SEGMENTS,
    "changes": CHANGES,
    "curve": ("within", "mix", "at", *SUMMARY, "highest", "lowest"),
    "seen": ("within", "at", "least", "greatest", "successes", "trials", "rate"),
}
"""Of the tables that are written, whether a model answers or not."""


NOTHING: Mapping[str, Any] = {
    "advice": [],
    "policy": None,
    "terms": {},
    "segments": [],
    "pooled": False,
}
"""The facts where nothing is chosen."""


@dataclass(frozen=True)
class Weighed:
    """What was found of the arms."""

    tables: Mapping[str, pd.DataFrame]
    """Those of `COLUMNS`."""
    facts: Mapping[str, Any]
    """`advice`, of each place and of all, `policy`, `terms`, what was weighed by,
    `segments`, whether lifts differ, and whether they are `pooled`; of ranked levels, `levels`;
    of a number, `curve`."""

    @property
    def places(self) -> list[dict[str, Any]]:
        """The advice on each level of `within`."""
        return [row for row in self.facts["advice"] if row["within"] != ALL]

    @property
    def in_money(self) -> bool:
        """Whether arms are chosen by what they bring in money."""
        return self.facts["policy"] is not None

    def of(self, place: str) -> dict[str, Any]:
        """The advice on one place, or on `ALL`."""
        return next(row for row in self.facts["advice"] if row["within"] == place)

    def pair(self, place: str, arm: str, other: str, quantity: str) -> dict[str, float] | None:
        """A contrast of two arms in one place; None where only their inverse is there."""
        table = self.tables["pairs"]
        here = table[(table["within"] == place) & (table["quantity"] == quantity)]
        found = here[(here["treatment"] == arm) & (here["reference"] == other)]
        return None if found.empty else {k: found.iloc[0][k] for k in (*SUMMARY, "above_null")}

    def lift(self, place: str, arm: str, other: str) -> dict[str, float] | None:
        """The lift of an arm over another in one place, whichever of them comes first."""
        found = self.pair(place, arm, other, "lift")
        turned = None if found else self.pair(place, other, arm, "lift")
        if turned is None:
            return found
        return {
            "mean": -turned["mean"],
            "sd": turned["sd"],
            "median": -turned["median"],
            "lower": -turned["upper"],
            "upper": -turned["lower"],
            "above_null": 1 - turned["above_null"],
        }


def read_weighed(paths: Sequence[str | Path]) -> Weighed:
    """Read the tables and facts of `weigh_answer`, each by the stem of its file."""
    files = {Path(path).stem: path for path in paths if Path(path).suffix == ".csv"}
    (facts,) = (path for path in paths if Path(path).suffix == ".json")
    return Weighed({name: read_frame(path) for name, path in files.items()}, read_facts(facts))


def fill_tables(**given: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """All tables that are declared, empty but for those that are given."""
    empty = {name: pd.DataFrame(columns=list(columns)) for name, columns in COLUMNS.items()}
    return empty | given
