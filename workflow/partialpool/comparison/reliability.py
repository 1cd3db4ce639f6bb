"""How far a score by importance sampling is to be trusted, and what is refitted instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.comparison.loo import trustworthy_k
from partialpool.sampling.stan_data import PRIOR_COLUMNS, StanData
from partialpool.settings.priors import FAMILY_CODES


def judge_scores(
    scores: pd.DataFrame,
    data: StanData,
    sets: Mapping[Any, Mapping[str, np.ndarray]],
    pareto_k: float,
    draws: int,
) -> pd.DataFrame:
    """Say how far each score by importance sampling is to be trusted.

    Args:
        scores: `loo.score_units`.
        data: of the Stan program.
        sets: the cells of each unit (`units.list_sets`).
        pareto_k: up to which importance sampling is trusted, if it is of `draws` enough.
        draws: that importance sampling is from.

    Returns:
        The scores with their `limit` (`loo.trustworthy_k`), and `how` (`importance`, `high_k`,
        `undefined`); those that are undefined are missing.
    """
    limit = trustworthy_k(pareto_k, draws)
    how = np.where(scores["pareto_k"] <= limit, "importance", "high_k").astype(object)
    alone = set(np.flatnonzero(data.trials == 1))
    without = _properness(data)
    for row, (unit, name) in enumerate(zip(scores["unit"], scores["left_out"], strict=True)):
        contact = unit == "contact"
        if contact and int(name) not in alone:
            continue
        if not without(np.array([int(name)]) if contact else sets[unit][name]):
            how[row] = "undefined"
    judged = scores.assign(limit=limit, how=how)
    judged.loc[judged["how"] == "undefined", ["elpd", "mcse", "p_loo", "pareto_k"]] = np.nan
    return judged


def choose_refits(scores: pd.DataFrame, most: int, part: int = 1, parts: int = 1) -> pd.DataFrame:
    """The contacts, cells and levels to refit without: those on which importance sampling fails.

    Args:
        scores: `judge_scores`.
        most: of contacts that are not alike, of cells, and of levels, at most; where there are
            more, none is refitted. A level that is one cell is refitted as that cell.
        part: which part of them, from 1.
        parts: how many parts they are dealt out to.
    """
    high_k = scores[scores["how"] == "high_k"]
    few = high_k.groupby("unit")["unit"].transform("size") <= most
    chosen = high_k[few]
    if (chosen["unit"] == "cell").any():
        chosen = chosen[(chosen["unit"] != "group") | (chosen["cells"] > 1)]
    return chosen.iloc[part - 1 :: parts]


def _properness(data: StanData) -> Callable[[np.ndarray], bool]:
    """Whether the posterior without some cells is proper, whatever flat priors there are.

    It is not where the cells that are left cannot tell the coefficients with flat priors from
    each other, or from 0.
    """
    family, cells = PRIOR_COLUMNS.index("family"), data.cells
    intercept, slope = (
        of[:, family] == FAMILY_CODES["flat"] for of in (data.priors.intercept, data.priors.slope)
    )
    slopes = (data.predictors - data.prior_at)[:, slope]
    columns = np.column_stack([np.ones((cells, int(intercept.sum()))), slopes])
    if not columns.shape[1]:
        return lambda _: True
    columns = columns / np.abs(columns).max(axis=0)
    gram = columns.T @ columns

    def proper(members: np.ndarray) -> bool:
        left = gram - columns[members].T @ columns[members]
        return bool(np.linalg.matrix_rank(left, tol=1e-9 * cells) == len(left))

    return proper
