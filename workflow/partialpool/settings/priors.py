"""Priors as a user writes them: `student_t(3, 0, 2.5)`, or in words of rates `rate(0.05, 0.2)`.

The latter are beliefs; `beliefs` turns them into distributions on the scale of a link.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from partialpool.errors import InputError

Family = Literal[
    "flat",
    "normal",
    "student_t",
    "cauchy",
    "exponential",
    "gamma",
    "inv_gamma",
    "lognormal",
    "uniform",
    "constant",
    "lkj",
]
BeliefKind = Literal["rate", "rate_ratio", "odds_ratio", "lift"]
PriorClass = Literal["intercept", "slope", "sd", "correlation", "phi"]

FAMILY_CODES: dict[Family, int] = {
    "flat": 0,
    "normal": 1,
    "student_t": 2,
    "cauchy": 2,
    "exponential": 3,
    "gamma": 4,
    "inv_gamma": 5,
    "lognormal": 6,
    "uniform": 7,
    "constant": 8,
}
"""How `stan/functions/prior.stanfunctions` numbers the families; a Cauchy is a t with 1 df."""

PARAMETERS: dict[Family, tuple[str, ...]] = {
    "flat": (),
    "normal": ("location", "scale"),
    "student_t": ("df", "location", "scale"),
    "cauchy": ("location", "scale"),
    "exponential": ("rate",),
    "gamma": ("shape", "rate"),
    "inv_gamma": ("shape", "scale"),
    "lognormal": ("mu", "sigma"),
    "uniform": ("lower", "upper"),
    "constant": ("value",),
    "lkj": ("shape",),
}
"""As Stan and brms write them."""
STATEMENTS: dict[BeliefKind, tuple[str, ...]] = {
    "rate": ("lower", "upper"),
    "rate_ratio": ("ratio",),
    "odds_ratio": ("ratio",),
    "lift": ("difference",),
}
"""What a belief states; the probability it has may follow."""
ARGUMENTS: dict[str, tuple[str, ...]] = dict([*PARAMETERS.items(), *STATEMENTS.items()])
CLASSES: dict[PriorClass, tuple[Family | BeliefKind, ...]] = {
    "intercept": ("normal", "student_t", "cauchy", "flat", "rate"),
    "slope": ("normal", "student_t", "cauchy", "flat", "rate_ratio", "odds_ratio", "lift"),
    "sd": (
        *("normal", "student_t", "cauchy", "exponential", "gamma", "inv_gamma", "lognormal"),
        *("uniform", "constant", "rate_ratio", "odds_ratio", "lift"),
    ),
    "correlation": ("lkj",),
    "phi": (*("normal", "student_t", "cauchy", "exponential", "gamma", "inv_gamma", "lognormal"),),
}
HALVED = ("sd", "phi")
"""Classes of what is above 0: priors that reach below are cut there and doubled."""
POSITIVE = ("df", "scale", "rate", "shape", "sigma", "value")
WIDEST_LOG = 100
"""What the logarithm of a lognormal prior's median may be, either way."""
PROBABILITY = 0.95
"""Of a belief that does not name its own."""


@dataclass(frozen=True)
class Prior:
    """One prior distribution on the scale of the link (`lkj`: of a correlation matrix).

    A uniform one begins at `location` and is `scale` wide; that of a constant is at `location`; the
    logarithm of a lognormal one is about `location`, its median is `scale`, its sigma `shape`.
    """

    family: Family
    location: float = 0.0
    scale: float = 1.0
    df: float = 1.0
    shape: float = 1.0

    def __str__(self) -> str:
        values = {
            **dict.fromkeys(("location", "mu", "lower", "value"), self.location),
            "upper": self.location + self.scale,
            "scale": self.scale,
            "df": self.df,
            "rate": 1 / self.scale,
            **dict.fromkeys(("shape", "sigma"), self.shape),
        }
        return _written(self.family, [values[name] for name in PARAMETERS[self.family]])

    def per(self, unit: float) -> Prior:
        """The prior of a coefficient of a predictor that is counted in units of so many."""
        if self.family == "lognormal":
            location = self.location - math.log(unit)
        else:
            location = self.location / unit
        return replace(self, location=location, scale=self.scale / unit)


@dataclass(frozen=True)
class Belief:
    """What holds with some probability, in words of rates; `STATEMENTS` names the values."""

    kind: BeliefKind
    values: tuple[float, ...]
    probability: float = PROBABILITY

    def __str__(self) -> str:
        named = [] if self.probability == PROBABILITY else [self.probability]
        return _written(self.kind, [*self.values, *named])


