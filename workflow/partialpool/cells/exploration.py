"""The counts themselves, before any model: margins, crossings, and the mix of contacts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from partialpool.cells.levels import levels_of, numbers_of
from partialpool.cells.question import ALL, Question


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


def explore(cells: pd.DataFrame, question: Question) -> dict[str, pd.DataFrame]:
    """What the counts alone say: `margins`, `numbers` and `crossing`."""
    return {
        "margins": tabulate_margins(cells),
        "numbers": tabulate_numbers(cells),
        "crossing": cross(cells, question),
    }


def cross(cells: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The treatment crossed with the factor it is compared within.

    Returns:
        A row for each observed pair (`within` is `ALL` where nothing is compared within): counts
        and rate; `share_of_successes`, of the level of
        `within`'s successes those under this treatment; `share_of_contacts`, of the
        treatment's contacts those in this level.
    """
    where = cells[question.within] if question.within else ALL
    given = ALL if question.along else cells[question.treatment]  # a number has no levels
    placed = cells.assign(within=where, treatment=given)
    table = _derive(_counts(placed, ["within", "treatment"]))
    by_level = table.groupby("within", observed=True)["successes"].transform("sum")
    by_treatment = table.groupby("treatment", observed=True)["trials"].transform("sum")
    return table.assign(
        share_of_successes=table["successes"] / by_level,
        share_of_contacts=table["trials"] / by_treatment,
    )


def tabulate_numbers(cells: pd.DataFrame) -> pd.DataFrame:
    """Smallest, mean (over contacts) and largest value of each column of numbers."""
    rows = [
        {
            "number": name,
            "least": cells[name].min(),
            "mean": np.average(cells[name], weights=cells["trials"]),
            "greatest": cells[name].max(),
        }
        for name in numbers_of(cells)
    ]
    return pd.DataFrame(rows, columns=["number", "least", "mean", "greatest"])


def pool(margins: pd.DataFrame, treatment: str, reference: str) -> dict[str, float]:
    """The rates of two treatments in all contacts together, and their difference.

    Args:
        margins: of the treatment (`tabulate_margins`).
        treatment: one of its levels.
        reference: the level that it is held to.
    """
    rates = margins.set_index("level")["rate"]
    return {
        "rate_reference": float(rates[reference]),
        "rate_treated": float(rates[treatment]),
        "lift": float(rates[treatment] - rates[reference]),
    }


def compare_mix(crossing: pd.DataFrame, treatment: str, reference: str) -> list[dict[str, Any]]:
    """The share of each treatment's contacts in each level (`cross`), and the level's own rate."""
    levels = crossing[crossing["within"] != ALL]
    shares = levels.pivot(index="within", columns="treatment", values="share_of_contacts")
    shares = shares.fillna(0).reindex(columns=[treatment, reference], fill_value=0.0)
    counts = levels.groupby("within", observed=True)[["successes", "trials"]].sum()
    rates = counts["successes"] / counts["trials"]
    return [
        {
            "within": str(level),
            "share_reference": float(shares.loc[level, reference]),
            "share_treated": float(shares.loc[level, treatment]),
            "rate": float(rates[level]),
        }
        for level in shares.index
    ]


def _counts(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return cells.groupby(keys, observed=True)[["successes", "trials"]].sum().reset_index()


def _derive(table: pd.DataFrame) -> pd.DataFrame:
    failures = table["trials"] - table["successes"]
    with np.errstate(divide="ignore"):
        odds = table["successes"] / failures
        log_odds = np.log(odds)
    rate = table["successes"] / table["trials"]
    return table.assign(failures=failures, rate=rate, odds=odds, log_odds=log_odds)
