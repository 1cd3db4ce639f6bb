"""Priors as a user writes them, `student_t(3, 0, 2.5)`, and as the Stan program reads them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from partialpool.errors import InputError

Family = Literal["flat", "normal", "student_t", "cauchy", "exponential", "lkj"]
PriorClass = Literal["intercept", "slope", "sd", "correlation", "phi"]

FAMILY_CODES: dict[Family, int] = {
    "flat": 0,
    "normal": 1,
    "student_t": 2,
    "cauchy": 2,
    "exponential": 3,
}
"""How `stan/functions/prior.stanfunctions` numbers the families; a Cauchy is a t with 1 df."""

PARAMETERS: dict[Family, tuple[str, ...]] = {
    "flat": (),
    "normal": ("location", "scale"),
    "student_t": ("df", "location", "scale"),
    "cauchy": ("location", "scale"),
    "exponential": ("rate",),
    "lkj": ("shape",),
}
CLASSES: dict[PriorClass, tuple[Family, ...]] = {
    "intercept": ("normal", "student_t", "cauchy", "flat"),
    "slope": ("normal", "student_t", "cauchy", "flat"),
    "sd": ("normal", "student_t", "cauchy", "exponential"),
    "correlation": ("lkj",),
    "phi": ("normal", "student_t", "cauchy", "exponential"),
}
HALVED = ("sd", "phi")
"""Classes whose priors are cut at 0 and doubled."""
POSITIVE = ("df", "scale", "rate", "shape")


@dataclass(frozen=True)
class Prior:
    """One prior distribution on the log-odds scale (`lkj`: of a correlation matrix)."""

    family: Family
    location: float = 0.0
    scale: float = 1.0
    df: float = 1.0
    shape: float = 1.0

    def __str__(self) -> str:
        values = {
            "location": self.location,
            "scale": self.scale,
            "df": self.df,
            "rate": 1 / self.scale,
            "shape": self.shape,
        }
        return f"{self.family}({', '.join(f'{values[p]:.15g}' for p in PARAMETERS[self.family])})"


def class_of(name: str) -> PriorClass:
    """The class of the parameter of a name, `slope` for `promo[Bundle]`."""
    if name == "Intercept":
        return "intercept"
    kinds: dict[str, PriorClass] = {"sd_": "sd", "cor_": "correlation"}
    return next((of for start, of in kinds.items() if name.startswith(start)), "slope")


def parse_prior(text: str, of: PriorClass) -> Prior:
    """Read a prior of one class of parameters.

    Args:
        text: for example `normal(0, 1)`, with the arguments of `PARAMETERS`.
        of: its class; `sd` and `phi` have half distributions.

    Raises:
        InputError: the text is no prior, or not one for this class.
    """
    expected = ", ".join(signature(family) for family in CLASSES[of])
    match = re.fullmatch(r"\s*([a-z_]+)\s*(?:\(([^()]*)\))?\s*", text)
    family = next((f for f in CLASSES[of] if match and f == match[1]), None)
    if match is None or family is None:
        raise InputError(f"found {text!r}, expected one of {expected}")
    arguments = match[2].split(",") if match[2] else []
    if len(arguments) != len(PARAMETERS[family]):
        raise InputError(f"found {text!r}, expected {signature(family)}")
    return _build(text, family, of, arguments)


def signature(family: Family) -> str:
    """How a family is written, `normal(location, scale)`."""
    return f"{family}({', '.join(PARAMETERS[family])})" if PARAMETERS[family] else family


def _build(text: str, family: Family, of: PriorClass, arguments: list[str]) -> Prior:
    values = {name: _number(a) for name, a in zip(PARAMETERS[family], arguments, strict=True)}
    if not all(map(math.isfinite, values.values())):
        raise InputError(f"found {text!r}, expected numbers in {signature(family)}")
    bad = next((name for name in POSITIVE if values.get(name, 1.0) <= 0), None)
    if bad:
        raise InputError(f"found {text!r}, expected a {bad} above 0")
    if of in HALVED and values.get("location", 0.0) != 0:
        raise InputError(f"found {text!r}, expected location 0: the prior of {of} is a half one")
    if "rate" in values:
        values["scale"] = 1 / values.pop("rate")
    return Prior(family, **values)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
