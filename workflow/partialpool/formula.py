"""lme4/brms formulas: population-level terms for formulaic, and group-level terms.

`promo + (1 + promo | channel)` has a population part `promo` and one group-level term with
the coefficients of `1 + promo`, varying over the levels of `channel`. `||` leaves the
coefficients of a term uncorrelated; `a/b` is `a` and `a:b`, as in lme4.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from formulaic import Formula as FormulaicFormula
from formulaic.errors import FormulaicError

from partialpool.errors import InputError


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
    def variables(self) -> set[str]:
        """The columns that the formula reads."""
        sides = [self.population, *(g.coefficients for g in self.groups)]
        used = {v for side in sides for v in FormulaicFormula(side).required_variables}
        return {str(v) for v in used} | {name for g in self.groups for name in g.grouping}


def parse_formula(text: str, factors: Collection[str]) -> Formula:
    """Take a formula apart and check that it only names known factors.

    Raises:
        InputError: brackets or `|` do not fit, formulaic cannot read a part, or a name is
            not a factor.
    """
    parts = _split(text)
    population = [part for part in parts if "|" not in part]
    groups = tuple(g for part in parts if "|" in part for g in _group_terms(part, text))
    joined = "".join(population).strip().lstrip("+").strip() or "1"
    formula = Formula(text, joined, groups)
    try:
        unknown = sorted(formula.variables - set(factors))
    except (FormulaicError, SyntaxError) as error:
        raise InputError(f"found {text!r}, which cannot be read: {_first_line(error)}") from None
    if unknown:
        raise InputError(
            f"found {text!r}, which names {', '.join(unknown)}; expected factors among "
            f"{', '.join(factors)}"
        )
    return formula


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
    return [GroupTerm(match[1].strip(), g, correlated=match[2] == "|") for g in groupings]


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
