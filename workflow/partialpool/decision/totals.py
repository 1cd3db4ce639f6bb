"""Totals over new data: how many successes to expect, and how many may be seen.

Both come from the joint draws of all rows, since rows share parameters: the interval of a total is
not the sum of the intervals' ends. In each draw the expected total is the sum of rates times
contacts. What will be seen scatters about it: for every cell of the new data a beta-binomial
draws a rate, which the cell's contacts share, and contacts succeed or not by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from partialpool.cells.question import ALL
from partialpool.decision.new_data import read_numbers, unfit
from partialpool.decision.prediction import NewData, place_file, predict_rates
from partialpool.errors import InputError
from partialpool.posterior.draws import summarise_columns
from partialpool.posterior.fit import Fit
from partialpool.posterior.predictor import AT_ONCE

TOTALLED = ("grouping", "rows", "contacts", "count_lower", "count_upper")
"""The columns that totals have beside those that predictions have."""
MOST_GROUPS = 2_000
MOST_CONTACTS = 10**12


class Parts(NamedTuple):
    """New data as counts: the contacts of each cell in each group."""

    cells: pd.DataFrame
    """Rows of the design, each unlike the others."""
    cell: np.ndarray
    group: np.ndarray
    contacts: np.ndarray


def predict_file(
    fit: Fit,
    path: str | Path,
    described: Mapping[str, Any],
    by: tuple[str, str],
    asked: Mapping[str, Any],
    interval: float,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """New data in a file with their rates, and the successes that they come to.

    Args:
        fit: draws from the posterior.
        path: of the file.
        described: what the cells are made of (`described.describe_request`).
        by: `choose_predictor`.
        asked: `total_by` and `trials`, as for `total_rows`.
        interval: probability inside the intervals.
        seed: of the effects of new levels, and of what may be seen.

    Raises:
        InputError: as `prediction.place_file` and `total_rows`.
    """
    new = place_file(fit, path, described)
    labelled = new.rows.assign(model=by[0], verdict=by[1], new_levels=new.new_levels)
    rates = predict_rates(fit, labelled, new.placed, interval, seed)
    return rates, total_rows(fit, new, by, **asked, interval=interval, seed=seed)


def total_rows(
    fit: Fit,
    new: NewData,
    by: tuple[str, str],
    total_by: Sequence[str],
    trials: str | None,
    interval: float,
    seed: int,
) -> pd.DataFrame:
    """Expected successes and those that may be seen, by group and over all rows.

    Args:
        fit: draws from the posterior.
        new: of `prediction.place_file`.
        by: `prediction.choose_predictor`.
        total_by: columns of the new data whose combined values are groups.
        trials: the column of how many contacts each row stands for; none: one.
        interval: probability inside the intervals.
        seed: of the effects of new levels, and of what may be seen.

    Returns:
        A row per group in the order of the file, and one over all rows: the columns of `total_by`
        (empty in the last), `grouping` (their names, none in the last), `model`, `verdict`, `rows`,
        `contacts`; `mean`, `sd`, `median`, `lower` and `upper` of the expected total; and
        `count_lower` and `count_upper`, whole numbers, of the successes that will be seen.

    Raises:
        InputError: a column is missing or has a name of the totals', a count is none, or there are
            more than `MOST_GROUPS` groups.
    """
    groups, group = _find_groups(new.rows, total_by)
    contacts = _read_contacts(new.rows, trials)
    drawn = draw_totals(fit, _divide(new, group, contacts), len(groups), seed)
    counts = pd.DataFrame({"rows": 1, "contacts": contacts}).groupby(group).sum().to_numpy()
    if total_by:
        groups = pd.concat([groups, pd.DataFrame([[ALL] * len(total_by)], columns=groups.columns)])
        drawn = [np.column_stack([of, of.sum(axis=1)]) for of in drawn]
        counts = np.vstack([counts, counts.sum(axis=0)])
    expected, tail = summarise_columns(drawn[0], interval), (1 - interval) / 2
    seen = np.quantile(drawn[1], [tail, 1 - tail], axis=0, method="inverted_cdf")
    return groups.reset_index(drop=True).assign(
        grouping=[*[", ".join(total_by)] * (len(groups) - 1), ALL],
        model=by[0],
        verdict=by[1],
        rows=counts[:, 0],
        contacts=counts[:, 1],
        **expected,
        count_lower=seen[0],
        count_upper=seen[1],
    )


def draw_totals(fit: Fit, parts: Parts, groups: int, seed: int) -> list[np.ndarray]:
    """Draws of the expected successes of each group, and of those that may be seen.

    Args:
        fit: draws from the posterior.
        parts: contacts by cell and group.
        groups: how many there are.
        seed: of the effects of new levels, and of what may be seen.

    Returns:
        Draws x groups, twice.
    """
    generator = np.random.default_rng([seed, 1])
    expected: Any = 0
    seen: Any = 0
    for chunk, eta in fit.predict(parts.cells, seed):
        rates = fit.likelihood.rate(eta)
        drawn = fit.likelihood.draw_rates(eta, fit.phi, generator)
        inside = np.flatnonzero((parts.cell >= chunk.start) & (parts.cell < chunk.stop))
        size = max(1, AT_ONCE // len(eta))
        for some in (inside[i : i + size] for i in range(0, len(inside), size)):
            at, contacts = parts.cell[some] - chunk.start, parts.contacts[some]
            places = (np.arange(len(some)), parts.group[some])
            into = csr_array((np.ones(len(some)), places), shape=(len(some), groups))
            expected = expected + (rates[:, at] * contacts) @ into
            seen = seen + generator.binomial(contacts, drawn[:, at]) @ into
    return [np.asarray(expected), np.asarray(seen)]


def _find_groups(rows: pd.DataFrame, total_by: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The groups in the order of the file, and the one of each row."""
    for name in total_by:
        if name not in rows:
            found = ", ".join(map(str, rows))
            raise InputError(f"total_by: found no column {name!r}, expected one of {found}")
        if name in TOTALLED:
            raise InputError(f"total_by: found {name!r}, which is a column of totals; rename it")
    if not total_by:
        return pd.DataFrame(index=[0]), np.zeros(len(rows), dtype=np.int64)
    values = rows[list(total_by)].fillna("")
    group = values.groupby(list(total_by), sort=False).ngroup().to_numpy()
    groups = values.drop_duplicates(ignore_index=True)
    if len(groups) > MOST_GROUPS:
        raise InputError(
            f"total_by: found {len(groups):,} groups, expected at most {MOST_GROUPS:,}; total by "
            "fewer columns, or by some with fewer values"
        )
    return groups, group


