"""Text for sentences: names from data as Markdown, lists, and how a sentence starts and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_NAMED = 6
"""Items that a sentence names before it says how many more there are."""


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
