"""How each group-level effect is sampled: standardised by the posterior that it is to have.

In a Gaussian model the posterior of a level's effects, given the population and their covariance,
has a known mean and variance. Effects that are standardised by these are independent of all else,
whether their data pin them down (sampled as themselves, or centred), leave them open
(standardised by their sd, or non-centred) or something between, and whatever the sd. A Laplace
approximation at the mode that a quick pilot finds makes the levels' likelihoods Gaussian; the
posterior remains exact, as the approximation only says what is sampled (Christensen, Roberts and
Sköld 2006, Robust Markov chain Monte Carlo methods for spatial generalized linear mixed models,
Journal of Computational and Graphical Statistics 15).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from partialpool.sampling.pilot import Pilot, Term, run_pilot
from partialpool.sampling.stan_data import Geometry, StanData
from partialpool.sampling.sweeping import Sweeps, plan_sweeps, sweep_nothing

ONE_SIDED = 0.3
"""What is believed of the information of levels all of whose contacts had one outcome."""


def choose_centring(data: StanData, wanted: str) -> StanData:
    """The data with how every effect is sampled.

    Args:
        data: of `stan/multilevel.stan`, whatever it says of that.
        wanted: `auto`, `centred` or `non-centred`.

    Returns:
        The data with every term's `Geometry`: the `information` that each level's cells have of
        its coefficients, the `score` that they give them, what each slope takes from that
        (`slope_pull`), the `prior_weight` of every effect, and
        for the report the `centring` that a pilot finds, from 0 to 1; and where means are swept
        into (`sweeping.plan_sweeps`).
    """
    if wanted != "auto":
        return fix_centring(data, [float(wanted == "centred")] * len(data.terms))
    pilot, plan = _trust(run_pilot(data), data), plan_sweeps(data.terms)
    geometries = [
        Geometry(
            information=_triangles(pilot.information[number]),
            score=score,
            slope_pull=pilot.slope_pull[number],
            prior_weight=np.ones_like(score),
            centring=_explained(pilot.terms[number]),
            absorbed_by=plan.absorbed_by[number],
            group=plan.group[number],
        )
        for number, score in enumerate(_pull(pilot, plan))
    ]
    return _with_geometries(data, plan, geometries)


def fix_centring(data: StanData, centring: Sequence[np.ndarray | float]) -> StanData:
    """The same, where every effect is sampled centred (1) or non-centred (0) throughout.

    Args:
        data: of `stan/multilevel.stan`.
        centring: of each term's effects, levels x coefficients, or one number for all.
    """
    plan = sweep_nothing(data.terms)
    shares = [
        np.broadcast_to(np.asarray(share, float), (term.levels, term.coefficients))
        for share, term in zip(centring, data.terms, strict=True)
    ]
    geometries = [
        Geometry(
            information=_triangles(share[:, :, None] * np.eye(share.shape[1])),
            score=np.zeros_like(share),
            slope_pull=np.zeros((*share.shape, data.predictors.shape[1])),
            prior_weight=1 - share,
            centring=share,
            absorbed_by=into,
            group=group,
        )
        for share, into, group in zip(shares, plan.absorbed_by, plan.group, strict=True)
    ]
    return _with_geometries(data, plan, geometries)


def non_centred(levels: int, coefficients: int, slopes: int) -> Geometry:
    """Effects that are sampled as multiples of their standard deviations."""
    nothing = np.zeros((levels, coefficients))
    information = np.zeros((levels, coefficients * (coefficients + 1) // 2))
    own = np.zeros(coefficients, int), np.ones(levels, int)
    pull = np.zeros((levels, coefficients, slopes))
    return Geometry(information, nothing, pull, np.ones_like(nothing), nothing, *own)


def _trust(pilot: Pilot, data: StanData) -> Pilot:
    """The pilot with less information on levels all of whose contacts had one outcome.

    Their likelihood is flat on one side, so that how far an effect may lie there is up to its
    standard deviation, more than the curvature at its mode says.
    """
    shares = []
    for term in data.terms:
        successes, trials = (
            np.bincount(term.level, of, term.levels) for of in (data.successes, data.trials)
        )
        one_sided = (successes == 0) | (successes == trials)
        shares.append(np.where(one_sided, ONE_SIDED, 1.0)[:, None])
    return replace(
        pilot,
        information=[of * s[:, :, None] for of, s in zip(pilot.information, shares, strict=True)],
        score=[of * share for of, share in zip(pilot.score, shares, strict=True)],
        slope_pull=[of * s[:, :, None] for of, s in zip(pilot.slope_pull, shares, strict=True)],
    )


def _with_geometries(data: StanData, plan: Sweeps, geometries: Iterable[Geometry]) -> StanData:
    terms = zip(data.terms, geometries, strict=True)
    placed = tuple(replace(term, geometry=geometry) for term, geometry in terms)
    return replace(data, terms=placed, order=plan.order)


def _triangles(matrices: np.ndarray) -> np.ndarray:
    """Lower triangles of symmetric matrices, row by row, one row for each level."""
    return np.asarray(matrices[:, *np.tril_indices(matrices.shape[1])])


def _explained(term: Term) -> np.ndarray:
    """The share of each effect's variance that its data take away, levels x coefficients."""
    variances = np.diagonal(term.posterior, axis1=1, axis2=2)
    return np.clip(1 - variances / np.diag(term.variance), 0, 1)


def _pull(pilot: Pilot, plan: Sweeps) -> list[np.ndarray]:
    """What pulls each term's coefficients, those that take up other means among them."""
    sizes = [len(term.variance) for term in pilot.terms]
    ends = np.cumsum([0, *sizes])
    taken_up = [np.zeros(term.effect.shape) for term in pilot.terms]
    term_of = np.repeat(np.arange(len(pilot.terms)), sizes)
    for number in plan.order:
        term, group = pilot.terms[number], plan.group[number] - 1
        weight = _precision(term, pilot.information[number])
        for mine, into in enumerate(plan.absorbed_by[number]):
            if into:
                sums = np.bincount(group, weight[:, mine] * term.effect[:, mine])
                mean = sums / np.bincount(group, weight[:, mine])
                other = term_of[into - 1]
                taken_up[other][:, into - 1 - ends[other]] += mean
    return [
        score + np.einsum("lij,lj->li", information, means)
        for score, information, means in zip(pilot.score, pilot.information, taken_up, strict=True)
    ]


def _precision(term: Term, information: np.ndarray) -> np.ndarray:
    """Of each standardised effect given those before it in its level, as in the Stan program."""
    factor = np.linalg.cholesky(term.variance)
    precision = np.eye(len(factor)) + factor.T @ information @ factor
    root = np.linalg.cholesky(np.flip(precision, axis=(1, 2)))
    return np.flip(np.diagonal(root, axis1=1, axis2=2), axis=1) ** 2
