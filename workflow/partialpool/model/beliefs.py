"""What a user believes of rates as priors on the scale of a link.

A belief names a change that is unlikely: beginning at the base rate, one of that size or more,
up or down, has probability 0.05 (or what is left of the probability that it names). The prior is
the one of its family for which that is so:

- of a coefficient, normal(0, s);
- of a standard deviation, half-normal with scale s, the change being that from the average to a
  level drawn at random. The level's effect is then s times a product of two independent standard
  normals, whose density is K0(|x|) / pi.

The base rate is that at the median of the intercept's prior; without an intercept, or where its
prior is flat, 1/2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, iti0k0, logit, ndtr, ndtri

from partialpool.errors import InputError
from partialpool.model.links import to_rate, to_scale
from partialpool.settings import Link, Priors
from partialpool.settings.priors import Belief, Prior, PriorClass, parse_prior

EVEN = 0.5
"""The base rate where no prior says one."""
WIDEST, NARROWEST = 1e4, 1e-6
"""Scales between which that of a belief is sought, relative to the change that it names."""
Tail = Callable[[float], float]
"""Probability that a standardised effect is above a value."""


@dataclass(frozen=True)
class ModelPriors:
    """The priors of a model: as stated, and as distributions on the scale of its link.

    A parameter named among `coefficients` has a prior of its own, any other that of its class. The
    class' own is stated of predictors in standard deviations, where those are of numbers.
    """

    priors: Priors
    link: Link = "logit"
    has_intercept: bool = True
    spreads: Mapping[str, float] = field(default_factory=dict)
    """Standard deviations of the numbers in predictors (`spreads.measure_spreads`), by the names of
    the slopes and of the standard deviations of effects that they belong to."""

    def stated(self, of: PriorClass, name: str = "") -> str:
        """The text of the prior of a class of parameters, or of the one of a name."""
        return self.priors.coefficients.get(name, str(getattr(self.priors, of)))

    def prior(self, of: PriorClass, name: str = "") -> Prior:
        """The distribution of a class of parameters, or of the one of a name on its own scale.

        Raises:
            InputError: a belief that the base rate leaves no room for.
        """
        prior = self._prior(of, name)
        own = name in self.priors.coefficients
        if own or name not in self.spreads or prior.family == "flat":
            return prior
        return prior.per(self.spreads[name])

    def _prior(self, of: PriorClass, name: str) -> Prior:
        read = parse_prior(self.stated(of, name), of)
        if isinstance(read, Prior):
            return read
        try:
            return as_prior(read, of, self.link, self.base_rate)
        except InputError as error:
            key = f"coefficients.{name}" if name in self.priors.coefficients else of
            raise InputError(f"priors.{key}: {error}") from None

    @property
    def base_rate(self) -> float:
        """The rate that beliefs about changes begin at."""
        if not self.has_intercept:
            return EVEN
        prior = parse_prior(self.stated("intercept", "Intercept"), "intercept")
        if isinstance(prior, Belief):
            prior = as_prior(prior, "intercept", self.link, EVEN)
        if prior.family == "flat":
            return EVEN
        return float(to_rate(np.array(prior.location), self.link))

    def is_proper(self, has_slopes: bool) -> bool:
        """Whether the prior can be sampled: no coefficient that the model has is flat.

        Slopes count as flat when their class is, whatever single ones have of their own.
        """
        stated = [*self.priors.coefficients.values()]
        stated += [self.stated("intercept", "Intercept")] if self.has_intercept else []
        stated += [self.priors.slope] if has_slopes else []
        return "flat" not in map(str.strip, stated)


def as_prior(belief: Belief, of: PriorClass, link: Link, base_rate: float) -> Prior:
    """The distribution that a belief stands for.

    Raises:
        InputError: the change that it names leads from the base rate to no rate.
    """
    if belief.kind == "rate":
        low, high = map(float, to_scale(np.array(belief.values), link))
        z = float(ndtri((1 + belief.probability) / 2))
        return Prior("normal", (low + high) / 2, (high - low) / (2 * z))
    lower, upper = _reach(belief, base_rate)
    low, base, high = (float(to_scale(rate, link)) for rate in (lower, base_rate, upper))
    tail = _tail_of_level if of == "sd" else _tail_of_normal
    return Prior("normal", 0.0, _solve(tail, base - low, high - base, 1 - belief.probability))


def _reach(belief: Belief, base_rate: float) -> tuple[float, float]:
    """The rates to which the change that a belief names leads, down and up; 0 or 1 if beyond."""
    size = belief.values[0]
    if belief.kind == "odds_ratio":
        shift, at = np.log(size), logit(base_rate)
        return float(expit(at - shift)), float(expit(at + shift))
    if belief.kind == "rate_ratio":
        if size * base_rate >= 1:
            raise InputError(
                f"found {belief}, but {size:g} times the base rate of {base_rate:.3g} is no rate; "
                f"expected a smaller ratio, or odds_ratio({size:g})"
            )
        return base_rate / size, base_rate * size
    if size >= max(base_rate, 1 - base_rate):
        raise InputError(
            f"found {belief}, but from the base rate of {base_rate:.3g} no rate is as far as "
            f"{size:g} away; expected a smaller difference"
        )
    return max(base_rate - size, 0.0), min(base_rate + size, 1.0)


def _solve(tail: Tail, below: float, above: float, unlikely: float) -> float:
    """The scale at which an effect is below or above these distances with that probability."""
    nearest = min(below, above)

    def excess(log_scale: float) -> float:
        scale = nearest * np.exp(log_scale)
        return tail(above / scale) + tail(below / scale) - unlikely

    return float(nearest * np.exp(brentq(excess, np.log(NARROWEST), np.log(WIDEST), xtol=1e-13)))


def _tail_of_normal(value: float) -> float:
    return float(ndtr(-value))


def _tail_of_level(value: float) -> float:
    """Of a product of two independent standard normals."""
    return float(0.5 - iti0k0(value)[1] / np.pi)