def _read_contacts(rows: pd.DataFrame, trials: str | None) -> np.ndarray:
    """How many contacts each row stands for."""
    if trials is None:
        return np.ones(len(rows), dtype=np.int64)
    if trials not in rows:
        found = ", ".join(map(str, rows))
        raise InputError(f"trials: found no column {trials!r}, expected one of {found}")
    counts = read_numbers(rows[trials])
    strange = (counts < 0) | (counts > MOST_CONTACTS) | (counts % 1 != 0)
    if strange.any():
        raise unfit(rows[trials][strange], f"a whole number from 0 to {MOST_CONTACTS:,}")
    return counts.to_numpy().astype(np.int64)


def _divide(new: NewData, group: np.ndarray, contacts: np.ndarray) -> Parts:
    """Contacts by cell and group; rows of a cell are alike in all that the analysis reads."""
    columns = [new.placed[name].astype(object) for name in new.placed]
    columns += [new.rows[name] for name in new.others]
    alike = pd.concat(columns or [new.rows.index.to_series() * 0], axis=1, ignore_index=True)
    cell = alike.groupby(list(alike), dropna=False, sort=False).ngroup().to_numpy()
    first = np.unique(cell, return_index=True)[1]
    pairs = pd.DataFrame({"cell": cell, "group": group, "contacts": contacts})
    summed = pairs.groupby(["cell", "group"], sort=True)["contacts"].sum().reset_index()
    given = (summed[name].to_numpy() for name in ("cell", "group", "contacts"))
    return Parts(new.placed.iloc[first], *given)
