"""The counts themselves, before any model: margins, crossings, and the mix of contacts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from partialpool.effects import ALL, Question
from partialpool.levels import levels_of


def tabulate_margins(cells: pd.DataFrame) -> pd.DataFrame:
    """Successes, failures, trials and rate of each level of each factor, and of all contacts.

    Returns:
        Columns `factor`, `level` (both `ALL` in the last row), `successes`, `failures`,
        `trials`, `rate`, `odds`, `log_odds`.
    """
    parts = [
        _counts(cells, [factor]).rename(columns={factor: "level"}).assign(factor=factor)
        for factor in levels_of(cells)
    ]
    total = cells[["successes", "trials"]].sum().to_frame().T.assign(factor=ALL, level=ALL)
    table = _derive(pd.concat([*parts, total], ignore_index=True).astype({"level": str}))
    return table[["factor", "level", "successes", "failures", "trials", "rate", "odds", "log_odds"]]


def cross(cells: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The treatment crossed with the factor it is compared within.

    Returns:
        A row for each observed pair (`within` is `ALL` where nothing is compared within): counts
        and rate; `share_of_successes`, of the level of
        `within`'s successes those under this treatment; `share_of_contacts`, of the
        treatment's contacts those in this level.
    """
    where = cells[question.within] if question.within else ALL
    placed = cells.assign(within=where, treatment=cells[question.treatment])
    table = _derive(_counts(placed, ["within", "treatment"]))
    by_level = table.groupby("within", observed=True)["successes"].transform("sum")
    by_treatment = table.groupby("treatment", observed=True)["trials"].transform("sum")
    return table.assign(
        share_of_successes=table["successes"] / by_level,
        share_of_contacts=table["trials"] / by_treatment,
    )


def _counts(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return cells.groupby(keys, observed=True)[["successes", "trials"]].sum().reset_index()


def _derive(table: pd.DataFrame) -> pd.DataFrame:
    failures = table["trials"] - table["successes"]
    with np.errstate(divide="ignore"):
        odds = table["successes"] / failures
        log_odds = np.log(odds)
    rate = table["successes"] / table["trials"]
    return table.assign(failures=failures, rate=rate, odds=odds, log_odds=log_odds)
