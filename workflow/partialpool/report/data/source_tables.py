"""Tables of the source: its first rows, the ledger, the levels and the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.report.counts import margin, rate_format
from partialpool.report.data.source import name_reason
from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out
from partialpool.report.table import Table

MOST_CONTRASTS = 8
"""Factors with more levels have their contrasts told in words; of very many, these are shown."""
MOST_COLUMNS = 16
"""Contrasts that the table of levels spells out at most."""
LONGEST = 60
"""Letters of a field of the source that are shown."""


def tabulate_glimpse(glimpse: pd.DataFrame, request: Mapping[str, Any]) -> Table:
    """The first rows as they stand in the source, of the columns that the analysis reads."""
    wanted = _columns(request)
    read = [name for name in glimpse if name in wanted]
    shown = glimpse[read] if read else glimpse
    others = len(glimpse.columns) - len(shown.columns)
    columns = f"{others} columns" if others > 1 else "one column"
    numbered = shown.set_axis(pd.RangeIndex(1, len(glimpse) + 1, name="row"))
    return Table(
        numbered.map(_cut),
        "The first rows, as they stand in the source.",
        note=f"Not shown: {columns} that the analysis does not read." if others else "",
    )


def tabulate_ledger(ledger: Mapping[str, Any], labels: Labels) -> Table | None:
    """What became of every row; None where all are used."""
    if not ledger["dropped"]:
        return None
    dropped = [
        (f"Dropped: {name_reason(entry['reason'], labels)}", entry["rows"])
        for entry in ledger["dropped"]
    ]
    lines = [("Read", ledger["rows_read"]), *dropped]
    frame = pd.DataFrame([*lines, ("Used", ledger["rows_used"])], columns=["", "rows"])
    return Table(frame.set_index(""), "What became of every row.", totals=["Used"])


def tabulate_levels(margins: pd.DataFrame, labels: Labels) -> Table:
    """Levels in their order, with the contrasts that the models use (treatment coding)."""
    spelt = _spelt(labels)
    columns = [("", "reference"), ("", labels.contacts), ("", "rate")]
    contrasts = [(name, other) for name in spelt for other in labels.factors[name][1:]]
    lines, index = [], []
    for factor, levels in labels.factors.items():
        trials, rates = (margin(margins, factor)[count].to_dict() for count in ("trials", "rate"))
        for level in _listed(levels):
            codes = [int(level == other) if name == factor else None for name, other in contrasts]
            first = ["reference" if level == levels[0] else "", trials[level], rates[level]]
            lines.append([*first, *codes])
            index.append((factor, level))
    columns += [("contrasts", f"{name}[{other}]") for name, other in contrasts]
    frame = pd.DataFrame(lines, columns=pd.MultiIndex.from_tuples(columns))
    frame.index = pd.MultiIndex.from_tuples(index, names=["factor", "level"])
    return Table(
        frame.rename(columns={"reference": ""}, level=1),
        "Levels of each factor in their order, and the contrasts that the models use.",
        note=_note(labels, spelt),
        formats=dict.fromkeys(columns[3:], integer)
        | {("", "rate"): rate_format(frame["", "rate"])},
        colours=labels.palette.levels(labels.treatment) | labels.place_colours,
    )


def tabulate_numbers(numbers: pd.DataFrame, labels: Labels) -> Table | None:
    """The reach of each column of numbers (`figures.tabulate_numbers`); None without any."""
    if numbers.empty:
        return None
    named = {"least": "smallest", "mean": "mean", "greatest": "largest"}
    return Table(
        numbers.set_index("number").rename(columns=named),
        f"The numbers: smallest, mean over the {labels.contacts}, and largest.",
        formats=dict.fromkeys(named.values(), lambda value: f"{value:.6g}".replace("-", "−")),
    )


def _columns(request: Mapping[str, Any]) -> set[str]:
    """The columns of the source that an analysis reads."""
    outcome = request["outcome"]
    keys = ("column", "successes", "trials", "failures")
    variables = [*request["factors"].values(), *request["numbers"].values()]
    return {v["column"] for v in variables} | {outcome[key] for key in keys if outcome[key]}


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _spelt(labels: Labels) -> list[str]:
    """The factors whose contrasts are spelled out: those with few levels, as long as they fit."""
    spelt: list[str] = []
    room = MOST_COLUMNS
    for factor, levels in labels.factors.items():
        if len(levels) <= MOST_CONTRASTS and len(levels) - 1 <= room:
            spelt.append(factor)
            room -= len(levels) - 1
    return spelt


def _listed(levels: Sequence[str]) -> Sequence[str]:
    """The levels that have a row: all, or, of very many, the first."""
    return levels if len(levels) <= SHOWN else levels[:MOST_CONTRASTS]


def _note(labels: Labels, spelt: list[str]) -> str:
    without = [name for name in labels.factors if name not in spelt]
    said = (
        "A contrast is 1 for the level that it is named for and 0 elsewhere, so that its "
        "coefficient is a difference from the reference level."
    )
    for name in without:
        said += f" Those of {name}, one for each further level, are left out."
    for name, levels in labels.factors.items():
        said += left_out(len(levels), f"levels of {name}", "levels.json", len(_listed(levels)))
    return said
