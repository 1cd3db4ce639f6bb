"""Which means of effects something else in the model takes up.

Where two terms have the same coefficient, the data know the sum of their effects: the means of
those of the finer term, by level of the coarser one that they are nested in or over all levels,
trade off against the other's effects and the population's coefficient. Sampled with that mean
swept into the other, neither knows of the other (Vines, Gilks and Wild 1996, Fitting Bayesian
multiple random effects models, Statistics and Computing 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Place = tuple[int, int]
"""A term, and one of the coefficients of all terms, each counted from 0."""


def coarsest_first(levels: Sequence[int]) -> list[int]:
    """The terms, counted from 0, by their numbers of levels."""
    return sorted(range(len(levels)), key=lambda term: levels[term])


def sweep_nothing(data: Mapping[str, Any]) -> dict[str, list[int]]:
    """What `plan_sweeps` returns, for terms that are to be sampled each on its own."""
    return {
        "order": [term + 1 for term in reversed(coarsest_first(data["levels"]))],
        "swept_into": [0] * sum(data["coefs"]),
        "group": [1] * sum(data["levels"]),
    }


def plan_sweeps(data: Mapping[str, Any]) -> dict[str, list[int]]:
    """Where the means of effects are swept into, as a part of the Stan program's data.

    Args:
        data: of `stan/multilevel.stan`: `N`, `levels`, `coefs`, `level` and `Z`.

    Returns:
        The `order` of terms, finest first; `swept_into`, for every coefficient of a term the
        one of a coarser term that has the same predictor, or 0; and `group`, for each level of
        every term the level of that coarser term which has it, or 1 where they are crossed.
    """
    plan = sweep_nothing(data)
    predictors = np.reshape(data["Z"], (data["N"], -1))
    ends = np.cumsum([0, *data["coefs"]])
    groups = np.split(np.array(plan["group"]), np.cumsum(data["levels"])[:-1])
    coarser: list[Place] = []
    for term in coarsest_first(data["levels"]):
        own = range(ends[term], ends[term + 1])
        shared = {
            mine: [(of, i) for of, i in coarser if (predictors[:, i] == predictors[:, mine]).all()]
            for mine in own
        }
        terms = {of for places in shared.values() for of, _ in places}
        nests = {of: nest for of in terms if (nest := _nest(data, term, of)) is not None}
        parent = max(nests, key=lambda of: data["levels"][of], default=None)
        if parent is not None:
            groups[term] = nests[parent]
        for mine, places in shared.items():
            into = [i for of, i in places if parent in (None, of)]
            plan["swept_into"][mine] = into[0] + 1 if into else 0
        coarser += [(term, mine) for mine in own]
    return plan | {"group": [int(level) for group in groups for level in group]}


def _nest(data: Mapping[str, Any], fine: int, coarse: int) -> np.ndarray | None:
    """Of each level of one term the other's that has it, from 1; none where they are crossed."""
    pairs = np.unique(np.column_stack([data["level"][fine], data["level"][coarse]]), axis=0)
    whole = len(pairs) == data["levels"][fine] == len(np.unique(pairs[:, 0]))
    return pairs[:, 1] if whole and len(np.unique(pairs[:, 1])) == data["levels"][coarse] else None
