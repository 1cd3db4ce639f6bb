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
from functools import cache

from partialpool.errors import InputError
from partialpool.settings import Analysis

ORDERED = {"Q", "hashed", "lag", "np"}
"""Functions of formulaic that give something else for another order of the rows, or no column."""


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


@dataclass(frozen=True)
class Formula:
    """A formula taken apart."""

    text: str
    population: str
    """Right-hand side of the population-level part; `0` where there is none."""
    groups: tuple[GroupTerm, ...]

    @property
    def coefficient_variables(self) -> set[str]:
        """The columns that coefficients depend on, at either level."""
        sides = [self.population, *(g.coefficients for g in self.groups)]
        return {name for side in sides for name in _names(side)} - known_functions()

    @property
    def population_variables(self) -> set[str]:
        """The columns that population-level coefficients depend on."""
        return _names(self.population) - known_functions()

    @property
    def variables(self) -> set[str]:
        """The columns that the formula reads."""
        return self.coefficient_variables | {name for g in self.groups for name in g.grouping}


@cache
def known_functions() -> frozenset[str]:
    """What a formula may call: those of formulaic that give the same for any order of the rows."""
    from formulaic.transforms import TRANSFORMS

    return frozenset(TRANSFORMS) - ORDERED


def parse_formula(text: str, factors: Collection[str], numbers: Collection[str] = ()) -> Formula:
    """Take a formula apart and check that it only names known factors and numbers.

    Raises:
        InputError: brackets or `|` do not fit, formulaic cannot read a part, a name is neither
            a factor, a number nor one of `known_functions`, or a number stands for a grouping
            factor.
    """
    parts = _split(text)
    population = [part for part in parts if "|" not in part]
    groups = tuple(g for part in parts if "|" in part for g in _group_terms(part, text))
    joined = _python_powers("".join(population).strip().lstrip("+").strip() or "1")
    formula = Formula(text, joined, groups)
    from formulaic.errors import FormulaicError

    try:
        unknown = sorted(formula.variables - {*factors, *numbers})
    except (FormulaicError, SyntaxError) as error:
        raise InputError(f"found {text!r}, which cannot be read: {first_line(error)}") from None
    if unknown:
        kinds = f"factors among {', '.join(factors)}"
        kinds += f", numbers among {', '.join(numbers)}" if numbers else ""
        called = any(re.search(rf"{re.escape(name)}\s*\(", text) for name in unknown)
        kinds += f", functions among {', '.join(sorted(known_functions()))}" if called else ""
        raise InputError(f"found {text!r}, which names {', '.join(unknown)}; expected {kinds}")
    grouping = next((name for g in groups for name in g.grouping if name in numbers), None)
    if grouping is not None:
        raise InputError(f"found {text!r}, which groups by the number {grouping}; expected factors")
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


def _names(side: str) -> set[str]:
    """Every name in the factors of a side, functions too; formulaic lists no stateful ones."""
    from formulaic import Formula as FormulaicFormula

    expressions = {factor.expr for term in FormulaicFormula(side) for factor in term.factors}
    nodes = (node for text in expressions for node in ast.walk(ast.parse(text, mode="eval")))
    return {_name(node) for node in nodes if isinstance(node, ast.Name | ast.Attribute)}


def _name(node: ast.Name | ast.Attribute) -> str:
    """A name, or the dotted one of an attribute; `contr.sum` and its like are functions too."""
    dotted = ast.unparse(node)
    return "contr" if re.fullmatch(r"contr\.\w+", dotted) else dotted


def _python_powers(side: str) -> str:
    """R's `I(x^2)` is formulaic's `I(x**2)`; outside functions both mean the same to it."""
    return side.replace("^", "**")


def _split(text: str) -> list[str]:
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
        raise InputError(f"found {text!r}, expected every bracket to be closed")
    if "~" in text:
        raise InputError(f"found {text!r}, expected only what stands right of '~'")
    return [part for part in parts if part.strip()]


def _group_terms(part: str, text: str) -> list[GroupTerm]:
    match = re.fullmatch(r"\s*\+?\s*\(([^|]+)(\|\|?)([^|()]+)\)\s*", part)
    names = re.findall(r"[^/:\s]+", match[3]) if match else []
    if match is None or not names or not all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in names):
        raise InputError(
            f"found {text!r}, expected group-level terms like (1 + x | g), (1 | a/b) or (x || g)"
        )
    nested = [tuple(step.strip().split(":")) for step in match[3].strip().split("/")]
    groupings = [
        tuple(name.strip() for step in nested[: depth + 1] for name in step)
        for depth in range(len(nested))
    ]
    coefficients = _python_powers(match[1].strip())
    return [GroupTerm(coefficients, g, correlated=match[2] == "|") for g in groupings]
