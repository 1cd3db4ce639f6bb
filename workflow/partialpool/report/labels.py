"""What things are called in sentences: levels, treatments, places and scales."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from partialpool.cells.levels import read_levels
from partialpool.cells.question import ALL
from partialpool.frames import read_facts
from partialpool.report.colours import Palette
from partialpool.report.text import (
    MOST_NAMED,
    article,
    capital,
    listed,
    name_level,
    plain,
    without_repeats,
    words,
)
from partialpool.report.vocabulary import VOCABULARIES, Kind, Vocabulary

SCALES = {"logit": "log-odds", "probit": "probit", "cloglog": "complementary log-log"}
"""What the scale of each link is called."""
_SAYS_ITSELF = re.compile(r"[^\W\d_]{4}")
"""A level that begins like this needs no factor before it: `voucher`, but not `B`, `1`, `no`."""
FAILED = "failed its verdict"


@dataclass(frozen=True)
class Labels:
    """The words of an analysis."""

    factors: Mapping[str, Sequence[str]]
    """Levels by factor, in order."""
    phrases: Mapping[str, Mapping[str, str]]
    """What sentences call a level, by factor; a level without a phrase goes by its name."""
    treatment: str
    within: str | None
    """The factor inside whose levels the treatment is compared, if there is one."""
    verb: str
    """What a success did: `bought a season pass`."""
    noun: str
    """What successes are called: `passes`."""
    models: Sequence[str]
    interval: float
    treatment_is: Kind = "offer"
    """Whether the treatment is offered to contacts, a trait that they have, or none at all."""
    good: bool = True
    """Whether a success is welcome."""
    numbers: Sequence[str] = ()
    """Columns of numbers."""
    links: Mapping[str, str] = field(default_factory=dict)
    """The link of each model; the logit, where none is named."""
    families: Mapping[str, str] = field(default_factory=dict)
    """The family of each model; the binomial, where none is named."""
    failed: Sequence[str] = ()
    """Models that failed their verdict."""
    contact: str = "contact"
    """What a row is, as tables and pictures have it; Markdown has `one`."""
    contacts: str = "contacts"
    """Several of them; Markdown has `many`."""
    along: Literal["offer", "trait"] | None = None
    """What the treatment is where it is a number, along which the rate is told."""
    apart: str | None = None
    """The factor each of whose levels has a curve of its own, along a number."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The wordings for treatments of this kind."""
        return VOCABULARIES[self.treatment_is][self.good]

    @property
    def one(self) -> str:
        """What a row is, in a sentence: `contact`."""
        return plain(self.contact)

    @property
    def a_one(self) -> str:
        """The same with its article: `a contact`, `an applicant`."""
        return plain(article(self.contact))

    @property
    def many(self) -> str:
        """What rows are, in a sentence: `contacts`."""
        return plain(self.contacts)

    @property
    def chosen(self) -> bool:
        """Whether it is for somebody to choose who is given which treatment."""
        return self.treatment_is == "offer"

    @property
    def ranked(self) -> bool:
        """Whether nothing is held to a reference: levels are ranked, or a number is followed."""
        return self.treatment_is == "level"

    @property
    def by(self) -> str | None:
        """The factor whose levels rates are told of: `within`, or the one that is ranked."""
        if self.along:
            return self.apart
        return self.treatment if self.ranked else self.within

    @property
    def placed(self) -> Labels:
        """The same with the places of curves as those of an answer, which sentences can name."""
        return replace(self, within=self.apart) if self.along else self

    def probability_better(self, above_null: float) -> float:
        """The probability that a difference goes the right way, from that of being above none."""
        return above_null if self.good else 1 - above_null

    @property
    def caveats(self) -> Mapping[str, str]:
        """What stands beside the name of a model that failed its verdict, wherever it appears."""
        return dict.fromkeys(self.failed, FAILED)

    def title(self, model: str, formula: str) -> str:
        """The heading of a model's section."""
        caveat = f" ({FAILED})" if model in self.failed else ""
        return f"{model}: {formula}{caveat}"

    @property
    def reference(self) -> str:
        """The treatment level that the others are held to."""
        return self.factors[self.treatment][0]

    @property
    def treatments(self) -> Sequence[str]:
        """The treatment levels that are held to the reference."""
        return self.factors[self.treatment][1:]

    @property
    def places(self) -> Sequence[str]:
        """The levels inside which the treatment is compared; none where it is compared overall."""
        return self.factors[self.within] if self.within is not None else ()

    @property
    def palette(self) -> Palette:
        """The colours of levels and models; treatment first, then `within`."""
        first = filter(None, [self.treatment, self.within or self.apart])
        order = [name for name in first if name in self.factors]
        rest = [name for name in self.factors if name not in order]
        return Palette({name: self.factors[name] for name in [*order, *rest]}, self.models)

    @property
    def place_colours(self) -> dict[str, str]:
        """The colour of every level of `within`, or of those with curves of their own."""
        return self.palette.levels(self.within or self.apart or "")

    def treat(self, level: str) -> str:
        """A treatment level in a sentence, `the bundle`; `offer 2` where its name says little."""
        phrase = self.phrases.get(self.treatment, {}).get(level)
        if phrase is not None:
            return plain(phrase)
        return (
            plain(level)
            if _SAYS_ITSELF.match(level)
            else f"{words(self.treatment)} {name_level(level)}"
        )

    def where(self, level: str) -> str:
        """A level of `within` as where something happens, `by e-mail`; `overall` for all."""
        return "overall" if level == ALL else self.list_places([level])

    def start(self, level: str) -> str:
        """A level of `within` at the start of a sentence, whose rest follows after a space."""
        return capital(self.where(level)) + ("" if self.is_phrased(level) else ",")

    def is_phrased(self, level: str) -> bool:
        """Whether a level of `within` has a phrase of its own."""
        return level == ALL or self._phrase(level) is not None

    def list_places(
        self,
        levels: Sequence[str],
        last: str = "and",
        notes: Mapping[str, str] | None = None,
        most: int = MOST_NAMED,
    ) -> str:
        """Levels of `within` as where something happens: `by mail`, `where district is 3 or 12`.

        Args:
            levels: of `within`.
            last: what joins the last one.
            notes: what stands in brackets after a level.
            most: how many are named; of more the rest is counted.
        """
        named = levels if len(levels) <= most else levels[: most - 1]
        after = {k: f" ({note})" for k, note in (notes or {}).items()}
        phrased = [p + after.get(k, "") for k in named if (p := self._phrase(k)) is not None]
        bare = [name_level(k) + after.get(k, "") for k in named if self._phrase(k) is None]
        more = len(levels) - len(named)
        if not bare and not more:
            phrased = without_repeats(phrased)
        if bare:
            bare += [f"one of {more} more"] if more else []
            phrased.append(f"where {words(self.within or '')} is {listed(bare, 'or')}")
        elif more:
            phrased.append(f"in {more} more places")
        return listed(phrased, last)

    def scale(self, model: str) -> str:
        """The name of the scale on which a model's effects add, `log-odds`."""
        return SCALES[self.links.get(model, "logit")]

    def unit(self, model: str) -> str:
        """What follows a number on a model's scale: `log-odds`, `on the probit scale`."""
        scale = self.scale(model)
        return scale if self.is_log_odds(model) else f"on the {scale} scale"

    def axis(self, model: str) -> str:
        """The title of an axis of a model's scale."""
        return self.scale(model) + ("" if self.is_log_odds(model) else " scale")

    def is_log_odds(self, model: str) -> bool:
        """Whether a model's coefficients are log-odds."""
        return self.links.get(model, "logit") == "logit"

    @property
    def percent_interval(self) -> str:
        """The interval's level, `89%`."""
        return f"{100 * self.interval:g}%"

    def _phrase(self, level: str) -> str | None:
        phrase = self.phrases.get(self.within or "", {}).get(level)
        return None if phrase is None else plain(phrase)


def read_labels(
    words: Mapping[str, Any], levels: Path | str, verdicts: Sequence[Path | str] = ()
) -> Labels:
    """The words of an analysis, complete: what is shown of its models knows which of them failed.

    Args:
        words: `described.describe_labels`.
        levels: the file of the levels of each factor.
        verdicts: the files of `diagnostics.judge`, of every model in order; none where no fitted
            models are shown side by side.
    """
    passed = [read_facts(path)["passed"] for path in verdicts]
    if passed and len(passed) != len(words["models"]):
        raise ValueError(f"found {len(passed)} verdicts, expected {len(words['models'])}")
    failed = [model for model, sound in zip(words["models"], passed, strict=False) if not sound]
    return Labels(**words, factors=read_levels(levels), failed=failed)
