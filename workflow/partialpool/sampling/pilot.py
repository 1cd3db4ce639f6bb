"""A quick fit of a model with group-level terms, before sampling: EM over Laplace approximations.

It tells the sampler where to look, and how far each level's own data tell of its effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from partialpool.model.links import log_rates, log_slope
from partialpool.sampling.stan_data import StanData, TermData

ITERATIONS = 100
LONGEST_STEP = 2.0
LEAST_RATE = 1e-6
MOST_ALIKE = 0.9
"""Correlation of two contacts of a cell, at most, that the pilot takes overdispersion to be."""


@dataclass
class Term:
    """State of the pilot for one term: effects (levels x coefficients) and their spread."""

    design: np.ndarray
    level: np.ndarray
    about: np.ndarray
    """Of each coefficient, the place of the population-level one that it varies about, or 0."""
    effect: np.ndarray
    variance: np.ndarray
    """Covariance within the term, coefficients x coefficients."""
    posterior: np.ndarray
    """Posterior covariance of each level's effects, levels x coefficients x coefficients."""

    def predictor(self) -> np.ndarray:
        """What the effects add to every cell's linear predictor."""
        return np.asarray(np.einsum("nm,nm->n", self.design, self.effect[self.level]))


@dataclass(frozen=True)
class Pilot:
    """A quick fit, and the levels' log likelihoods as it has them: score' c - c' information c / 2.

    The coefficients c of a level are the population's that its effects vary about, and the effects.
    """

    terms: list[Term]
    population: np.ndarray
    """The intercept, 0 where the model has none, and the slopes."""
    information: list[np.ndarray]
    """Of each term, levels x coefficients x coefficients."""
    score: list[np.ndarray]
    """Of each term, with every slope at 0 that its effects do not vary about: levels x
    coefficients."""
    slope_pull: list[np.ndarray]
    """Of each term, what each of those slopes takes from the score: levels x coefficients x
    slopes."""


def run_pilot(data: StanData) -> Pilot:
    """EM for the terms' covariances over Laplace approximations, one level at a time.

    Every level's effects are updated given all else, so that the cost is linear in cells.
    """
    predictors = np.column_stack([np.full(data.cells, int(data.has_intercept)), data.predictors])
    population = np.zeros(predictors.shape[1])
    terms = [_start(term) for term in data.terms]

    def linearised() -> tuple[np.ndarray, np.ndarray]:
        eta = predictors @ population + sum(term.predictor() for term in terms)
        return linearise(eta, data)

    for _ in range(ITERATIONS if terms else 0):
        score, weight = linearised()
        precision = predictors.T @ (weight[:, None] * predictors) + np.eye(len(population))
        gradient = predictors.T @ score - population
        population = population + _step(np.linalg.solve(precision, gradient))
        for term in terms:
            _update(term, *linearised())
    told = [_log_likelihood(term, population, data, *linearised()) for term in terms]
    parts = [[of[number] for of in told] for number in range(3)]
    return Pilot(terms, population, *parts)


def linearise(eta: np.ndarray, data: StanData) -> tuple[np.ndarray, np.ndarray]:
    """Each cell's score in the linear predictor, and its expected information.

    A beta-binomial's are the binomial's over the design effect 1 + (trials - 1) alike, where
    `alike`, the correlation of two contacts of a cell, is found by moments.
    """
    successes, trials = data.successes.astype(float), data.trials.astype(float)
    link = data.likelihood.link
    log_p, log_q = log_rates(eta, link)
    log_ratio = log_slope(eta, link) - log_p - log_q
    residual = successes - trials * np.exp(log_p)
    score, weight = residual * np.exp(log_ratio), trials * np.exp(2 * log_ratio + log_p + log_q)
    if not data.likelihood.overdispersed:
        return score, weight
    variance = trials * np.maximum(np.exp(log_p + log_q), LEAST_RATE)
    seen = trials > 0
    excess = np.sum(residual[seen] ** 2 / variance[seen] - 1) / max(np.sum(trials[seen] - 1), 1.0)
    design_effect = 1 + np.maximum(trials - 1, 0) * np.clip(excess, 0, MOST_ALIKE)
    return score / design_effect, weight / design_effect


def _start(term: TermData) -> Term:
    size = term.coefficients
    return Term(
        design=term.predictors,
        level=term.level,
        about=term.population_coefficient,
        effect=np.zeros((term.levels, size)),
        variance=np.eye(size),
        posterior=np.zeros((term.levels, size, size)),
    )


def _update(term: Term, score: np.ndarray, weight: np.ndarray) -> None:
    """One Newton step of every level's effects, then the term's covariance (EM)."""
    prior = np.linalg.inv(term.variance)
    gradient, information = _by_level(term, score, weight)
    term.posterior = np.linalg.inv(prior + information)
    newton = np.einsum("lij,lj->li", term.posterior, gradient - term.effect @ prior)
    term.effect = term.effect + _step(newton)
    spread = np.einsum("li,lj->lij", term.effect, term.effect) + term.posterior
    term.variance = spread.mean(axis=0) + 1e-9 * np.eye(len(prior))


def _log_likelihood(
    term: Term, population: np.ndarray, data: StanData, score: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each level's coefficients, to the second order: see `Pilot`."""
    gradient, information = _by_level(term, score, weight)
    coefficient = term.effect + np.concatenate([[0.0], population])[term.about]
    pull = _slope_pull(term, data.predictors, weight)
    at_0 = gradient + pull @ population[1:]
    return information, at_0 + np.einsum("lij,lj->li", information, coefficient), pull


def _slope_pull(term: Term, predictors: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Cross information of each level's coefficients and the slopes of other predictors."""
    pull = np.zeros((*term.effect.shape, predictors.shape[1]))
    for number, predictor in enumerate(predictors.T):
        if not (term.design == predictor[:, None]).all(axis=0).any():
            np.add.at(pull[:, :, number], term.level, term.design * (predictor * weight)[:, None])
    return pull


def _by_level(term: Term, score: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and information of each level's cells in its effects."""
    gradient, information = np.zeros_like(term.effect), np.zeros_like(term.posterior)
    np.add.at(gradient, term.level, term.design * score[:, None])
    outer = term.design[:, :, None] * term.design[:, None, :] * weight[:, None, None]
    np.add.at(information, term.level, outer)
    return gradient, information


def _step(newton: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(newton, -LONGEST_STEP, LONGEST_STEP))
