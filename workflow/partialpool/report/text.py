"""Text for sentences: names from data as Markdown, lists, and how a sentence starts and ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MOST_NAMED = 6
"""Items that a sentence names before it says how many more there are."""


_SOUNDS_CONSONANT = re.compile(r"eu|uni([^mn]|n?$)|us[aeiu]|ut[ei]|one\b|once\b|u\b|ewe", re.I)
"""Vowels at the start that are said as a consonant: a European, a user, a one-time buyer."""
_SOUNDS_VOWEL = re.compile(r"[aeiou]|hou?r\b|hours?\b|heir|honest|honou?r|8|1[18]\b", re.I)
_SPELLED = re.compile(r"[A-Z]{2,}s?\b|[A-Z]\b")
"""What is said letter by letter: SMS, MRI."""
_LETTERS_WITH_VOWEL = "AEFHILMNORSX"
LONGEST = 41
"""Letters of a level in a sentence; the middle of a longer one is left out."""
_UNCLEAR = re.compile(r"[,;:]|\b(and|or)\b|^\s|\s$")
"""A level with this in it stands in quotes."""


def article(noun: str) -> str:
    """A noun with `a` or `an` before it, by how it sounds: `an applicant`, `a user`, `an hour`."""
    bare = unicodedata.normalize("NFKD", noun)
    if _SPELLED.match(bare):
        vowel = bare[0] in _LETTERS_WITH_VOWEL
    else:
        vowel = bool(_SOUNDS_VOWEL.match(bare)) and not _SOUNDS_CONSONANT.match(bare)
    return f"{'an' if vowel else 'a'} {noun}"


def plain(text: str) -> str:
    """Text from data as Markdown that shows just that text, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~])", r"\\\1", re.sub(r"\s+", " ", text))


def words(name: str) -> str:
    """A name of the configuration in a sentence, `age group` for `age_group`."""
    return plain(name.replace("_", " "))


def listed(items: Sequence[str], last: str = "and") -> str:
    """Items in a row, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def some(items: Sequence[str], most: int = MOST_NAMED, last: str = "and") -> str:
    """Items in a row, the first few by name."""
    if len(items) <= most:
        return listed(items, last)
    return listed([*items[: most - 1], f"{len(items) - most + 1} more"], last)


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text with a capital letter first and one full stop at its end."""
    return capital(text).rstrip(".") + "."


def code(text: str) -> str:
    """A name from data as Markdown code, whatever characters it holds."""
    text = re.sub(r"\s+", " ", text)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def without_repeats(phrased: Sequence[str]) -> list[str]:
    """Three or more phrases that begin with the same words say them once: `in room A, B and C`."""
    starts = {phrase.partition(" (")[0].rpartition(" ")[0] for phrase in phrased}
    start = next(iter(starts), "")
    if len(phrased) < 3 or len(starts) > 1 or " " not in start:
        return list(phrased)
    return [phrased[0], *(phrase.removeprefix(f"{start} ") for phrase in phrased[1:])]


def name_level(level: str) -> str:
    """A level in a sentence: short enough, and in quotes where it has words of its own."""
    half = (LONGEST - 1) // 2
    level = level if len(level) <= LONGEST else f"{level[:half]}…{level[-half:]}"
    return plain(f"“{level}”" if _UNCLEAR.search(level) else level)
