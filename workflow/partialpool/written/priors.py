"""Priors as statements of Stan: one for all coefficients that share it, as one would write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from partialpool.model.beliefs import ModelPriors
from partialpool.settings.priors import Prior, PriorClass
from partialpool.written.program import Line

FREE = "real<lower=0>"


@dataclass(frozen=True)
class Own:
    """The prior of one parameter: as a distribution, and as it was stated where that differs."""

    prior: Prior
    stated: str = ""

    @property
    def declaration(self) -> str:
        """The type of a positive parameter, with the bounds that are its prior."""
        if self.prior.family == "uniform":
            upper = self.prior.location + self.prior.scale
            return f"real<lower={self.prior.location:.15g}, upper={upper:.15g}>"
        return FREE


def look_up(priors: ModelPriors, of: PriorClass, names: Sequence[str]) -> list[Own]:
    """The priors of some parameters of a class.

    Args:
        priors: of the model, with the spreads of numbers.
        of: the class.
        names: of the parameters.
    """
    return [_look_up(priors, of, name) for name in names]


def state_priors_of(name: str, owns: Sequence[Own], is_vector: bool) -> list[Line]:
    """The prior of a variable: a statement for each run of elements that share it.

    A flat prior needs none, nor does a uniform one, which is the variable's bounds.

    Args:
        name: of the variable, or what it is put on.
        owns: of its elements.
        is_vector: whether it has elements.
    """
    lines, place = [], 1
    for own, run in groupby(owns):
        last = place + len(list(run)) - 1
        whole = not is_vector or last - place + 1 == len(owns)
        part = f"{place}" if place == last else f"{place} : {last}"
        if own.prior.family not in ("flat", "uniform", "constant"):
            at = name if whole else f"{name}[{part}]"
            lines.append(Line(f"{at} ~ {own.prior};", own.stated))
        place = last + 1
    return lines


def _look_up(priors: ModelPriors, of: PriorClass, name: str) -> Own:
    prior, stated = priors.prior(of, name), priors.stated(of, name)
    if stated == str(prior):
        return Own(prior)
    spread = priors.spreads.get(name)
    if name in priors.priors.coefficients or spread is None:
        return Own(prior, stated)
    return Own(prior, f"{stated} for one standard deviation, {spread:.6g}")
