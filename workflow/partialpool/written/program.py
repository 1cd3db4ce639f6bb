"""A Stan program in the making: what it declares and states, line by line, and its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from partialpool.written.identifiers import Identifiers

LINE = 78
"""Letters of a statement at most, where stanc breaks it."""
WITH_COMMENT = 96
"""Letters of a line at most, its comment included."""
FIXED = ("N", "trials", "successes", "eta", "intercept", "at_mean", "phi", "rate")
"""What every program may declare."""


@dataclass(frozen=True)
class Line:
    """A statement, and what is said behind it."""

    code: str
    comment: str = ""


@dataclass(frozen=True)
class Datum:
    """A variable of the data block with its value, as JSON has it."""

    name: str
    declaration: str
    value: Any
    comment: str = ""


@dataclass(frozen=True)
class Parameter:
    """A variable of the parameters block."""

    name: str
    declaration: str
    holds: tuple[str, ...]
    """The model's parameters that its elements are, by their names in the results, in Stan's order;
    of effects, what these are in standard deviations."""
    comment: str = ""


@dataclass
class Program:
    """A program that grows by terms."""

    data: list[Datum] = field(default_factory=list)
    constants: list[Line] = field(default_factory=list)
    """Of transformed data."""
    parameters: list[Parameter] = field(default_factory=list)
    derived: list[Line] = field(default_factory=list)
    """Of transformed parameters."""
    summands: list[str] = field(default_factory=list)
    """Of the linear predictor, each a vector with a value for each cell."""
    priors: list[Line] = field(default_factory=list)
    likelihood: list[Line] = field(default_factory=list)
    names: Identifiers = field(default_factory=lambda: Identifiers(*FIXED))

    def share(self, name: str, declaration: str, value: Any, comment: str, prefix: str = "") -> str:
        """The name of a variable of the data block, which is there once for equal values.

        Args:
            name: that it is to be like.
            declaration: its type.
            value: as JSON has it.
            comment: what it is.
            prefix: of the name.
        """
        for datum in self.data:
            same = (datum.declaration, datum.comment) == (declaration, comment)
            if same and datum.value == value:
                return datum.name
        found = self.names.claim(prefix, name)
        self.data.append(Datum(found, declaration, value, comment))
        return found


def show_program(program: Program, heading: Sequence[str]) -> str:
    """The text of a program, as stanc formats it but for its comments.

    Args:
        program: with all its terms.
        heading: what stands above it, line by line.
    """
    blocks = {
        "data": [_declare(d.declaration, d.name, d.comment) for d in program.data],
        "transformed data": program.constants,
        "parameters": [_declare(p.declaration, p.name, p.comment) for p in program.parameters],
        "transformed parameters": program.derived,
        "model": [*_predictor(program), *program.priors, *program.likelihood],
    }
    lines = [f"// {tidy(line)}" for line in heading]
    for name, inside in blocks.items():
        if inside:
            lines += [f"{name} {{", *map(_show, inside), "}"]
    return "\n".join(lines) + "\n"


def add_up(start: str, summands: Sequence[str], name: str, sign: str = "+") -> list[str]:
    """Statements that add up a variable: one where a line holds it, else one for each summand.

    Args:
        start: what it begins with, `vector[N] eta = intercept`; it has the type.
        summands: what comes to it.
        name: of the variable.
        sign: of the summands, `+` or `-`.
    """
    whole = f"{start}{''.join(f' {sign} {of}' for of in summands)};"
    if len(whole) + 2 <= LINE:
        return [whole]
    return [f"{start};", *(f"{name} {sign}= {of};" for of in summands)]


def define(declaration: str, name: str, value: str, comment: str = "") -> list[Line]:
    """A variable with its value, in one statement or, where that is long, in two."""
    whole = f"{declaration} {name} = {value};"
    if len(whole) + 2 <= LINE:
        return [Line(whole, comment)]
    return [Line(f"{declaration} {name};", comment), Line(f"{name} = {value};")]


def tidy(text: str) -> str:
    """Text from data that fits behind `//`: one line, of letters that can be seen."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return re.sub(r"\s+", " ", shown).strip()


def _predictor(program: Program) -> Iterable[Line]:
    """The linear predictor of every cell, a vector from its start."""
    has_intercept = any(p.name in ("intercept", "at_mean") for p in program.parameters)
    constant = "intercept" if has_intercept else "0"
    if not program.summands:
        return [Line(f"vector[N] eta = rep_vector({constant}, N);")]
    first, *others = program.summands
    whole = add_up(f"vector[N] eta = {'intercept + ' * has_intercept}{first}", others, "eta")
    if len(whole) == 1 and len(whole[0]) + 2 <= LINE:
        return [Line(whole[0])]
    start = f"vector[N] eta = rep_vector({constant}, N)"
    return map(Line, add_up(start, program.summands, "eta"))


def _declare(declaration: str, name: str, comment: str) -> Line:
    return Line(f"{declaration} {name};", comment)


def _show(line: Line) -> str:
    shown = f"  {line.code}"
    room = WITH_COMMENT - len(shown) - len(" // ")
    comment = tidy(line.comment)
    if not comment or room < len("..."):
        return shown
    return f"{shown} // {comment if len(comment) <= room else comment[: room - 3] + '...'}"
