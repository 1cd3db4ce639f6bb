"""How numbers read: in sentences, tables and figures alike."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral
from typing import Any

Format = Callable[[Any], str]
SURE = 0.999
"""What is more probable is told as above it."""
MINUS, THIN = "\N{MINUS SIGN}", "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True)
class Scaled:
    """A format that shows a number in another unit: of a fraction 0.2, 20 points."""

    show: Format
    factor: float

    def __call__(self, value: float) -> str:
        """Write a number in the unit."""
        return self.show(self.factor * value)


def exact(value: Any, show: Format | None = None) -> str:
    """A number as a machine reads it: all its digits, in the unit that people are shown.

    Nothing for what is missing. Percentages stay fractions, as `0.453` for 45.3%.
    """
    if not isinstance(show, Scaled):
        return str(int(value)) if isinstance(value, Integral) else repr(float(value))
    return f"{show.factor * float(value):.15g}"  # without what scaling adds in the last digits


def integer(value: float) -> str:
    """Write a count, its thousands set apart: 3 156."""
    if not math.isfinite(value):
        return _beyond(value)
    return f"{round(value):,}".replace(",", THIN).replace("-", MINUS)


def decimals(places: int = 2, sign: bool = False) -> Format:
    """Write numbers with so many decimals; with `sign`, a plus where they are positive."""

    def show(value: float) -> str:
        if not math.isfinite(value):
            return _beyond(value)
        rounded = round(float(value), places) + 0.0  # never "-0.00"
        return f"{rounded:{'+' if sign and rounded else ''}.{places}f}".replace("-", MINUS)

    return show


def percent(places: int = 0) -> Format:
    """Write fractions as percentages."""
    show = decimals(places)
    return lambda value: show(100 * value) + ("%" if math.isfinite(value) else "")


def supported(show: Format, error: float) -> Format:
    """Write numbers rounded to the digits that a standard error supports, a smaller one as such.

    Args:
        show: how they are written.
        error: the standard error; of none, and of one that is not known, nothing is rounded.
    """
    if not error > 0:
        return show
    places = -math.floor(math.log10(error)) - (error > 10 ** math.floor(math.log10(error)))
    unit = 10.0**-places

    def write(value: float) -> str:
        rounded = round(float(value), places)
        return f"below {show(unit)}" if value > 0 and rounded == 0 else show(rounded)

    return write


def chance(value: float) -> str:
    """Write a probability as a percentage that is never told as certain: above 99.9%."""
    if value > SURE:
        return f"above {percent(1)(SURE)}"
    return f"below {percent(1)(1 - SURE)}" if value < 1 - SURE else percent(1)(value)


def points(places: int = 1) -> Format:
    """Write differences of fractions as signed percentage points."""
    return Scaled(decimals(places, sign=True), 100)


def spread_points(places: int = 1) -> Format:
    """Write sizes of fractions in percentage points, as of a standard deviation: without a sign."""
    return Scaled(decimals(places), 100)


def _beyond(value: float) -> str:
    """What counts of zero lead to: an infinite number, or none."""
    if math.isnan(value):
        return "undefined"
    return f"{MINUS if value < 0 else ''}∞"
