"""The names of columns: which a source may have."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from partialpool.errors import InputError


def has_control(text: str) -> bool:
    """Whether a text has a character that a table or a page cannot hold as it is.

    Those are control characters but tab and line feed, and halves of characters.
    """
    return any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n" for c in text)


def escape_control(text: str) -> str:
    """A text with such characters written out, a bell as its number in Python's notation."""
    return "".join(repr(c)[1:-1] if has_control(c) else c for c in text)


def check_names(names: Sequence[str], place: str, fold: Callable[[str], str]) -> None:
    """Check the names of the columns.

    Args:
        names: as they stand in the source.
        place: what an error begins with.
        fold: what makes names equal that the source cannot tell apart.

    Raises:
        InputError: there is none, or one is empty, holds a line break or another control
            character, or stands twice.
    """
    if not any(names):
        raise InputError(f"{place} has no header, expected the names of its columns")
    if broken := next((n for n in names if n and (n.splitlines() != [n] or "\0" in n)), None):
        raise InputError(f"{place} has the column {broken!r}, expected a single line")
    if strange := next((name for name in names if has_control(name)), None):
        raise InputError(f"{place} has the column {strange!r}, expected no control character")
    folded = [fold(name) for name in names]
    for name, same in zip(names, folded, strict=True):
        if not name:
            raise InputError(f"{place} has a column without a name")
        if folded.count(same) > 1:
            raise InputError(f"{place} has the column {name!r} twice")
