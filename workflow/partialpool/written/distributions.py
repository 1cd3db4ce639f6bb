"""Priors in the equations: distributions, and which parameters share one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partialpool.settings.priors import PARAMETERS, Family, Prior, PriorClass, is_halved
from partialpool.written.notation import (
    SPACE,
    Equation,
    Letter,
    Node,
    Number,
    Scripts,
    Word,
    at,
    call,
    count_letters,
    listed,
    row,
)

CALLED: dict[Family, str] = {
    "normal": "Normal",
    "student_t": "Student-t",
    "cauchy": "Cauchy",
    "exponential": "Exponential",
    "gamma": "Gamma",
    "inv_gamma": "InvGamma",
    "lognormal": "LogNormal",
    "uniform": "Uniform",
    "lkj": "LKJ",
}
SCALED: tuple[Family, ...] = ("normal", "student_t", "cauchy")
UNIT = Scripts(Letter("s"), Letter("k"))
"""The standard deviation that a prior is stated by, of each column."""
LONGEST = 10
"""Letters of the symbols that one equation states the prior of."""
MOST_TOGETHER = 4
"""Parameters that one equation states the prior of by name."""


@dataclass(frozen=True)
class WithPriors:
    """Some parameters that belong together, with the prior of each."""

    symbol: Node
    elements: tuple[Node, ...]
    """What each is called within; none where there is one parameter."""
    priors: tuple[Prior, ...]
    of: PriorClass
    per_deviation: Prior | None = None
    """Where the priors differ by the standard deviations of columns alone: of one of these."""


def _half(family: Family) -> Node:
    return Scripts(Word(CALLED[family]), sup=Word("+"))


HALVES = tuple(map(_half, SCALED))
"""The names of distributions that are cut at 0."""


def state_priors(parameters: Sequence[WithPriors], letter: Node | None = None) -> list[Equation]:
    """An equation for each prior, with all the parameters that share it.

    Args:
        parameters: of one class.
        letter: that stands for all that are not named, where too many share a prior.
    """
    shared: dict[Node, list[Node]] = {}
    for of in parameters:
        for right, symbol in _runs(of):
            shared.setdefault(right, []).append(symbol)
    most = max(shared.values(), key=len, default=[])
    found = []
    for right, symbols in shared.items():
        lefts: list[Node] = [listed(of) for of in _in_lines(symbols)]
        if len(symbols) > MOST_TOGETHER and symbols is most and letter is not None:
            lefts = [row(Word("every other" if len(shared) > 1 else "every"), SPACE, letter)]
        relation = "=" if isinstance(right, Number) else "~"
        found += [Equation(left, relation, (right,)) for left in lefts]
    return found


def _in_lines(symbols: Sequence[Node]) -> list[list[Node]]:
    """Symbols in lines that are not long, each with one at least."""
    lines: list[list[Node]] = []
    for symbol in symbols:
        if not lines or count_letters(row(*lines[-1], symbol)) > LONGEST:
            lines.append([])
        lines[-1].append(symbol)
    return lines


def write_distribution(prior: Prior, of: PriorClass) -> Node:
    """A distribution with its parameters; of its half above 0, with a plus."""
    if prior.family == "flat":
        return Word("flat")
    if prior.family == "constant":
        return Number(f"{prior.location:.4g}")
    name = _half(prior.family) if is_halved(prior, of) else Word(CALLED[prior.family])
    return call(name, *map(Number, _arguments(prior)))


def _arguments(prior: Prior) -> Iterable[str]:
    inside = str(prior).partition("(")[2].rstrip(")")
    assert len(inside.split(",")) == len(PARAMETERS[prior.family])
    return (f"{float(argument):.4g}" for argument in inside.split(","))


def _runs(of: WithPriors) -> list[tuple[Node, Node]]:
    """Distributions with what has them: the symbol as a whole if it can be, else its elements."""
    written = [write_distribution(prior, of.of) for prior in of.priors]
    if len(set(written)) == 1:
        return [(written[0], of.symbol)]
    if of.per_deviation is not None and of.per_deviation.family in SCALED:
        return [(_scaled(of.per_deviation), at(of.symbol, Letter("k")))]
    return [
        (right, at(of.symbol, element)) for right, element in zip(written, of.elements, strict=True)
    ]


def _scaled(prior: Prior) -> Node:
    """The prior of a coefficient of column k from that of one of its standard deviations."""
    *others, location, scale = _arguments(prior)
    located = row(Number(location), "/", UNIT) if float(location) else Number(location)
    name = Word(CALLED[prior.family])
    return call(name, *map(Number, others), located, row(Number(scale), "/", UNIT))
