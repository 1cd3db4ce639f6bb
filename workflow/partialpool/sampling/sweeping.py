"""Which means of effects something else in the model takes up.

Where two terms have the same coefficient, the data know the sum of their effects: the means of
those of the finer term, by level of the coarser one that they are nested in or over all levels,
trade off against the other's effects and the population's coefficient. Sampled with that mean
swept into the other, neither knows of the other (Vines, Gilks and Wild 1996, Fitting Bayesian
multiple random effects models, Statistics and Computing 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from partialpool.sampling.stan_data import TermData

Place = tuple[int, int]
"""A term, and one of the coefficients of all terms, each counted from 0."""


@dataclass(frozen=True)
class Sweeps:
    """Where the means of effects are swept into."""

    order: tuple[int, ...]
    """Terms, from 0, finest first."""
    absorbed_by: list[np.ndarray]
    """Of each term, for every coefficient the one of a coarser term that has the same predictor:
    its number over all terms, from 1, or 0."""
    group: list[np.ndarray]
    """Of each term, for every level the coarser term's level that has it, from 1; 1 where the
    two are crossed."""


def coarsest_first(levels: Sequence[int]) -> list[int]:
    """The terms, counted from 0, by their numbers of levels."""
    return sorted(range(len(levels)), key=lambda term: levels[term])


def sweep_nothing(terms: Sequence[TermData]) -> Sweeps:
    """What `plan_sweeps` returns, for terms that are to be sampled each on its own."""
    return Sweeps(
        order=tuple(reversed(coarsest_first([term.levels for term in terms]))),
        absorbed_by=[np.zeros(term.coefficients, int) for term in terms],
        group=[np.ones(term.levels, int) for term in terms],
    )


def plan_sweeps(terms: Sequence[TermData]) -> Sweeps:
    """Where the means of effects are best swept into, from the terms' predictors and levels."""
    plan = sweep_nothing(terms)
    predictors = [column for term in terms for column in term.predictors.T]
    ends = np.cumsum([0, *(term.coefficients for term in terms)])
    coarser: list[Place] = []
    for number in reversed(plan.order):
        own = range(ends[number], ends[number + 1])
        shared = {
            mine: [(of, i) for of, i in coarser if (predictors[i] == predictors[mine]).all()]
            for mine in own
        }
        others = {of for places in shared.values() for of, _ in places}
        nests = {of: nest for of in others if (nest := _nest(terms[number], terms[of])) is not None}
        parent = max(nests, key=lambda of: terms[of].levels, default=None)
        if parent is not None:
            plan.group[number] = nests[parent]
        for mine, places in shared.items():
            into = [i for of, i in places if parent in (None, of)]
            plan.absorbed_by[number][mine - ends[number]] = into[0] + 1 if into else 0
        coarser += [(number, mine) for mine in own]
    return plan


def _nest(fine: TermData, coarse: TermData) -> np.ndarray | None:
    """Of each level of one term the other's that has it, from 1; none where they are crossed."""
    pairs = np.unique(np.column_stack([fine.level, coarse.level]), axis=0)
    whole = len(pairs) == fine.levels == len(np.unique(pairs[:, 0]))
    covered = len(np.unique(pairs[:, 1])) == coarse.levels
    return pairs[:, 1] + 1 if whole and covered else None
