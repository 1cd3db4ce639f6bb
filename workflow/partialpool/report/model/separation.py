"""Sentences about cells and levels where none or all succeeded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.checks.separation import CELL
from partialpool.frames import Row, list_rows
from partialpool.report.counts import rate_format
from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN
from partialpool.report.table import Table
from partialpool.report.text import plain, words

NAMED = 4
"""Cells or levels that a sentence names, those with the most contacts."""


def state_separation(
    separation: pd.DataFrame, settings: Mapping[str, Any], labels: Labels, model: str
) -> str:
    """Which cells and levels are at an end of the scale, and where the model puts them.

    Args:
        separation: `separation.tabulate_separation`.
        settings: of the model.
        labels: the words of the analysis.
        model: its name.
    """
    if separation.empty:
        return ""
    said = [
        _found(list_rows(rows), labels)
        for _, rows in separation.groupby(["kind", "side"], sort=False)
    ]
    row = list_rows(separation.nlargest(1, "trials"))[0]
    show = rate_format([row["upper"]])
    return (
        f"{' '.join(said)} Without a prior, an estimate of their own would run away to minus or "
        f"plus infinity on the {labels.scale(model)} scale. {_holding(settings)}: of "
        f"{_name(row)}, where {show(row['successes'] / row['trials'])} was observed, the "
        f"model puts the rate at {show(row['mean'])} ({labels.percent_interval} interval "
        f"{show(row['lower'])} to {show(row['upper'])})."
    )


def _found(rows: list[Row], labels: Labels) -> str:
    """How many of one kind are at one end, and which."""
    first, verb = rows[0], plain(labels.verb)
    kind = "cells" if first["kind"] == CELL else f"levels of {words(first['kind'])}"
    none = first["side"] == "none"
    largest = sorted(rows, key=lambda row: -row["trials"])[:NAMED]
    named = [
        f"{plain(row['name'])} ({integer(row['successes'])} of {integer(row['trials'])})"
        for row in largest
    ]
    more = first["found"] - len(named)
    named += [f"{integer(more)} more"] if more > 0 else []
    start = f"In {integer(first['found'])} of {integer(first['total'])} {kind}"
    who = f"{'no' if none else 'every'} {labels.one}"
    return f"{start}, {who} {verb}: {'; '.join(named)}."


def _holding(settings: Mapping[str, Any]) -> str:
    if "|" in settings["formula"]:
        return "The priors, and what the levels learn from each other, hold them back"
    if "flat" in (settings["priors"]["slope"], settings["priors"]["intercept"]):
        return "With a flat prior only what the cells share holds them back"
    return "The priors hold them back"


def _name(row: Row) -> str:
    return (
        plain(row["name"]) if row["kind"] == CELL else f"{words(row['kind'])} {plain(row['name'])}"
    )


def tabulate_separation(separation: pd.DataFrame, labels: Labels, model: str) -> Table | None:
    """What was observed, and the model's rate; those with the most contacts. None without any.

    Args:
        separation: `separation.tabulate_separation`.
        labels: the words of the analysis.
        model: its name.
    """
    if separation.empty:
        return None
    rows = separation.loc[sorted(separation["trials"].nlargest(SHOWN).index)]
    frame = pd.DataFrame(
        {
            ("", "successes"): rows["successes"],
            ("", labels.contacts): rows["trials"],
            ("Rate", "mean"): rows["mean"],
            ("Rate", f"{labels.percent_interval} from"): rows["lower"],
            ("Rate", "to"): rows["upper"],
        }
    )
    kinds = rows["kind"].where(rows["kind"] != CELL, "cells")
    frame.index = pd.MultiIndex.from_arrays([kinds, rows["name"]], names=["of", ""])
    show = rate_format(rows["upper"])
    return Table(
        frame,
        f"Where none or all succeeded: what was observed, and the rate by the {model} model.",
        note=f"Not shown: others with fewer {labels.contacts}."
        if len(separation) > len(rows)
        else "",
        formats={key: show if key[0] == "Rate" else integer for key in frame.columns},
    )
