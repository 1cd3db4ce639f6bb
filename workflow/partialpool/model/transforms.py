"""Functions of numbers in formulas that look at all of the data: they see contacts, not cells.

Formulaic gives a transform one row for each cell, so that a mean, a knot or a polynomial would
depend on how many cells the contacts lie in, and so on columns that no formula names. Here a
transform learns from a number's values as often as contacts have them, whatever their cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import cache, partial
from typing import Any

import numpy as np

from partialpool.model.grammar import INDEX

LEARNING = ("center", "scale", "standardize", "poly", "bs", "cc", "cr", "cs")
"""Functions of formulas that keep something of the data that they were first used on."""
TRIALS = "trials"
"""The column of the cells that says how many contacts each has."""
MOST_ROWS = 1_000_000
"""Contacts that a transform learns from; of more, as many in the same proportions."""
Transform = Callable[..., Any]


@cache
def contact_transforms() -> dict[str, Transform]:
    """What formulas call by the names in `LEARNING`, and `INDEX`."""
    from formulaic.transforms import TRANSFORMS

    learning = {name: learn_over_contacts(TRANSFORMS[name]) for name in LEARNING}
    return {**learning, INDEX: partial(TRANSFORMS["C"], spans_intercept=False)}


def learn_over_contacts(transform: Transform) -> Transform:
    """The same transform of formulaic's, which learns from contacts where it is given cells."""
    from formulaic.utils.stateful_transforms import stateful_transform

    def learned(
        data: Any,
        *arguments: Any,
        _state: MutableMapping[str, Any],
        _context: Mapping[str, Any],
        **named: Any,
    ) -> Any:
        if not _state:
            rows = repeat_values(np.asarray(data), _context.get(TRIALS))
            transform(rows, *arguments, _state=_state, **named)
        return transform(data, *arguments, _state=_state, **named)

    made: Transform = stateful_transform(learned)
    return made


def repeat_values(values: np.ndarray, trials: np.ndarray | None) -> np.ndarray:
    """Values as often as contacts have them, sorted; one that no contact has is there once.

    Args:
        values: of each cell.
        trials: of each cell; none: one each.
    """
    distinct, place = np.unique(values, return_inverse=True)
    counts = np.bincount(place, trials, len(distinct))
    shown = (counts * min(1.0, MOST_ROWS / max(counts.sum(), 1))).round()
    return np.repeat(distinct, np.maximum(shown.astype(int), 1))
