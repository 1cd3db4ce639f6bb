"""The table of cells and levels where none or all succeeded."""

from __future__ import annotations

import pandas as pd

from partialpool.checks.separation import CELL
from partialpool.formats import integer
from partialpool.shown import SHOWN
from partialpool.tables import Table
from partialpool.wording.counts import rate_format
from partialpool.wording.phrases import Labels


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
            ("", "contacts"): rows["trials"],
            ("Rate", "mean"): rows["mean"],
            ("Rate", f"{labels.percent_interval} from"): rows["lower"],
            ("Rate", "to"): rows["upper"],
        }
    )
    of = rows["kind"].where(rows["kind"] != CELL, "cells")
    frame.index = pd.MultiIndex.from_arrays([of, rows["name"]], names=["of", ""])
    show = rate_format(rows["upper"])
    return Table(
        frame,
        f"Where none or all succeeded: what was observed, and the rate by the {model} model.",
        note="Not shown: others with fewer contacts." if len(separation) > len(rows) else "",
        formats={key: show if key[0] == "Rate" else integer for key in frame.columns},
    )
