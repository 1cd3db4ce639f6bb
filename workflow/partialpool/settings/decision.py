"""Settings of the answer: how sure it must be, what it may choose, what that is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from partialpool.settings.blocks import Block, Name, Text


def _check_amounts(given: Any) -> Any:
    """Say of amounts in one line what they may be, which a union of types cannot."""
    by_level = isinstance(given, dict) and all(isinstance(of, dict) for of in given.values())
    each = [a for of in given.values() for a in of.values()] if by_level else [given]
    wrong = next((amount for amount in each if not _is_amount(amount)), None)
    if wrong is not None:
        raise ValueError(
            f"found {wrong!r}, expected a number, a range [from, to], or either by factor and level"
        )
    return given


def _is_amount(given: Any) -> bool:
    if given is None:
        return True
    ends = given if isinstance(given, list | tuple) else [given, given]
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
    return numbers and len(ends) == 2 and ends[0] <= ends[1] and all(map(isfinite, ends))


Range = tuple[float, float]
"""The ends of what an amount may be, each value between them as likely as another."""
Amount = float | Range
Amounts = Amount | dict[Name, dict[Text, Amount]]
"""One amount, or by factor and level; those of several factors are added."""
Given = BeforeValidator(_check_amounts)


class Experiment(Block):
    """Further contacts, and what they would cost and bring."""

    contacts: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Numbers of further contacts to weigh; none: a quarter, half, one, two and four times those
    that there are."""
    cost: float = Field(0.0, ge=0)
    """What a contact of the experiment costs beside what its offer costs anyway."""


class Decision(Block):
    """What the report answers, and how sure it must be to say so."""

    model: Name | None = None
    """The model that answers; none: the best at the comparison's unit that passed its verdict."""
    probability: float = Field(0.95, gt=0.5, lt=1)
    """A lift is a gain (loss) when the probability that it is above (below) 0 reaches this, and an
    arm is advised when the probability that no other is better by what is `worthwhile` does."""
    worthwhile: float = Field(0.0, ge=0, lt=1)
    """The smallest lift that matters, as a difference of rates: .005 is half a point."""
    candidates: tuple[Text, ...] | None = None
    """The levels of the treatment that may be chosen; none: all of them."""
    mix: str | None = None
    """A CSV file of the contacts that the answer is for: columns of factors, and `contacts`; none:
    the answer is for contacts as the source has them."""
    value: Annotated[Amounts | None, Given] = None
    """What a success brings: a number, a range [from, to], or either by factor and level; where
    `outcome.good` is false, what a success costs."""
    cost: Annotated[Amounts, Given] = 0.0
    """What a contact costs, written likewise."""
    currency: str = ""
    """What stands before amounts of money."""
    campaign: int | None = Field(None, ge=1)
    """How many contacts the answer is for."""
    illustrative: bool = False
    """Whether value, cost and campaign are assumptions, which is said wherever they tell."""
    experiment: Experiment = Experiment()
    """What further contacts would be worth."""
    split: dict[Text, Annotated[float, Field(gt=0)]] | None = None
    """The planned shares of the treatment's levels, in any unit: 80 and 20 are .8 and .2. Contacts
    that were assigned by chance stray little from them. A level that nobody was given, and that
    the factor has not, may have a share; every level that it has needs one."""
    future_contacts: int = Field(100, ge=1)
    """Contacts per cell whose successes are predicted."""

    @property
    def choosing(self) -> str | None:
        """A key that only a choice between arms has a use for, if one is set."""
        given = ("candidates", "value", "campaign", "split")
        return next((key for key in given if getattr(self, key) is not None), None)

    @property
    def factors_of_amounts(self) -> list[str]:
        """The factors that values and costs go by."""
        named = [name for amounts in (self.value, self.cost) for name in _factors(amounts)]
        return list(dict.fromkeys(named))

    def check_levels(self, treatment: str, levels: Mapping[str, Sequence[str] | None]) -> None:
        """Check that the factors and levels that are named exist.

        Args:
            treatment: the factor whose levels are the arms; no arm is named of a number.
            levels: of each factor; None where the source will tell.

        Raises:
            ValueError: one does not, or a level has no amount or share.
        """
        arms = levels.get(treatment)
        _check_named("candidates", self.candidates or (), arms)
        if self.split is not None:
            _check_given("split", list(self.split), arms)
        for key, amounts in (("value", self.value), ("cost", self.cost)):
            for name, given in _factors(amounts).items():
                _check_named(key, [name], list(levels))
                _check_all(f"{key}.{name}", list(given), levels[name])

    @model_validator(mode="after")
    def _candidates_differ(self) -> Decision:
        given = self.candidates
        if given is not None and (len(given) < 2 or len(set(given)) < len(given)):
            raise ValueError("candidates: expected two different levels or more")
        return self


def _check_named(key: str, named: Sequence[str], known: Sequence[str] | None) -> None:
    wrong = [level for level in named if known is not None and level not in known]
    if wrong and known is not None:
        expected = ", ".join(known)
        raise ValueError(f"decision.{key}: found {wrong[0]!r}, expected one of {expected}")


def _check_all(key: str, named: Sequence[str], known: Sequence[str] | None) -> None:
    """Check that what is named is what is known, the whole of it."""
    _check_named(key, named, known)
    _check_given(key, named, known)


def _check_given(key: str, named: Sequence[str], known: Sequence[str] | None) -> None:
    """Check that everything that is known is named."""
    lacks = [level for level in known or () if level not in named]
    if lacks:
        raise ValueError(f"decision.{key}: found nothing for {lacks[0]!r}, expected all levels")


def _factors(amounts: Amounts | None) -> dict[str, dict[str, Amount]]:
    return amounts if isinstance(amounts, dict) else {}


def amounts_by_level(amounts: Amounts) -> Iterator[tuple[str | None, str | None, Amount]]:
    """Each amount with the factor and level that it goes by; neither for one of everything."""
    if not isinstance(amounts, dict):
        yield None, None, amounts
        return
    for factor, given in amounts.items():
        for level, amount in given.items():
            yield factor, level, amount
