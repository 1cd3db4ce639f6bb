"""The likelihood of a cell's successes, for every family and link.

A beta-binomial cell has a rate of its own, beta(rate phi, (1 - rate) phi) about the model's, as in
brms; the larger the precision phi, the nearer to a binomial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi

from partialpool.model.links import log_rates, log_slope, to_rate
from partialpool.settings.modelling import Family, Link

SHIFT = 1e-4
"""Of the linear predictor, by which a second derivative is taken."""
LEAST_INFORMATION = 0.1
"""Part of the expected information that a beta-binomial cell is held to have at least."""
LOG_LARGE, LOG_LARGEST = np.log(1e6), 600.0
"""Between these, a parameter of a beta distribution is large, and all beyond is as the last."""
LEAST = 1e-300
"""A parameter of a beta distribution below it is drawn with as if it were this."""


@dataclass(frozen=True)
class Likelihood:
    """From the linear predictor (... x cells) to successes among trials.

    `phi`, the precision of a beta-binomial, has the shape of the linear predictor without its
    last axis; a binomial has none.
    """

    family: Family = "binomial"
    link: Link = "logit"

    @property
    def overdispersed(self) -> bool:
        """Whether cells vary more than chance would have them, by a precision phi."""
        return self.family == "beta_binomial"

    def rate(self, eta: np.ndarray) -> np.ndarray:
        """The rate at each value of the linear predictor."""
        return to_rate(eta, self.link)

    def log_rates(self, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logarithms of the rate and of its complement, exact however far out."""
        return log_rates(eta, self.link)

    def simulate(
        self,
        eta: np.ndarray,
        trials: np.ndarray | int,
        phi: np.ndarray | None,
        generator: np.random.Generator,
    ) -> np.ndarray:
        """Successes of cells that were not seen, of the linear predictor's shape."""
        return np.asarray(generator.binomial(trials, self.draw_rates(eta, phi, generator)))

    def draw_rates(
        self, eta: np.ndarray, phi: np.ndarray | None, generator: np.random.Generator
    ) -> np.ndarray:
        """The rates of cells that were not seen, which a beta-binomial scatters."""
        if phi is None:
            return self.rate(eta)
        shapes = [np.maximum(np.exp(log_a), LEAST) for log_a in self._log_shapes(eta, phi)]
        return np.asarray(generator.beta(*shapes))

    def log_mass(
        self, eta: np.ndarray, successes: np.ndarray, trials: np.ndarray, phi: np.ndarray | None
    ) -> np.ndarray:
        """Log probability of each cell's successes in one given order.

        `log_probability` is that of their number. For a beta-binomial, with a = rate phi and
        b = (1 - rate) phi, it is a (a + 1) ... (a + successes - 1) times the same of b and the
        failures, over the same of phi and the trials.
        """
        failures = np.asarray(trials) - successes
        if phi is None:
            log_p, log_q = self.log_rates(eta)
            return np.asarray(successes * log_p + failures * log_q)
        log_a, log_b = self._log_shapes(eta, phi)
        total = _log_rising(np.log(phi)[..., None], np.asarray(trials))
        return np.asarray(
            _log_rising(log_a, np.asarray(successes)) + _log_rising(log_b, failures) - total
        )

    def log_probability(
        self, eta: np.ndarray, successes: np.ndarray, trials: np.ndarray, phi: np.ndarray | None
    ) -> np.ndarray:
        """Log probability of each cell's number of successes, in whatever order they come."""
        mass = self.log_mass(eta, successes, trials, phi)
        return np.asarray(log_orders(successes, trials) + mass)

    def contact_log_likelihoods(
        self, eta: np.ndarray, successes: np.ndarray, trials: np.ndarray, phi: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Log probability of one contact's outcome, a success and a failure.

        The contacts of a beta-binomial cell depend on each other, so theirs is given the rest
        of the cell (Bürkner, Gabry and Vehtari 2021): for a success it is
        (a + successes - 1) / (phi + trials - 1), and likewise for a failure.
        """
        if phi is None:
            return self.log_rates(eta)
        log_a, log_b = self._log_shapes(eta, phi)
        total = np.log(phi[..., None] + np.asarray(trials) - 1)
        failures = np.asarray(trials) - successes
        return (
            np.logaddexp(log_a, _log_others(successes)) - total,
            np.logaddexp(log_b, _log_others(failures)) - total,
        )

    def curvature(
        self, eta: np.ndarray, successes: np.ndarray, trials: np.ndarray, phi: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Derivative of `log_mass` by the linear predictor, and its information, above 0.

        A binomial's information is the expected one. A beta-binomial's is the observed one, or a
        part of what is expected where that is less: a binomial's over its design effect.
        """
        if phi is None and self.link == "logit":  # the same, in a fraction of the time
            rate = self.rate(eta)
            return np.asarray(successes - trials * rate), np.asarray(trials * rate * (1 - rate))
        log_p, log_q = self.log_rates(eta)
        slope = log_slope(eta, self.link)
        information = np.asarray(trials * np.exp(2 * slope - log_p - log_q))
        if phi is None:
            # each part by itself, as p q may be below the smallest number
            failures = np.asarray(trials) - successes
            score = successes * np.exp(slope - log_p) - failures * np.exp(slope - log_q)
            return np.asarray(score), information
        below, score, above = (
            self._overdispersed_score(eta + move, successes, trials, phi)
            for move in (-SHIFT, 0.0, SHIFT)
        )
        design_effect = 1 + np.maximum(trials - 1, 0) / (phi[..., None] + 1)
        observed = (below - above) / (2 * SHIFT)
        return score, np.maximum(observed, LEAST_INFORMATION * information / design_effect)

    def _overdispersed_score(
        self, eta: np.ndarray, successes: np.ndarray, trials: np.ndarray, phi: np.ndarray
    ) -> np.ndarray:
        a, b = (np.maximum(np.exp(log), LEAST) for log in self._log_shapes(eta, phi))
        grown = psi(a + successes) - psi(a) - psi(b + np.asarray(trials) - successes) + psi(b)
        return np.asarray(phi[..., None] * np.exp(log_slope(eta, self.link)) * grown)

    def _log_shapes(self, eta: np.ndarray, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        log_p, log_q = self.log_rates(eta)
        log_phi = np.log(phi)[..., None]
        return log_p + log_phi, log_q + log_phi


LOGISTIC = Likelihood()
"""The usual one: binomial, on log-odds."""


def log_orders(successes: np.ndarray, trials: np.ndarray) -> np.ndarray:
    """Logarithm of the binomial coefficient: in how many orders the successes can come."""
    y, n = np.asarray(successes), np.asarray(trials)
    return np.asarray(gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1))


def _log_rising(log_a: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Log of a (a + 1) ... (a + count - 1), exact where a itself is all but 0.

    Where it is large, two log gammas would cancel and leave their rounding: by Stirling's formula.
    """
    a, some = np.exp(np.minimum(log_a, LOG_LARGE)), np.maximum(count, 1)
    large = np.exp(np.clip(log_a, LOG_LARGE, LOG_LARGEST))
    near = log_a + gammaln(a + some) - gammaln(a + 1)
    far = count * log_a + (large + count - 0.5) * np.log1p(count / large) - count
    return np.where(count > 0, np.where(log_a < LOG_LARGE, near, far), 0.0)


def _log_others(count: np.ndarray) -> np.ndarray:
    """Log of how many other contacts of the cell have the outcome."""
    others = np.maximum(np.asarray(count) - 1, 0)
    return np.where(others > 0, np.log(np.maximum(others, 1)), -np.inf)
