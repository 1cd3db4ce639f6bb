"""What a row is called: words that enter sentences, tables and pictures, and nothing else."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from partialpool.settings.blocks import Block

TAKEN_NOUNS = ("call", "cell", "cells", "others", "rate", "reference", "successes")
"""What columns of the report's tables, and its units, are called already."""


def _as_noun(text: str) -> str:
    """Words that sentences, tables and pictures can hold as they are."""
    noun = " ".join(text.split())
    if not re.fullmatch(r"[^\W_](?:[^\W_]|[ .'’/–-]){0,39}", noun):
        raise ValueError(
            f"found {text!r}, expected a word or a few: letters, digits, spaces and hyphens, up "
            "to 40"
        )
    if noun.casefold() in TAKEN_NOUNS:
        raise ValueError(f"found {text!r}, which the report calls something else; take another")
    return noun


class Contact(Block):
    """What a row is called: a contact, a woman, a visitor, a shop-month."""

    one: Annotated[str, AfterValidator(_as_noun)]
    """One of them, without its article: `woman`."""
    many: Annotated[str, AfterValidator(_as_noun)]
    """Several: `women`."""
