"""Names of the places of a page, to which links lead: made of what stands there, of no count.

A link to a table holds next month too: its name is that of the section and of the notebook's cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, count

_MEDIA = re.compile(r'<(?:figure|div) (?=class="(plot|table)\b)')
_KINDS = {"plot": "figure", "table": "table"}
_WAITING = re.compile(r'(?<= )data-anchor="([^"]*)"')
_TAKEN = re.compile(r' id="([^"]*)"')
_WORDS = 9


def slug(text: str) -> str:
    """A name for links out of a text: its first words, in small letters."""
    return "-".join(re.findall(r"[^\W_]+", text.lower())[:_WORDS])


def place_anchors(html: str, section: str, cell: str) -> str:
    """Ask for an anchor for each figure, table and named row of what a notebook's cell shows."""
    html = _WAITING.sub(lambda found: f'data-anchor="{section}-{found[1]}"', html)
    return _MEDIA.sub(lambda found: _ask(found, f"{section}-{cell}"), html)


def name_anchors(html: str) -> str:
    """Give each asked anchor of a page its name, and each figure and table elsewhere one."""
    html = _MEDIA.sub(lambda found: _ask(found, "answer"), html)
    taken = set(_TAKEN.findall(html))
    return _WAITING.sub(lambda found: f'id="{_free(found[1], taken)}"', html)


def _ask(found: re.Match[str], place: str) -> str:
    kind = _KINDS[found[1]]
    name = place if place.endswith(f"-{kind}") else f"{place}-{kind}"
    return f'{found[0]}data-anchor="{name}" '


def _free(name: str, taken: set[str]) -> str:
    """A name that is not taken yet, which it takes."""
    others: Iterator[str] = (f"{name}-{serial}" for serial in count(2))
    free = next(each for each in chain([name], others) if each not in taken)
    taken.add(free)
    return free
