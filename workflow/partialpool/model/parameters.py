"""The parameters of a model as a table: what each is called, and what it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from typing import Any

import pandas as pd

from partialpool.errors import InputError
from partialpool.model.coefficients import INTERCEPT as INTERCEPT
from partialpool.model.design import Design
from partialpool.model.likelihood import Likelihood
from partialpool.model.terms import Term

PRECISION = "phi"
"""The name of a beta-binomial's precision."""
OTHER = "other"
"""The kind of what only a program of the user's own has."""
COLUMNS = [
    *("parameter", "kind", "position", "grouping", "coefficient", "other_coefficient", "level"),
    "population_coefficient",
]


def name_parameters(
    design: Design, likelihood: Likelihood, others: Sequence[str] = ()
) -> pd.DataFrame:
    """Every parameter of a model, in the order of Stan's variables.

    Args:
        design: of the model.
        likelihood: of the model.
        others: variables that only a program of the user's own has.

    Returns:
        A row for each `parameter`. Its `kind` is the Stan variable that it is in (`population`,
        `sd`, `correlation`, `effect`, `phi`), its `position` the place there, from 1; of kind
        `other` are whole variables, by their Stan names, at 0. Group-level parameters have their
        `grouping` factor and `coefficient`, correlations an `other_coefficient` too, and effects a
        `level`; effects and standard deviations the `population_coefficient` that the effects
        scatter about. What does not apply is empty.

    Raises:
        InputError: two parameters would have one name.
    """
    terms = design.terms
    rows = {
        "population": _population(design.coefficients),
        "sd": chain.from_iterable(_sds(term, design) for term in terms),
        "correlation": chain.from_iterable(map(_correlations, terms)),
        "effect": chain.from_iterable(_effects(term, design) for term in terms),
        "phi": [{"parameter": PRECISION}] * likelihood.overdispersed,
        OTHER: [{"parameter": name, "position": 0} for name in others],
    }
    table = pd.DataFrame(
        [row for kind, of in rows.items() for row in _numbered(kind, of)], columns=COLUMNS
    )
    twice = table["parameter"][table["parameter"].duplicated()]
    if len(twice):
        raise InputError(
            f"formula: two parameters would be called {twice.iloc[0]}, expected names of factors, "
            "numbers and levels that tell them apart"
        )
    return table


def of_kind(names: pd.DataFrame, *kinds: str) -> list[str]:
    """The parameters of some kinds, in the order of the table.

    Args:
        names: `name_parameters`.
        kinds: some of its kinds.
    """
    return [str(name) for name in names["parameter"][names["kind"].isin(kinds)]]


Row = dict[str, Any]
_NOTHING: Row = dict.fromkeys(COLUMNS, "")


def _population(coefficients: Sequence[str]) -> Iterator[Row]:
    """The intercept, whose place is there without one too, then the slopes."""
    ordered = [INTERCEPT, *(name for name in coefficients if name != INTERCEPT)]
    position = {name: place for place, name in enumerate(ordered, start=1)}
    for name in coefficients:
        yield {"parameter": name, "position": position[name], "coefficient": name}


def _sds(term: Term, design: Design) -> Iterator[Row]:
    for name, coefficient in zip(term.sd_names, term.coefficients, strict=True):
        yield {"parameter": name, **_effect(term, coefficient, design)}


def _correlations(term: Term) -> Iterator[Row]:
    for name, (one, other) in zip(term.correlation_names, term.pairs, strict=True):
        row = {"grouping": term.name, "coefficient": one, "other_coefficient": other}
        yield {"parameter": name, **row}


def _effects(term: Term, design: Design) -> Iterator[Row]:
    of = product(term.coefficients, term.levels)
    for name, (coefficient, level) in zip(term.effect_names, of, strict=True):
        yield {"parameter": name, "level": level, **_effect(term, coefficient, design)}


def _effect(term: Term, coefficient: str, design: Design) -> Row:
    about = coefficient if coefficient in design.coefficients else ""
    return {"grouping": term.name, "coefficient": coefficient, "population_coefficient": about}


def _numbered(kind: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of one kind, which have their places in order unless they say otherwise."""
    for place, row in enumerate(rows, start=1):
        yield _NOTHING | {"kind": kind, "position": place} | row
