"""One line for each part of what is said of the data, for those who need not open it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.report.counts import margin, rate_format
from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.text import listed, words


def sum_up_rows(ledger: Mapping[str, Any]) -> str:
    """How many rows are used."""
    return f"{integer(ledger['rows_used'])} of {integer(ledger['rows_read'])} rows are used"


def sum_up_levels(labels: Labels) -> str:
    """How many levels each factor has."""
    return listed([f"{len(levels)} of {words(name)}" for name, levels in labels.factors.items()])


def sum_up_cells(cells: pd.DataFrame, labels: Labels) -> str:
    """How many cells there are, of how many contacts."""
    contacts = integer(cells["trials"].sum())
    return f"{integer(len(cells))} cells of {contacts} {labels.contacts}"


def sum_up_successes(margins: pd.DataFrame, labels: Labels) -> str:
    """How many contacts succeeded."""
    row = margin(margins, ALL).iloc[0]
    return f"{integer(row['successes'])} of {integer(row['trials'])} {labels.contacts}"


def sum_up_rates(margins: pd.DataFrame, labels: Labels) -> str:
    """The rate of all contacts."""
    rate = margin(margins, ALL)["rate"].iloc[0]
    return f"{rate_format([rate])(rate)} of all {labels.contacts}"
