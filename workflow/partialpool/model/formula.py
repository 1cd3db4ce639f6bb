"""lme4/brms formulas: population-level terms for formulaic, and group-level terms.

`promo + (1 + promo | channel)` has a population part `promo` and one group-level term with
the coefficients of `1 + promo`, varying over the levels of `channel`. `||` leaves the
coefficients of a term uncorrelated; `a/b` is `a` and `a:b`, as in lme4. Numbers enter as they are
or through the functions of formulaic: `center(age)`, `poly(age, 2)`, `bs(age, df=4)`, `I(age^2)`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass

from partialpool.errors import InputError
from partialpool.model.grammar import INDEX, find_calls, python_powers, read_side
from partialpool.settings import Analysis

LONGEST_SHOWN = 200
"""Letters of a formula that a message repeats at most."""


@dataclass(frozen=True)
class GroupTerm:
    """Coefficients that vary over the levels of a grouping factor."""

    coefficients: str
    """Right-hand side of a formula, `1 + promo`."""
    grouping: tuple[str, ...]
    """Factors whose combined levels are the grouping factor's."""
    correlated: bool

    @property
    def name(self) -> str:
        """The grouping factor's name, `region:store`."""
        return ":".join(self.grouping)

    @property
    def variables(self) -> set[str]:
        """The columns that its effects depend on."""
        return read_side(self.coefficients) | set(self.grouping)


@dataclass(frozen=True)
class Formula:
    """A formula taken apart."""

    text: str
    population: str
    """Right-hand side of the population-level part; `0` where there is none."""
    groups: tuple[GroupTerm, ...]

    @property
    def sides(self) -> tuple[str, ...]:
        """The right-hand sides that coefficients come from, at both levels."""
        return (self.population, *(group.coefficients for group in self.groups))

    @property
    def coefficient_variables(self) -> set[str]:
        """The columns that coefficients depend on, at either level."""
        return set().union(*map(read_side, self.sides))

    @property
    def population_variables(self) -> set[str]:
        """The columns that population-level coefficients depend on."""
        return read_side(self.population)

    @property
    def variables(self) -> set[str]:
        """The columns that the formula reads."""
        return self.coefficient_variables | {name for g in self.groups for name in g.grouping}

    def crosses(self, one: str, other: str) -> bool:
        """Whether two columns stand in one population-level term, which is their interaction."""
        from formulaic import Formula as FormulaicFormula  # slow to import

        terms = (
            set().union(*(read_side(str(factor.expr)) for factor in term.factors))
            for term in FormulaicFormula(self.population)
        )
        return any({one, other} <= variables for variables in terms)


def parse_formula(text: str, factors: Collection[str], numbers: Collection[str] = ()) -> Formula:
    """Take a formula apart and check that it only names known factors and numbers.

    Raises:
        InputError: brackets or `|` do not fit, a part is not of the grammar or too large
            (`grammar.read_side`), a name is neither a factor nor a number, or a number stands for
            a grouping factor.
    """
    shown = repr(text) if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]!r}..."
    parts = _split(text, shown)
    population = [part for part in parts if "|" not in part]
    joined = "".join(population).strip().lstrip("+").strip() or "1"
    try:
        groups = tuple(g for part in parts if "|" in part for g in _group_terms(part, shown))
        formula = Formula(text, python_powers(joined), groups)
        unknown = sorted(formula.variables - {*factors, *numbers})
    except InputError as error:
        told = str(error)
        raise InputError(
            told if told.startswith("found") else f"found {shown}, which {told}"
        ) from None
    if unknown:
        kinds = f"factors among {', '.join(factors)}"
        kinds += f", numbers among {', '.join(numbers)}" if numbers else ""
        raise InputError(f"found {shown}, which names {', '.join(unknown)}; expected {kinds}")
    grouping = next((name for g in groups for name in g.grouping if name in numbers), None)
    if grouping is not None:
        raise InputError(f"found {shown}, which groups by the number {grouping}; expected factors")
    _check_indexed(formula, factors, numbers, shown)
    return formula


def parse_formulas(analysis: Analysis) -> dict[str, Formula]:
    """The formula of every model of an analysis, taken apart.

    Raises:
        InputError: as `parse_formula`.
    """
    return {
        name: parse_formula(model.formula, analysis.factors, analysis.numbers)
        for name, model in analysis.models.items()
    }


def first_line(error: Exception) -> str:
    """What an error says, in a line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _check_indexed(
    formula: Formula, factors: Collection[str], numbers: Collection[str], shown: str
) -> None:
    """Check what the formula codes by every level."""
    calls = [call for side in formula.sides for call in find_calls(side)]
    indexed = [ast.unparse(call.args[0]) for call in calls if ast.unparse(call.func) == INDEX]
    number = next((name for name in indexed if name in numbers), None)
    if number is not None:
        raise InputError(
            f"found {shown}, which codes levels of the number {number}; expected a factor"
        )
    if indexed and INDEX in (*factors, *numbers):
        raise InputError(
            f"found {shown}, which calls {INDEX}, a column's name here; expected another name of "
            f"the column such as {INDEX}_, whose `column` may be what it is"
        )


def _split(text: str, shown: str) -> list[str]:
    """The summands of a formula at its top level, each with its sign."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
        if depth == 0 and character in "+-":
            parts.append("")
        parts[-1] += character
    if depth != 0:
        raise InputError(f"found {shown}, expected every bracket to be closed")
    if "~" in text:
        raise InputError(f"found {shown}, expected only what stands right of '~'")
    return [part for part in parts if part.strip()]


def _group_terms(part: str, shown: str) -> list[GroupTerm]:
    match = re.fullmatch(r"\s*\+?\s*\(([^|]+)(\|\|?)([^|()]+)\)\s*", part)
    names = re.findall(r"[^/:\s]+", match[3]) if match else []
    if match is None or not names or not all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in names):
        raise InputError(
            f"found {shown}, expected group-level terms like (1 + x | g), (1 | a/b) or (x || g)"
        )
    nested = [tuple(step.strip().split(":")) for step in match[3].strip().split("/")]
    groupings = [
        tuple(name.strip() for step in nested[: depth + 1] for name in step)
        for depth in range(len(nested))
    ]
    coefficients = python_powers(match[1].strip())
    return [GroupTerm(coefficients, g, correlated=match[2] == "|") for g in groupings]
