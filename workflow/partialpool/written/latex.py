"""Formulas as LaTeX to be copied; it needs amsmath alone, and text from data is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from partialpool.written.notation import (
    Bar,
    Equation,
    Letter,
    Meaning,
    Node,
    Number,
    Row,
    Scripts,
    Sign,
    Word,
)

ESCAPED = {
    **{letter: f"\\{letter}" for letter in "#$%&_{}"},
    **{"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"},
    **{"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}"},
}
SIGNS = {
    "~": r"\sim",
    "−": "-",
    "∑": r"\sum",
    " ": r"\;",
}
CONTACTS = {"contact": "contact", "contacts": "contacts"}
SINGLE = 1
"""Letters of a name that is a letter itself."""


def show_align(equations: Sequence[Equation]) -> str:
    """Equations below each other, their relations in line."""
    lines = []
    for equation in equations:
        right = " + ".join(map(show, equation.right))
        lines.append(f"  {show(equation.left)} &{_sign(equation.relation)} {right}")
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def show_meanings(meanings: Sequence[Meaning]) -> str:
    """What symbols are, as a list."""
    items = [f"  \\item ${show(of.symbol)}$: {_say(of)}" for of in meanings]
    return "\n".join(["\\begin{itemize}", *items, "\\end{itemize}"])


def show(node: Node) -> str:
    """A formula in LaTeX's mathematics."""
    match node:
        case Letter(name):
            return name if len(name) == SINGLE else f"\\{name}"
        case Word(text):
            return f"\\text{{{escape_text(text)}}}"
        case Number(text):
            return text
        case Sign(text):
            return _sign(text)
        case Bar(base):
            return f"\\bar{{{show(base)}}}"
        case Scripts(base, sub, sup):
            below = f"_{{{show(sub)}}}" if sub is not None else ""
            above = f"^{{{show(sup)}}}" if sup is not None else ""
            return f"{show(base)}{below}{above}"
        case Row(parts):
            return " ".join(map(show, parts))


def _say(meaning: Meaning) -> str:
    text = meaning.text
    return escape_text(text.format(**CONTACTS) if meaning.about_rows else text)


def escape_text(text: str) -> str:
    """Text from data as LaTeX that sets just that text, on one line."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return "".join(ESCAPED.get(letter, letter) for letter in " ".join(shown.split()))


def _sign(text: str) -> str:
    return SIGNS.get(text, text)
