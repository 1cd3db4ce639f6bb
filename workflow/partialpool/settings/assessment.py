"""What one fitted model is put to, drawn together from the settings of its analysis."""

from __future__ import annotations

from pydantic import Field

from partialpool.settings.blocks import Block, Name, Probability
from partialpool.settings.modelling import Oracle, Verdict


class Assessment(Block):
    """What is asked of one fitted model."""

    interval: Probability
    """Probability inside the equal-tailed intervals."""
    verdict: Verdict
    """What the fit must reach."""
    max_treedepth: int
    """That it was sampled with."""
    oracle: Oracle
    """How the posterior is worked out anew."""
    own_program: bool
    """Whether the program is not the house's, so that its density is not known."""
    margins: tuple[tuple[Name, ...], ...]
    """Sets of factors over whose levels successes are summed."""
    treatment: Name
    """The factor whose levels are compared, or a number."""
    along: bool = False
    """Whether it is a number, along which the rate is told."""
    within: Name | None
    """The factor inside whose levels they are."""
    ranked: bool = False
    """Whether they are held to their mean, not to the first of them."""
    own: bool = False
    """Whether the rate of a level is that of its own contacts, not of all."""
    strata: tuple[Name, ...]
    """The factors whose combined levels the answer tells apart."""
    future_contacts: int = Field(ge=1)
    """Contacts per cell whose successes are predicted."""
