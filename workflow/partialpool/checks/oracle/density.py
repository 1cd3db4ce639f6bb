"""The posterior density of a model in NumPy: a second statement of it, beside the Stan program.

It shares with `stan/multilevel.stan` its data alone. Densities are up to constants.

Coefficients are standardised: of the population those at `X_at`, of effects what their
distribution's Cholesky factor is multiplied with. What they depend on (hyperparameters: standard
deviations that are not constant, partial correlations, phi) is unconstrained: logarithms, logits of
the place between two bounds, and inverse hyperbolic tangents.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, log_expit

from partialpool.sampling.stan_data import StanData, TermData
from partialpool.settings.priors import FAMILY_CODES

NORMAL, STUDENT_T, EXPONENTIAL = (FAMILY_CODES[f] for f in ("normal", "student_t", "exponential"))
GAMMA, INV_GAMMA, LOGNORMAL = (FAMILY_CODES[f] for f in ("gamma", "inv_gamma", "lognormal"))
UNIFORM, CONSTANT = FAMILY_CODES["uniform"], FAMILY_CODES["constant"]


_LOG_DENSITIES: dict[int, Callable[..., np.ndarray]] = {
    NORMAL: lambda x, at, scale, _: -np.square((x - at) / scale) / 2,
    STUDENT_T: lambda x, at, scale, df: -(df + 1) / 2 * np.log1p(np.square((x - at) / scale) / df),
    EXPONENTIAL: lambda x, _, scale, __: -x / scale,
    GAMMA: lambda x, _, scale, shape: (shape - 1) * np.log(x) - x / scale,
    INV_GAMMA: lambda x, _, scale, shape: -(shape + 1) * np.log(x) - scale / x,
    LOGNORMAL: lambda x, _, scale, sigma: -np.log(x) - np.square(np.log(x / scale) / sigma) / 2,
}
"""By family, of values and their location, scale and shape; of others it is constant."""


class Density:
    """A model's posterior: what its data make of parameters.

    Arrays of hyperparameters are points x h, those of coefficients points x d. What is cells x
    coefficients, or more, is made where it is asked for, which those do that have looked first at
    how large it is.
    """

    def __init__(self, data: StanData) -> None:
        self.data, self.likelihood = data, data.likelihood
        self.successes, self.trials, self.X_at = data.successes, data.trials, data.prior_at
        self.fixed = data.population
        self.sizes = [term.coefficients for term in data.terms]
        """Coefficients of each term."""
        families = self._prior("sd")[0]
        self.bounded = families == UNIFORM
        self.above = ~self.bounded & (families != CONSTANT)
        """Which standard deviations may be anything above 0; other than those and constants, they
        are `bounded`."""
        self.sds = int((self.above | self.bounded).sum())
        """Standard deviations that are no constants; the bounded ones come last."""
        self.partials = [term.correlations for term in data.terms]

    @cached_property
    def design(self) -> np.ndarray:
        """Cells x coefficients: what each adds to the linear predictor, effects as deviations."""
        ones = np.ones((self.data.cells, int(self.data.has_intercept)))
        slopes = self.data.predictors - self.X_at
        return np.column_stack([ones, slopes, *map(_effect_columns, self.data.terms)])

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients that some cell has both of."""
        has = csr_array(self.design != 0, dtype=float)
        met = (has.T @ has).tocsr()
        met.sort_indices()
        i, j = met.nonzero()
        return i[i <= j], j[i <= j]

    @cached_property
    def products(self) -> np.ndarray:
        """Cells x pairs: the products of their columns."""
        i, j = self.pairs
        return np.asarray(self.design[:, i] * self.design[:, j])

    @property
    def hyperparameters(self) -> int:
        """How many there are, h."""
        return self.sds + sum(self.partials) + int(self.likelihood.overdispersed)

    @property
    def coefficients(self) -> int:
        """How many there are, d."""
        return self.fixed + sum(term.effects for term in self.data.terms)

    def phi(self, hyper: np.ndarray) -> np.ndarray | None:
        """The precision of a beta-binomial at each point."""
        return np.exp(hyper[:, -1]) if self.likelihood.overdispersed else None

    def spread(self, hyper: np.ndarray) -> np.ndarray:
        """What standardised coefficients are multiplied with, points x d x d."""
        matrix = np.tile(np.eye(self.coefficients), (len(hyper), 1, 1))
        at = self.fixed
        for term, factor in zip(self.data.terms, self._factors(hyper), strict=True):
            size = term.effects
            block = np.einsum("bij,kl->bikjl", factor, np.eye(term.levels))
            matrix[:, at : at + size, at : at + size] = block.reshape(-1, size, size)
            at += size
        return matrix

    def log_hyperprior(self, hyper: np.ndarray) -> np.ndarray:
        """Log prior density of hyperparameters on their unconstrained scale."""
        open_sd, open_partial, log_phi = np.split(hyper, self._cuts(), axis=1)
        log_sd, logit = np.split(open_sd, [self.above.sum()], axis=1)
        total = self.log_prior_of("sd", self._spreads(hyper)) + log_sd.sum(axis=1)
        total += (log_expit(logit) + log_expit(-logit)).sum(axis=1)
        total += self.log_prior_of("phi", np.exp(log_phi)) + log_phi.sum(axis=1)
        # log(1 - tanh^2), without loss far out
        room = 2 * (np.log(2.0) - np.logaddexp(open_partial, -open_partial))
        for shape, size, of_term in zip(
            self.data.priors.lkj_shape, self.sizes, self._by_term(room), strict=True
        ):
            # LKJ's det^(shape - 1), the Jacobian of correlations in partial ones (Lewandowski,
            # Kurowicka and Joe 2009, theorem 1), and that of the hyperbolic tangent
            column = np.concatenate([np.arange(row) for row in range(size)])
            total += of_term @ (shape - 1 + (size - 2 - column) / 2 + 1)
        return np.asarray(total)

    def log_coefficient_prior(self, coefficients: np.ndarray) -> np.ndarray:
        """Log prior density of coefficients, effects standardised."""
        cuts = [int(self.data.has_intercept), self.fixed]
        intercept, slopes, effects = np.split(coefficients, cuts, axis=1)
        total = self.log_prior_of("intercept", intercept) + self.log_prior_of("slope", slopes)
        return np.asarray(total - np.square(effects).sum(axis=1) / 2)

    def log_prior_of(self, kind: str, values: np.ndarray) -> np.ndarray:
        """Log prior density of `intercept`, `slope`, `sd` or `phi` (points x how many)."""
        total = np.zeros(len(values))
        for column, (family, *prior) in zip(values.T, self._prior(kind).T, strict=True):
            if family in _LOG_DENSITIES:
                total += _LOG_DENSITIES[family](column, *prior)
        return total

    def log_lkj(self, correlations: np.ndarray) -> np.ndarray:
        """Log density of correlation matrices, from what is below their diagonals, by term."""
        total = np.zeros(len(correlations))
        of_terms = zip(
            self.data.priors.lkj_shape,
            self.sizes,
            self._by_term(correlations),
            strict=True,
        )
        for shape, size, below in of_terms:
            matrix = np.tile(np.eye(size), (len(below), 1, 1))
            rows, columns = np.tril_indices(size, -1)
            matrix[:, rows, columns] = matrix[:, columns, rows] = below
            total += (shape - 1) * np.linalg.slogdet(matrix)[1] if shape != 1 else 0.0
        return total

    def prior_score(self, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Gradient of `log_coefficient_prior`, and a precision (points x d) that bounds it.

        A Student t's is that of the normal which touches it from below.
        """
        parts = [self._prior("intercept"), self._prior("slope")]
        family, location, scale, df = np.concatenate(parts, axis=1)
        away = coefficients[:, : self.fixed] - location
        weight = (df + 1) / (df * scale**2 + np.square(away))
        normal = np.broadcast_to(1 / scale**2, away.shape)
        precision = np.select([family == NORMAL, family == STUDENT_T], [normal, weight], 0.0)
        effects = coefficients[:, self.fixed :]
        from_prior = np.column_stack([-precision * away, -effects])
        return from_prior, np.column_stack([precision, np.ones_like(effects)])

    def lightest_df(self) -> float:
        """Degrees of freedom of the heaviest tail among the priors of coefficients."""
        parts = [self._prior("intercept"), self._prior("slope")]
        family, _, _, df = np.concatenate(parts, axis=1)
        return float(np.min(df[family == STUDENT_T], initial=np.inf))

    def log_likelihood(self, deviations: np.ndarray, hyper: np.ndarray) -> np.ndarray:
        """Log probability of all cells' successes; `deviations` are coefficients times spread."""
        mass = self.likelihood.log_mass(
            deviations @ self.design.T, self.successes, self.trials, self.phi(hyper)
        )
        return np.asarray(mass.sum(axis=1))

    def parameters(self, deviations: np.ndarray, hyper: np.ndarray) -> dict[str, np.ndarray]:
        """What the report calls parameters, points x names by kind (`draws.VARIABLES`)."""
        log_phi = np.split(hyper, self._cuts(), axis=1)[2]
        fixed = deviations[:, : self.fixed].copy()
        if self.data.has_intercept:
            fixed[:, 0] -= fixed[:, 1:] @ self.X_at
        below = [
            (unit @ unit.transpose(0, 2, 1))[:, *np.tril_indices(unit.shape[1], -1)]
            for unit in self._units(hyper)
        ]
        return {
            "population": fixed,
            "sd": self._spreads(hyper),
            "correlation": np.column_stack([np.zeros((len(hyper), 0)), *below]),
            "effect": deviations[:, self.fixed :],
            "phi": np.exp(log_phi),
        }

    def _prior(self, kind: str) -> np.ndarray:
        """Family, location, scale and df of each prior of a kind."""
        return np.asarray(getattr(self.data.priors, kind).T)

    def _cuts(self) -> list[int]:
        return [self.sds, self.sds + sum(self.partials)]

    def _by_term(self, values: np.ndarray) -> list[np.ndarray]:
        return np.split(values, np.cumsum(self.partials)[:-1], axis=1) if self.partials else []

    def _units(self, hyper: np.ndarray) -> list[np.ndarray]:
        """Cholesky factors of the terms' correlation matrices, by partial correlations."""
        partial = np.tanh(np.split(hyper, self._cuts(), axis=1)[1])
        factors = []
        for size, of_term in zip(self.sizes, self._by_term(partial), strict=True):
            factor = np.tile(np.eye(size), (len(hyper), 1, 1))
            left = np.ones((len(hyper), size))
            for i, (row, column) in enumerate(np.argwhere(np.tri(size, k=-1))):
                factor[:, row, column] = of_term[:, i] * np.sqrt(left[:, row])
                left[:, row] *= 1 - np.square(of_term[:, i])
            factor[:, np.arange(size), np.arange(size)] = np.sqrt(left)
            factors.append(factor)
        return factors

    def _spreads(self, hyper: np.ndarray) -> np.ndarray:
        """Standard deviations, constants among them, points x how many."""
        _, lower, width, _ = self._prior("sd")
        sds = np.tile(lower, (len(hyper), 1))
        log_sd, logit = np.split(hyper[:, : self.sds], [self.above.sum()], axis=1)
        sds[:, self.above] = np.exp(log_sd)
        sds[:, self.bounded] += width[self.bounded] * expit(logit)
        return sds

    def _factors(self, hyper: np.ndarray) -> list[np.ndarray]:
        """Cholesky factors of the terms' covariances."""
        sds = np.split(self._spreads(hyper), np.cumsum(self.sizes)[:-1], axis=1)
        return [sd[:, :, None] * u for sd, u in zip(sds, self._units(hyper), strict=False)]


def _effect_columns(term: TermData) -> np.ndarray:
    """The columns of a term's effects, coefficient by coefficient, level by level."""
    own = np.eye(term.levels)[term.level]
    columns = term.predictors[:, :, None] * own[:, None, :]
    return np.asarray(columns.reshape(len(columns), -1))