def is_halved(prior: Prior, of: PriorClass) -> bool:
    """Whether a prior of a class is the half above 0 of the distribution that it names."""
    return of in HALVED and prior.family in ("normal", "student_t", "cauchy")


def class_of(name: str) -> PriorClass:
    """The class of the parameter of a name, `slope` for `promo[Bundle]`."""
    if name == "Intercept":
        return "intercept"
    kinds: dict[str, PriorClass] = {"sd_": "sd", "cor_": "correlation"}
    return next((of for start, of in kinds.items() if name.startswith(start)), "slope")


def parse_prior(text: str, of: PriorClass) -> Prior | Belief:
    """Read a prior of one class of parameters.

    Args:
        text: for example `normal(0, 1)`, with the arguments of `PARAMETERS`, or `rate(0.05, 0.2)`,
            with those of `STATEMENTS` and maybe a probability.
        of: its class; `sd` and `phi` have half distributions.

    Raises:
        InputError: the text is no prior, or not one for this class.
    """
    expected = ", ".join(signature(name) for name in CLASSES[of])
    match = re.fullmatch(r"\s*([a-z_]+)\s*(?:\(([^()]*)\))?\s*", text)
    name = match[1] if match else ""
    if match is None or name not in CLASSES[of]:
        raise InputError(f"found {text!r}, expected one of {expected}")
    values = [_number(argument) for argument in match[2].split(",")] if match[2] else []
    fewest = len(ARGUMENTS[name])
    if not fewest <= len(values) <= fewest + (name in STATEMENTS):
        raise InputError(f"found {text!r}, expected {signature(name)}")
    if not all(map(math.isfinite, values)):
        raise InputError(f"found {text!r}, expected numbers in {signature(name)}")
    if name in STATEMENTS:
        return _belief(text, cast("BeliefKind", name), values)
    return _prior(text, cast("Family", name), of, values)


def signature(name: str) -> str:
    """How a prior is written, `normal(location, scale)`."""
    return f"{name}({', '.join(ARGUMENTS[name])})" if ARGUMENTS[name] else name


def _prior(text: str, family: Family, of: PriorClass, arguments: list[float]) -> Prior:
    values = dict(zip(PARAMETERS[family], arguments, strict=True))
    bad = next((name for name in POSITIVE if values.get(name, 1.0) <= 0), None)
    if bad:
        raise InputError(f"found {text!r}, expected a {bad} above 0")
    if of in HALVED and values.get("location", 0.0) != 0:
        raise InputError(f"found {text!r}, expected location 0: the prior of {of} is a half one")
    if family == "lognormal" and abs(values["mu"]) > WIDEST_LOG:
        raise InputError(f"found {text!r}, expected a mu between -{WIDEST_LOG} and {WIDEST_LOG}")
    if family == "uniform" and not 0 <= values["lower"] < values["upper"]:
        raise InputError(f"found {text!r}, expected two bounds from 0 on, the lower one first")
    return Prior(family, **_as_fields(family, values))


def _as_fields(family: Family, values: Mapping[str, float]) -> dict[str, float]:
    """The arguments of a family as the fields of `Prior`."""
    match family:
        case "exponential":
            return {"scale": 1 / values["rate"]}
        case "gamma":
            return {"shape": values["shape"], "scale": 1 / values["rate"]}
        case "lognormal":
            mu = values["mu"]
            return {"location": mu, "scale": math.exp(mu), "shape": values["sigma"]}
        case "uniform":
            return {"location": values["lower"], "scale": values["upper"] - values["lower"]}
        case "constant":
            return {"location": values["value"], "scale": values["value"]}
    return dict(values)


def _belief(text: str, kind: BeliefKind, values: list[float]) -> Belief:
    size = len(STATEMENTS[kind])
    stated, probability = values[:size], (*values[size:], PROBABILITY)[0]
    if not 0.5 < probability < 1:
        raise InputError(f"found {text!r}, expected a probability between 0.5 and 1")
    if kind == "rate" and not 0 < stated[0] < stated[1] < 1:
        raise InputError(f"found {text!r}, expected two rates between 0 and 1, the lower one first")
    if kind in ("rate_ratio", "odds_ratio") and stated[0] <= 1:
        raise InputError(f"found {text!r}, expected a ratio above 1")
    if kind == "lift" and not 0 < stated[0] < 1:
        raise InputError(f"found {text!r}, expected a difference of rates between 0 and 1")
    return Belief(kind, tuple(stated), probability)


def _written(name: str, values: list[float]) -> str:
    return f"{name}({', '.join(f'{value:.15g}' for value in values)})" if values else name


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
