"""Terms of a report in plain words: where the answer first uses them, and all in one list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from partialpool.checks.discrepancies import ALARM
from partialpool.report.formats import percent
from partialpool.report.labels import Labels
from partialpool.report.prose import fill

_TAG = re.compile(r"(<[^>]+>)")
_FOUND = {
    "points": r"points?\b",
    "lift": r"lifts?\b",
    "relative lift": r"relative lifts?\b",
    "pooled": r"pooled\b",
    "risk": r"risks?\b",
    "same mix": r"same mix\b",
    "within noise": r"[Ww]ithin noise\b",
}
"""How the answer writes terms, as regular expressions."""
_CLOSED = ("svg", "summary", "a", "h2", "h3", "code", "details", "caption", "figcaption")
"""Elements in which no term is explained: what has an action of its own, or is folded away."""


@dataclass(frozen=True)
class Term:
    """A word of the report and what it means."""

    name: str
    meaning: str
    found: str
    """How it is written in a sentence, as a regular expression; empty where none uses it."""

    @property
    def id(self) -> str:
        """Its name in links."""
        return "term-" + re.sub("[^a-z0-9]+", "-", self.name.lower()).strip("-")


def list_terms(labels: Labels) -> list[Term]:
    """The terms of a report, those that deciders meet first."""
    inside = labels.percent_interval
    text = fill("glossary", interval=inside, contacts=labels.many, alarm=percent()(ALARM))
    found = {f"{inside} interval": f"{re.escape(inside)} interval", **_FOUND}
    terms = []
    for entry in text.removeprefix("## ").split("\n\n## "):
        name, meaning = entry.split("\n\n", 1)
        terms.append(Term(name, meaning.replace("\n", " ").strip(), found.get(name, "")))
    return terms


def mark_terms(html: str, terms: Sequence[Term]) -> str:
    """Make each term that a text uses explain itself where it first appears.

    The explanation shows while the term is hovered, or has the focus, as by a touch or the
    keyboard; no script takes part. Longer names are looked for first.

    Args:
        html: a part of a page.
        terms: those that may be marked, each once.
    """
    left = sorted((t for t in terms if t.found), key=lambda term: -len(term.name))
    inside: list[str] = []
    parts = []
    for part in _TAG.split(html):
        if part.startswith("<"):
            _follow(part, inside)
            parts.append(part)
        else:
            parts.append(part if inside else _mark(part, left))
    return "".join(parts)


def _follow(tag: str, inside: list[str]) -> None:
    """Keep account of the closed elements that a tag opens or ends."""
    name = re.sub(r"[^a-z0-9].*", "", tag.lstrip("</").lower(), flags=re.DOTALL)
    if name not in _CLOSED:
        return
    if not tag.startswith("</"):
        inside.append(name)
    elif name in inside:
        del inside[len(inside) - 1 - inside[::-1].index(name)]


def _mark(text: str, left: list[Term]) -> str:
    """Mark what a stretch of text uses of the terms that are left, and take those out."""
    for term in left:
        found = re.search(rf"(?<![\w-]){term.found}", text)
        if found:
            left.remove(term)
            before, after = text[: found.start()], text[found.end() :]
            return _mark(before, left) + _explained(found[0], term) + _mark(after, left)
    return text


def _explained(word: str, term: Term) -> str:
    tip = f"tip-{term.id}"
    meaning = f'<span class="tip" role="tooltip" id="{tip}">{escape(term.meaning)}</span>'
    return f'<span class="term" tabindex="0" aria-describedby="{tip}">{word}{meaning}</span>'
