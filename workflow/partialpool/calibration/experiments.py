"""The posteriors of many simulated experiments at once, without Stan.

Each is worked out by importance sampling about its mode, from a multivariate Student t with the
curvature there, at quasi-random points. Experiments take turns with several sets of points, so that
what one set is off by is chance, and no fault that all of them share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import logsumexp
from scipy.stats import qmc

from partialpool.checks.oracle.mixture import log_student_t, student_t
from partialpool.errors import InputError
from partialpool.model.likelihood import Likelihood
from partialpool.model.links import to_scale
from partialpool.settings.modelling import Link
from partialpool.settings.priors import Prior

MOST_DF = 5.0
"""Degrees of freedom of what coefficients are drawn from; fewer where a prior has fewer."""
WIDER = 1.1
"""How much wider than its curvature at the mode a posterior is drawn from."""
ITERATIONS = 60
CLOSE = 1e-8
"""A mode is found once a Newton step would raise the log density by less."""
LONGEST_STEP = 3.0
TOGETHER = 64
"""Experiments that share their points."""


@dataclass(frozen=True)
class Law:
    """The model of an experiment: what its cells' linear predictors are made of."""

    design: np.ndarray
    """Cells x coefficients."""
    priors: Sequence[Prior]
    """Of the coefficients, independent of each other: normal, Student t or Cauchy."""
    link: Link = "logit"
    offset: np.ndarray | float = 0.0
    """Of the cells' linear predictors."""

    def __post_init__(self) -> None:
        """Refuse priors under which there may be no posterior.

        Raises:
            InputError: a flat one.
        """
        if any(prior.family == "flat" for prior in self.priors):
            raise InputError("found a flat prior, expected a proper one before there are data")

    @cached_property
    def likelihood(self) -> Likelihood:
        """Of the counts: binomial."""
        return Likelihood(link=self.link)

    @cached_property
    def location(self) -> np.ndarray:
        """Of the priors."""
        return np.array([prior.location for prior in self.priors], float)

    @cached_property
    def scale(self) -> np.ndarray:
        """Of the priors."""
        return np.array([prior.scale for prior in self.priors], float)

    @cached_property
    def df(self) -> np.ndarray:
        """Degrees of freedom of the priors; infinite of normal ones."""
        return np.array([np.inf if p.family == "normal" else p.df for p in self.priors])

    @property
    def _tails(self) -> tuple[np.ndarray, np.ndarray]:
        """Which priors are heavier than normal, and by which degrees of freedom; else 1."""
        heavy = np.isfinite(self.df)
        return heavy, np.where(heavy, self.df, 1.0)

    @classmethod
    def of_normal(cls, mean: float, covariance: np.ndarray) -> Law:
        """The law under which the cells' linear predictors are normal, with these moments."""
        standard = [Prior("normal")] * len(covariance)
        return cls(np.linalg.cholesky(covariance), standard, offset=mean)

    def eta(self, coefficients: np.ndarray) -> np.ndarray:
        """The cells' linear predictors, of coefficients along the last axis."""
        return np.asarray(coefficients @ self.design.T + self.offset)

    def draw(self, count: int, random: np.random.Generator) -> np.ndarray:
        """Coefficients from the priors, draws x coefficients."""
        standard = random.standard_normal((count, len(self.priors)))
        heavy, df = self._tails
        thicker = np.where(heavy, np.sqrt(df / random.chisquare(df, standard.shape)), 1.0)
        return np.asarray(self.location + self.scale * thicker * standard)

    def log_prior(self, coefficients: np.ndarray) -> np.ndarray:
        """Log density of coefficients along the last axis, but for a constant."""
        squared = np.square((coefficients - self.location) / self.scale)
        total = np.zeros(squared.shape[:-1])
        for df, of in zip(self.df, np.moveaxis(squared, -1, 0), strict=True):
            total -= of / 2 if np.isinf(df) else (df + 1) / 2 * np.log1p(of / df)
        return total

    def log_joint(
        self, coefficients: np.ndarray, successes: np.ndarray, trials: np.ndarray
    ) -> np.ndarray:
        """Log density of coefficients and counts, but for a constant."""
        mass = self.likelihood.log_mass(self.eta(coefficients), successes, trials, None)
        return np.asarray(mass.sum(axis=-1) + self.log_prior(coefficients))

    def curvature(
        self, coefficients: np.ndarray, successes: np.ndarray, trials: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Gradient of `log_joint`, and a precision that bounds it, as a Student t's prior has.

        Args:
            coefficients: experiments x coefficients.
            successes: experiments x cells.
            trials: of the same.
        """
        score, information = self.likelihood.curvature(
            self.eta(coefficients), successes, trials, None
        )
        away = coefficients - self.location
        heavy, df = self._tails
        touching = np.where(heavy, (df + 1) / (df + np.square(away / self.scale)), 1.0)
        touching /= np.square(self.scale)
        data = np.einsum("ec,ci,cj->eij", information, self.design, self.design, optimize=True)
        precision = data + touching[:, :, None] * np.eye(len(self.priors))
        return score @ self.design - touching * away, precision


@dataclass(frozen=True)
class Posterior:
    """Weighted points of the posterior of each experiment."""

    weights: np.ndarray
    """Experiments x points; each experiment's sum to 1."""
    eta: np.ndarray
    """Experiments x points x cells."""

    @property
    def ess(self) -> np.ndarray:
        """Effective sample size of each experiment's points."""
        return np.asarray(1 / np.square(self.weights).sum(axis=1))

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Expected values, of experiments x points x anything."""
        return np.asarray(np.einsum("ep,ep...->e...", self.weights, values))

    def chances_best(self) -> np.ndarray:
        """The probability of each cell to have the highest rate: experiments x cells."""
        cells = self.eta.shape[2]
        leads = self.eta.argmax(axis=2)
        return np.stack([(self.weights * (leads == cell)).sum(axis=1) for cell in range(cells)], 1)

    def resample(self, count: int, random: np.random.Generator) -> np.ndarray:
        """As many points without weights (systematic resampling): experiments x count x cells."""
        start = (np.arange(count) + random.random((len(self.weights), 1))) / count
        ends = np.cumsum(self.weights, axis=1)
        chosen = [np.searchsorted(e[:-1], s) for e, s in zip(ends, start, strict=True)]
        return np.asarray(np.take_along_axis(self.eta, np.array(chosen)[:, :, None], axis=1))


def posteriors(
    law: Law, successes: np.ndarray, trials: np.ndarray, points: int, seed: int
) -> Iterator[Posterior]:
    """The posteriors of experiments, in order, so many at once as share their points.

    Args:
        law: of all of them.
        successes: experiments x cells.
        trials: of the same.
        points: of each posterior, a power of 2.
        seed: of the points.
    """
    df = min(MOST_DF, float(law.df.min()))
    size, random = len(law.priors), np.random.default_rng(seed)
    for start in range(0, len(successes), TOGETHER):
        own = slice(start, start + TOGETHER)
        standard = student_t(qmc.Sobol(size + 1, rng=random).random(points), df)
        drawn_from = log_student_t(np.square(standard).sum(axis=1), size, df)
        mode, root = find_modes(law, successes[own], trials[own])
        spread = WIDER * np.linalg.inv(root).transpose(0, 2, 1)
        coefficients = mode[:, None] + standard @ spread.transpose(0, 2, 1)
        log_joint = law.log_joint(coefficients, successes[own, None], trials[own, None])
        log_weights = log_joint - drawn_from
        weights = np.exp(log_weights - logsumexp(log_weights, axis=1, keepdims=True))
        yield Posterior(weights, law.eta(coefficients))


def find_modes(
    law: Law, successes: np.ndarray, trials: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The posterior mode of each experiment, by Newton's method with steps that are shortened.

    Args:
        law: of all of them.
        successes: experiments x cells.
        trials: of the same.

    Returns:
        Modes, experiments x coefficients, and Cholesky factors of the precisions there.
    """
    at, value = _start(law, successes, trials)
    damping, left = np.ones(len(at)), np.arange(len(at))
    for _ in range(ITERATIONS):
        gradient, precision = law.curvature(at[left], successes[left], trials[left])
        step = np.linalg.solve(precision, gradient[:, :, None])[:, :, 0]
        open_still = ~((gradient * step).sum(axis=1) / 2 < CLOSE)
        left, step = left[open_still], step[open_still]
        if not left.size:
            break
        longest = np.abs(step).max(axis=1, initial=LONGEST_STEP)
        moved = at[left] + step * (damping[left] * LONGEST_STEP / longest)[:, None]
        reached = law.log_joint(moved, successes[left], trials[left])
        better = reached >= value[left]
        at[left[better]], value[left[better]] = moved[better], reached[better]
        damping[left] = np.where(better, np.minimum(2 * damping[left], 1), damping[left] / 4)
    return at, np.linalg.cholesky(law.curvature(at, successes, trials)[1])


def _start(law: Law, successes: np.ndarray, trials: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The better of what the priors and what the counts alone say, and its log density.

    Where the two differ much, a heavy-tailed prior leaves a mode about each.
    """
    rates = to_scale((successes + 0.5) / (trials + 1.0), law.link) - law.offset
    of_counts = np.linalg.lstsq(law.design, rates.T)[0].T
    of_priors = np.tile(law.location, (len(successes), 1))
    values = [law.log_joint(at, successes, trials) for at in (of_counts, of_priors)]
    better = values[0] > values[1]
    return np.where(better[:, None], of_counts, of_priors), np.where(better, *values)
