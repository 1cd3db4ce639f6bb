"""The symbols of a model's equations: what each term is written as, and what that means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partialpool.written.blocks import Block
from partialpool.written.notation import (
    SPACE,
    Letter,
    Node,
    Number,
    Row,
    Scripts,
    Sign,
    Word,
    at,
    of_cell,
    row,
)
from partialpool.written.outline import Group

POWERS = {"2": "\N{SUPERSCRIPT TWO}", "3": "\N{SUPERSCRIPT THREE}"}


def name_block(block: Block) -> Node:
    """The coefficients of a term of the population level."""
    return Scripts(Letter("beta"), Word(spell(block.label)))


def name_elements(block: Block) -> tuple[Node, ...]:
    """What each coefficient of a term is called within: its levels, or the number of its column."""
    if is_indexed(block):
        return tuple(Word(":".join(levels)) for levels in block.levels)
    return tuple(Number(str(place + 1)) for place in range(len(block.names)))


def write_block(block: Block) -> Node:
    """What a term of the population level adds in cell i."""
    return _product(block, name_block(block), ())


def name_group(letter: str, title: str) -> Node:
    """Effects, standard deviations or correlations of a group-level term."""
    return Scripts(Letter(letter), Word(spell(title)))


def write_group(group: Group, title: str) -> list[Node]:
    """What a group-level term adds in cell i, by its own terms."""
    effects = name_group("u", title)
    places = [of_cell(Word(name)) for name in group.grouping]
    if len(group.coefficients) == 1:
        block = group.blocks[0]
        by = [] if block.is_intercept else [SPACE, _column(block)]
        return [row(at(effects, *places), *by)]
    return [_product(block, effects, (Row((*_spaced(places),)),)) for block in group.blocks]


def spell(expression: str) -> str:
    """A factor of a term as one would write it: `age^2` for `I(age**2)`."""
    plain = re.sub(r"\bI\(([^()]*)\)", r"\1", expression)
    plain = plain.replace(" ** ", "^").replace("**", "^")
    return re.sub(r"\^([23])(?!\d)", lambda power: POWERS[power[1]], plain)


def _product(block: Block, symbol: Node, places: tuple[Node, ...]) -> Node:
    """Coefficients of a symbol, chosen by factors or added up, times numbers."""
    if block.is_intercept:
        return at(symbol, *places, Number("0"))
    if is_indexed(block):
        chosen = [of_cell(Word(name)) for name in block.factors]
        return row(at(symbol, *places, *chosen), *_numbers(block))
    if len(block.names) == 1:
        within = [Word(spell(block.label))] if places else []
        return row(at(symbol, *places, *within), SPACE, _column(block))
    k = Letter("k")
    own: Node = Scripts(Word(spell(block.label)), k) if places else k
    columns = at(Scripts(Letter("x"), Word(spell(block.label))), Letter("i"), k)
    return row(Scripts(Sign("∑"), k), at(symbol, *places, own), SPACE, columns)


def is_indexed(block: Block) -> bool:
    """Whether a term is written by the levels that choose its coefficient."""
    return block.index is not None


def _numbers(block: Block) -> list[Node]:
    return [one for part in block.numbers for one in (SPACE, of_cell(_term(part.expression)))]


def _column(block: Block) -> Node:
    """The one column of a term: its numbers, and a choice for each level in it."""
    parts: list[Node] = [
        of_cell(_term(part.name if part.level else part.expression))
        for part in block.coefficients[0].parts
    ]
    return row(*parts)


def _term(expression: str) -> Node:
    """A factor of a term; in brackets where an index behind it could be misread."""
    shown = spell(expression)
    bare = re.fullmatch(r"\w+|\w+\(.*\)|\w+\[.*\]", shown)
    return Word(shown) if bare else row("(", Word(shown), ")")


def _spaced(places: Sequence[Node]) -> list[Node]:
    spaced: list[Node] = []
    for place in places:
        spaced += [Sign(","), place] if spaced else [place]
    return spaced
