"""What things are called in sentences: levels, treatments, places, and lists of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partialpool.effects import ALL
from partialpool.figures.colours import Palette


@dataclass(frozen=True)
class Labels:
    """The words of an analysis."""

    factors: Mapping[str, Sequence[str]]
    """Levels by factor, in order."""
    phrases: Mapping[str, Mapping[str, str]]
    """What sentences call a level, by factor; a level without a phrase goes by its name."""
    treatment: str
    within: str
    verb: str
    """What a success did: `bought a season pass`."""
    noun: str
    """What successes are called: `passes`."""
    models: Sequence[str]
    interval: float

    @property
    def reference(self) -> str:
        """The treatment level that the others are held to."""
        return self.factors[self.treatment][0]

    @property
    def palette(self) -> Palette:
        """The colours of levels and models; treatment first, then `within`."""
        order = [self.treatment, self.within]
        rest = [name for name in self.factors if name not in order]
        return Palette({name: self.factors[name] for name in [*order, *rest]}, self.models)

    def treat(self, level: str) -> str:
        """A treatment level in a sentence, `the bundle`."""
        return plain(self.phrases.get(self.treatment, {}).get(level, level))

    def where(self, level: str) -> str:
        """A level of `within` as where something happens, `by e-mail`; `overall` for all."""
        if level == ALL:
            return "overall"
        phrase = self.phrases.get(self.within, {}).get(level)
        return plain(phrase if phrase is not None else f"for {self.within} {level}")

    @property
    def percent_interval(self) -> str:
        """The interval's level, `89%`."""
        return f"{100 * self.interval:g}%"


def plain(text: str) -> str:
    """Text from data as Markdown that shows just that text."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~])", r"\\\1", text)


def listed(items: Sequence[str], last: str = "and") -> str:
    """Items in a row, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text with a capital letter first and one full stop at its end."""
    return capital(text).rstrip(".") + "."
