"""Formulas as trees, which `mathml` and `latex` write out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """A letter that stands for a quantity, by its name in LaTeX: `y`, `beta`."""

    name: str


@dataclass(frozen=True)
class Word:
    """Upright text: a name from the data, the name of a function."""

    text: str


@dataclass(frozen=True)
class Number:
    """A number as it is to be read."""

    text: str


@dataclass(frozen=True)
class Sign:
    """An operator, a bracket, a comma."""

    text: str


@dataclass(frozen=True)
class Scripts:
    """Something with an index, an exponent, or both."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True)
class Bar:
    """A mean of something."""

    base: Node


@dataclass(frozen=True)
class Row:
    """Things one after the other."""

    parts: tuple[Node, ...]


Node = Letter | Word | Number | Sign | Scripts | Bar | Row


@dataclass(frozen=True)
class Equation:
    """What is on the left, how it is related, and the summands on the right."""

    left: Node
    relation: str
    right: tuple[Node, ...]


@dataclass(frozen=True)
class Meaning:
    """What a symbol is, in words."""

    symbol: Node
    text: str
    about_rows: bool = False
    """Whether the text has `{contact}` or `{contacts}` for what rows are called, and no braces
    else."""


SPACE = Sign(" ")


def row(*parts: Node | str) -> Row:
    """Things one after the other, signs as text."""
    return Row(tuple(Sign(part) if isinstance(part, str) else part for part in parts))


def listed(items: Iterable[Node]) -> Row:
    """Things with commas between them."""
    parts: list[Node | str] = []
    for item in items:
        parts += [",", item] if parts else [item]
    return row(*parts)


def call(function: Node, *arguments: Node) -> Row:
    """A function of some arguments, or a distribution with its parameters."""
    return row(function, "(", listed(arguments), ")")


def at(symbol: Node, *places: Node) -> Row:
    """An element of a symbol that has several, `u[channel, 1]`; without places it is the symbol."""
    return row(symbol, "[", listed(places), "]") if places else row(symbol)


def of_cell(symbol: Node) -> Scripts:
    """A quantity of the cell i."""
    return Scripts(symbol, Letter("i"))


def mentions(equation: Equation, node: Node) -> bool:
    """Whether something stands in an equation, at the right or within it."""
    return any(of == node or repr(node) in repr(of) for of in equation.right)


def count_letters(node: Node) -> int:
    """About how wide something is, in letters; indices and exponents count in full."""
    match node:
        case Letter():
            return 1
        case Word(text) | Number(text) | Sign(text):
            return len(text)
        case Bar(base):
            return count_letters(base)
        case Scripts(base, sub, sup):
            return sum(count_letters(of) for of in (base, sub, sup) if of is not None)
        case Row(parts):
            return sum(map(count_letters, parts))
