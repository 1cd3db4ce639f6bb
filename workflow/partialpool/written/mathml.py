"""Formulas as MathML, which browsers set without a library; text from data is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain

from partialpool.written.notation import (
    Bar,
    Equation,
    Letter,
    Node,
    Number,
    Row,
    Scripts,
    Sign,
    Word,
    count_letters,
)

FENCES = "()[]"
SHOWN = {"~": "\N{TILDE OPERATOR}"}
SINGLE = 1
"""Letters of a name that is a letter itself; others are HTML's names of Greek ones."""
LONGEST = 28
"""Letters of a sum on one line; the summands of a longer one stand below each other."""


def show_table(equations: Sequence[Equation]) -> str:
    """Equations below each other, their relations in line.

    Args:
        equations: one or more.
    """
    rows = "".join(map(_row, chain.from_iterable(map(_lines, equations))))
    table = f'<mtable displaystyle="true" columnspacing="0.3em">{rows}</mtable>'
    return f'<math display="block" style="width: fit-content; margin: 0">{table}</math>'


def show_inline(node: Node) -> str:
    """A formula within a sentence."""
    return f"<math>{show(node)}</math>"


def show(node: Node) -> str:
    """A formula as elements of MathML."""
    match node:
        case Letter(name):
            return f"<mi>{name if len(name) == SINGLE else f'&{name};'}</mi>"
        case Word(text):
            return f"<mtext>{escape(text)}</mtext>"
        case Number(text):
            return f"<mn>{escape(text.replace('-', '−'))}</mn>"
        case Sign(text):
            if text == " ":
                return '<mspace width="0.25em"/>'
            fence = ' stretchy="false"' if text in FENCES else ""
            return f"<mo{fence}>{escape(SHOWN.get(text, text))}</mo>"
        case Bar(base):
            return f"<mover>{show(base)}<mo>¯</mo></mover>"
        case Scripts(base, sub, sup):
            return _scripts(show(base), sub, sup)
        case Row(parts):
            return f"<mrow>{''.join(map(show, parts))}</mrow>"


def _scripts(base: str, sub: Node | None, sup: Node | None) -> str:
    name = "".join(kind for kind, given in (("sub", sub), ("sup", sup)) if given is not None)
    inside = "".join(show(given) for given in (sub, sup) if given is not None)
    return f"<m{name}>{base}{inside}</m{name}>" if name else base


def _lines(equation: Equation) -> Iterator[tuple[str, str, str]]:
    """An equation's cells, line by line: left, relation or sign, right."""
    relation = show(Sign(equation.relation))
    summands = [show(summand) for summand in equation.right]
    if sum(map(count_letters, equation.right)) <= LONGEST:
        summands = ["<mo>+</mo>".join(summands)]
    yield show(equation.left), relation, summands[0]
    yield from (("", "<mo>+</mo>", summand) for summand in summands[1:])


def _row(cells: Iterable[str]) -> str:
    inside = (f'<mtd style="text-align: left">{cell}</mtd>' for cell in cells)
    return f"<mtr>{''.join(inside)}</mtr>"
