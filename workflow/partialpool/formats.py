"""How numbers read: in sentences, tables and figures alike."""

from collections.abc import Callable
from typing import Any

Format = Callable[[Any], str]
MINUS, THIN = "\N{MINUS SIGN}", "\N{NARROW NO-BREAK SPACE}"


def integer(value: float) -> str:
    """Write a count, its thousands set apart: 3 156."""
    return f"{round(value):,}".replace(",", THIN).replace("-", MINUS)


def decimals(places: int = 2, sign: bool = False) -> Format:
    """Write numbers with so many decimals; with `sign`, a plus where they are positive."""

    def show(value: float) -> str:
        rounded = round(float(value), places) + 0.0  # never "-0.00"
        return f"{rounded:{'+' if sign and rounded else ''}.{places}f}".replace("-", MINUS)

    return show


def percent(places: int = 0) -> Format:
    """Write fractions as percentages."""
    return lambda value: decimals(places)(100 * value) + "%"


def points(places: int = 1) -> Format:
    """Write differences of fractions as signed percentage points."""
    return lambda value: decimals(places, sign=True)(100 * value)
