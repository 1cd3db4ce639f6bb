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

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from partialpool.sampling.pilot import Pilot, Term, run_pilot
from partialpool.sampling.sweeping import plan_sweeps, sweep_nothing


def choose_centring(data: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    """How every effect is sampled, as a part of the Stan program's data.

    Args:
        data: of `stan/multilevel.stan`, without what this returns.
        wanted: `auto`, `centred` or `non-centred`.

    Returns:
        The `information` that each level's cells have of its coefficients, the `pull` that they
        give them and the `prior_weight` of every effect, with the number `I` of entries of the
        first; `sweeping.plan_sweeps`; and for the report, not read by the program, `centring`:
        from 0 to 1, the share of each effect's variance that its data take away, as a pilot has it.
    """
    if wanted != "auto":
        return fix_centring(data, [float(wanted == "centred")] * data["E"])
    pilot, plan = run_pilot(data), plan_sweeps(data)
    centring = [_told(term) for term in pilot.terms]
    pull = _pull(pilot, plan, data)
    return _as_data(centring, pilot.information, pull, map(np.ones_like, centring)) | plan


def fix_centring(data: Mapping[str, Any], centring: Sequence[float]) -> dict[str, Any]:
    """The same, where every effect is sampled centred (1) or non-centred (0), whatever is told.

    Args:
        data: of `stan/multilevel.stan`.
        centring: of every effect, in the order of the Stan program.
    """
    sizes = list(zip(data["levels"], data["coefs"], strict=True))
    ends = np.cumsum([levels * coefs for levels, coefs in sizes])
    flat = np.split(np.asarray(centring, float), ends[:-1]) if sizes else []
    shares = [
        np.reshape(part, (coefs, levels)).T
        for part, (levels, coefs) in zip(flat, sizes, strict=True)
    ]
    information = [share[:, :, None] * np.eye(share.shape[1]) for share in shares]
    weights = [1 - share for share in shares]
    return _as_data(shares, information, map(np.zeros_like, shares), weights) | sweep_nothing(data)


def _as_data(
    centring: Iterable[np.ndarray],
    information: Iterable[np.ndarray],
    pull: Iterable[np.ndarray],
    prior_weight: Iterable[np.ndarray],
) -> dict[str, Any]:
    """Arrays of each term, levels first, in the order of the Stan program."""
    triangles = [matrices[:, *np.tril_indices(matrices.shape[1])] for matrices in information]
    told = _in_order(triangles)
    return {
        "I": len(told),
        "information": told,
        "pull": _in_order(pull),
        "prior_weight": _in_order(prior_weight),
        "centring": _in_order(centring),
    }


def _in_order(terms: Iterable[np.ndarray]) -> list[float]:
    return [float(value) for term in terms for value in term.T.ravel()]


def _told(term: Term) -> np.ndarray:
    """The share of each effect's variance that its data take away, levels x coefficients."""
    variances = np.diagonal(term.posterior, axis1=1, axis2=2)
    return np.clip(1 - variances / np.diag(term.variance), 0, 1)


def _pull(
    pilot: Pilot, plan: Mapping[str, Sequence[int]], data: Mapping[str, Any]
) -> list[np.ndarray]:
    """What pulls each term's coefficients, those that take up other means among them."""
    ends = np.cumsum([0, *data["coefs"]])
    groups = np.split(np.array(plan["group"]) - 1, np.cumsum(data["levels"])[:-1])
    taken_up = [np.zeros(term.effect.shape) for term in pilot.terms]
    term_of = np.repeat(np.arange(len(pilot.terms)), data["coefs"])
    for number in (term - 1 for term in plan["order"]):
        term, group = pilot.terms[number], groups[number]
        weight = _precision(term, pilot.information[number])
        for mine, into in enumerate(plan["swept_into"][ends[number] : ends[number + 1]]):
            if into:
                sums = np.bincount(group, weight[:, mine] * term.effect[:, mine])
                mean = sums / np.bincount(group, weight[:, mine])
                other = term_of[into - 1]
                taken_up[other][:, into - 1 - ends[other]] += mean
    return [
        pull + np.einsum("lij,lj->li", information, means)
        for pull, information, means in zip(pilot.pull, pilot.information, taken_up, strict=True)
    ]


def _precision(term: Term, information: np.ndarray) -> np.ndarray:
    """Of each standardised effect given those before it in its level, as in the Stan program."""
    factor = np.linalg.cholesky(term.variance)
    precision = np.eye(len(factor)) + factor.T @ information @ factor
    root = np.linalg.cholesky(np.flip(precision, axis=(1, 2)))
    return np.flip(np.diagonal(root, axis1=1, axis2=2), axis=1) ** 2
