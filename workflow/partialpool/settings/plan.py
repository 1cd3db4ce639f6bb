"""Settings of `snakemake plan`: what is assumed of an experiment before there are data."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from partialpool.settings.blocks import Block, Probability, Text
from partialpool.settings.modelling import Link, PriorPoint, Priors

MOST_ARMS = 20
LETTERS = "ABCDEFGHIJKLMNOPQRST"
"""Names of arms that have none."""
MOST_CONTACTS = 10**9
"""Of an arm."""


def _check_arms(given: Any) -> Any:
    """Say of arms in one line what they may be, which a union of types cannot."""
    is_number = isinstance(given, int) and not isinstance(given, bool)
    count = given if is_number else len(given) if isinstance(given, list | tuple) else 0
    if not 2 <= count <= MOST_ARMS:
        raise ValueError(
            f"found {given!r}, expected a number of arms from 2 to {MOST_ARMS}, or so many names"
        )
    for name in given if not is_number else ():
        if name is None or name == "" or isinstance(name, list | dict):
            raise ValueError(f"found {name!r}, expected the name of an arm")
    return given


def _check_rates(given: Any) -> Any:
    """Say of rates in one line what they may be, likewise."""
    each = list(given.values()) if isinstance(given, dict) else [given]
    wrong = next((rate for rate in each if not _is_rate(rate)), None)
    if wrong is not None or not each:
        raise ValueError(
            f"found {wrong if each else given!r}, expected a rate between 0 and 1, a range [from, "
            "to] of rates, or either by arm"
        )
    return given


def _is_rate(given: Any) -> bool:
    ends = given if isinstance(given, list | tuple) else [given, given]
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
    return numbers and len(ends) == 2 and 0 < ends[0] <= ends[1] < 1


Rate = float | tuple[float, float]
"""A rate, or the ends of what it may be, each between them as likely as another."""


class Plan(Block):
    """An experiment that is planned; `snakemake plan` writes `reports/plan/<name>.html`."""

    title: str
    """The page's title."""
    arms: Annotated[int | tuple[Text, ...], BeforeValidator(_check_arms)] = 2
    """How many arms there are, or their names, that of the reference first; contacts are split
    equally between them."""
    rate: Annotated[Rate | dict[Text, Rate], BeforeValidator(_check_rates)]
    """The rate to expect without a lift, a range of it, or either by arm, the lift included."""
    lift: float = Field(gt=0, lt=1)
    """The smallest lift that matters, as a difference of rates: .01 is a point. The last arm has it
    over all others, unless rates go by arm; a call of an arm that is worse than the best by as much
    is a wrong one."""
    share: Probability = 0.8
    """A size is enough when at least this share of the experiments ends with the right call."""
    probability: float = Field(0.95, gt=0.5, lt=1)
    """An arm is called when the probability that it is best reaches this; unless it is said here,
    it is that of `defaults.decision`."""
    looks: int = Field(5, ge=1, le=50)
    """How often the experiment is looked at, the end included, each time after as many contacts."""
    contacts: tuple[Annotated[int, Field(ge=1, le=MOST_CONTACTS)], ...] = ()
    """Numbers of contacts for each arm to try; none: they are searched for."""
    replicates: int = Field(2000, ge=100, le=100_000)
    """Experiments that are simulated of each size."""
    link: Link = "logit"
    """From rates to the scale on which effects add."""
    priors: Priors = Priors()
    """As those of an analysis; those of the intercept and of slopes are used, single ones by the
    names `Intercept` and `arm[...]`, with the arm's own."""
    intercept_prior_at: PriorPoint = "contacts"
    """As that of an analysis."""
    value: float | None = Field(None, gt=0, allow_inf_nan=False)
    """What a success brings."""
    cost: float = Field(0.0, ge=0, allow_inf_nan=False)
    """What a contact of the experiment costs."""
    campaign: int | None = Field(None, ge=1)
    """How many contacts get the arm that is chosen; with `value`, sizes are weighed in money."""
    currency: str = ""
    """What stands before amounts of money."""
    seed: int = Field(42, ge=0, le=2**31 - 1)
    """As that of an analysis."""

    @property
    def names(self) -> list[str]:
        """Of the arms, the reference first."""
        return [*LETTERS[: self.arms]] if isinstance(self.arms, int) else list(self.arms)

    @property
    def rates(self) -> list[tuple[float, float]]:
        """The ends of each arm's rate, the lift included."""
        if isinstance(self.rate, dict):
            return [_ends(self.rate[name]) for name in self.names]
        low, high = _ends(self.rate)
        others = [(low, high)] * (len(self.names) - 1)
        return [*others, (low + self.lift, high + self.lift)]

    @model_validator(mode="after")
    def _arms_are_named_once(self) -> Plan:
        twice = next((n for i, n in enumerate(self.names) if n in self.names[:i]), None)
        if twice is not None:
            raise ValueError(f"arms: found {twice!r} twice")
        return self

    @model_validator(mode="after")
    def _rates_are_of_the_arms(self) -> Plan:
        if not isinstance(self.rate, dict):
            return self
        for name in self.rate:
            if name not in self.names:
                raise ValueError(f"rate: found {name!r}, expected one of {', '.join(self.names)}")
        lacks = next((name for name in self.names if name not in self.rate), None)
        if lacks is not None:
            raise ValueError(f"rate: found nothing for {lacks!r}, expected all arms")
        ends = set(self.rates)
        if len(ends) == 1 and all(low == high for low, high in ends):
            raise ValueError("rate: found the same rate for every arm, expected one to be best")
        return self

    @model_validator(mode="after")
    def _the_lift_has_room(self) -> Plan:
        highest = max(high for _, high in self.rates)
        if highest >= 1:
            raise ValueError(
                f"lift: found {self.lift:g}, which leads from a rate of "
                f"{highest - self.lift:g} to none; expected a smaller one"
            )
        return self

    @model_validator(mode="after")
    def _priors_are_of_the_arms(self) -> Plan:
        known = ["Intercept", *(f"arm[{name}]" for name in self.names[1:])]
        wrong = next((name for name in self.priors.coefficients if name not in known), None)
        if wrong is not None:
            raise ValueError(
                f"priors.coefficients: found {wrong!r}, expected one of {', '.join(known)}"
            )
        return self

    @model_validator(mode="after")
    def _money_needs_all(self) -> Plan:
        if (self.value is None) != (self.campaign is None):
            lacks, given = ("value", "campaign") if self.value is None else ("campaign", "value")
            raise ValueError(f"{lacks}: missing, expected a value beside {given}")
        return self


def _ends(rate: Rate) -> tuple[float, float]:
    return rate if isinstance(rate, tuple) else (rate, rate)
