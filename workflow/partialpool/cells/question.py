"""What an analysis asks: which factor is compared or which number followed, and inside what."""

from __future__ import annotations

from dataclasses import dataclass

ALL = ""
"""Stands for every contact together, where a level stands otherwise; no level is empty."""


@dataclass(frozen=True)
class Question:
    """Which factor's levels are compared inside which other factor's levels."""

    treatment: str
    within: str | None = None
    """None: all contacts together."""
    between: str | None = None
    """The factor between whose levels the lift may change; None: that is not asked."""
    ranked: bool = False
    """Whether the levels are ranked and held to their mean: there is no treatment."""
    along: bool = False
    """Whether the treatment is a number, along which the rate is told; `ranked`, as no value of it
    is what others are held to."""
    apart: str | None = None
    """The factor each of whose levels has a curve of its own along the number."""
    good: bool = True
    """Whether a success is welcome, so that the highest rate is the best."""

    @property
    def sign(self) -> int:
        """What a rate is multiplied by so that more is better."""
        return 1 if self.good else -1
