"""What the symbols of a model's equations mean, by the names of the data."""

from __future__ import annotations

from collections.abc import Sequence

from partialpool.written.blocks import INTERCEPT, Block
from partialpool.written.notation import Letter, Meaning, Scripts, Word, at, listed, of_cell
from partialpool.written.outline import Group, Outline
from partialpool.written.symbols import is_indexed, name_block, name_group, spell

MOST_NAMED = 4
"""Levels and coefficients that a meaning names at most."""


def explain(terms: Outline, titles: Sequence[str]) -> list[Meaning]:
    """What the symbols of a model mean, those of the intercept and before it first.

    Args:
        terms: the model.
        titles: what its group-level terms are called.
    """
    alike = "a cell: {contacts} that are alike in all that the model looks at"
    counts = listed([of_cell(Letter("y")), of_cell(Letter("n"))])
    found = [
        Meaning(Letter("i"), alike, True),
        Meaning(counts, "the successes in cell i, and its {contacts}", True),
        Meaning(of_cell(Letter("p")), "the rate of cell i"),
    ]
    if terms.has_intercept:
        said = "the intercept, where all that is added to it is 0"
        found.append(Meaning(Letter("alpha"), said))
    for block in terms.slopes:
        found.append(Meaning(name_block(block), explain_block(block)))
        found += [explain_columns(block)] if has_columns(block) else []
    for group, title in zip(terms.groups, titles, strict=True):
        found += _explain_group(group, title)
    if terms.likelihood.overdispersed:
        found.append(Meaning(Letter("phi"), "the precision: the larger, the nearer to a binomial"))
    return found


def explain_block(block: Block) -> str:
    """What the coefficients of a term are."""
    by = " times ".join(spell(part.expression) for part in block.numbers)
    if not is_indexed(block):
        if len(block.names) == 1:
            return f"what one more of {by or spell(block.label)} adds"
        return f"what the columns of {spell(block.label)} add: {some(block.names)}"
    factors = " and ".join(block.factors)
    levels = f"each level of {factors}" if len(block.factors) == 1 else f"levels of {factors}"
    said = f"what one more of {by} adds at {levels}" if by else f"what {levels} adds"
    said = said if len(block.factors) == 1 or by else f"what {levels} add together"
    return said + explain_reference(block)


def explain_reference(block: Block) -> str:
    """That some levels have no coefficient of a term; nothing where all have one."""
    absent = _references(block)
    return f"; 0 where {absent}" if absent else ""


def explain_columns(block: Block) -> Meaning:
    """What the columns of a term that has several are."""
    symbol = at(Scripts(Letter("x"), Word(spell(block.label))), Letter("i"), Letter("k"))
    said = f"column k of {spell(block.label)} in cell i"
    return Meaning(symbol, said)


def has_columns(block: Block) -> bool:
    """Whether a term is written as a sum over columns."""
    return len(block.names) > 1 and not is_indexed(block)


def some(names: Sequence[str]) -> str:
    """Names in a row, the first few."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"


def _explain_group(group: Group, title: str) -> list[Meaning]:
    levels = f"level j of {':'.join(group.grouping)}"
    about = [spell(name) for name in group.coefficients]
    said = f"the effects of {levels}: {some(about)}"
    if about == [INTERCEPT]:
        said = f"the effect of {levels}"
    elif len(about) > 1:
        said += "".join(explain_reference(block) for block in group.blocks if block.factors)
    found = [Meaning(at(name_group("u", title), Letter("j")), said)]
    if len(about) == 1 and group.blocks[0].factors and not group.blocks[0].numbers:
        column, where = (
            group.blocks[0],
            zip(group.blocks[0].factors, group.blocks[0].levels[0], strict=True),
        )
        when = " and ".join(f"{name} is {level}" for name, level in where)
        found.append(Meaning(of_cell(Word(column.names[0])), f"1 where {when}, else 0"))
    for block in group.blocks:
        found += [explain_columns(block)] if has_columns(block) else []
    found.append(Meaning(name_group("sigma", title), "their standard deviation over levels"))
    if group.correlation:
        found.append(Meaning(name_group("R", title), "their correlations"))
    return found


def _references(block: Block) -> str:
    """The levels that have no coefficient."""
    said = []
    for position, name in enumerate(block.factors):
        named = {levels[position] for levels in block.levels}
        absent = [str(x) for x in block.cells[name].cat.categories if str(x) not in named]
        if absent:
            said.append(f"{name} is {some(absent)}")
    return " or ".join(said)
