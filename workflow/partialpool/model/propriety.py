"""Whether a posterior under flat priors is one at all.

Where coefficients with flat priors can change together and no rate changes, nothing holds them
back. Where a combination of coefficients tells successes from failures without exception, the
likelihood rises for ever along it (Albert and Anderson 1984); without a proper prior on them the
posterior cannot be normalised. A linear program finds such a direction (Konis 2007).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from partialpool.errors import InputError
from partialpool.model.identifiability import check_rank

NEGLIGIBLE = 1e-7
"""What is as good as 0, in the solution of a program whose unknowns lie within -1 and 1."""
MOST_NAMED = 6
"""Coefficients that a message names at most."""


def check_propriety(
    names: Sequence[str], columns: np.ndarray, successes: np.ndarray, trials: np.ndarray
) -> None:
    """Check that the counts hold back every coefficient that no prior does.

    Args:
        names: of the coefficients with a flat prior.
        columns: of the design, cells x these coefficients; about the point at which the
            intercept's prior holds where the intercept has a proper one.
        successes: of each cell.
        trials: of each cell.

    Raises:
        InputError: naming the coefficients along which the likelihood never falls.
    """
    check_rank(names, columns[trials > 0])
    free = separating_coefficients(names, columns, successes, trials)
    if free:
        more = f" and {len(free) - MOST_NAMED} more" if len(free) > MOST_NAMED else ""
        raise InputError(
            f"priors: found flat on {', '.join(free[:MOST_NAMED])}{more}, which the counts hold "
            "back on one side only (no success, or nothing but, wherever it is large); expected a "
            "proper prior there, such as normal(0, 2.5)"
        )


def separating_coefficients(
    names: Sequence[str], columns: np.ndarray, successes: np.ndarray, trials: np.ndarray
) -> list[str]:
    """The coefficients that may go to infinity together without the likelihood falling.

    Args and shapes as in `check_propriety`; empty where the maximum likelihood is finite.
    """
    counted = trials > 0
    columns, successes, trials = columns[counted], successes[counted], trials[counted]
    size = np.abs(columns).max(axis=0, initial=0)
    scaled = columns / np.where(size > 0, size, 1)
    ends = (successes == 0) | (successes == trials)
    toward = np.where(successes == 0, -1.0, 1.0)[:, None] * scaled
    if not names or not (ends.any() or (size == 0).any()):
        return []
    found = linprog(
        -toward[ends].sum(axis=0),
        A_ub=-toward[ends],
        b_ub=np.zeros(ends.sum()),
        A_eq=scaled[~ends],
        b_eq=np.zeros((~ends).sum()),
        bounds=(-1, 1),
        method="highs",
    )
    direction = np.where(size > 0, found.x, 1) if found.success else np.zeros(len(names))
    gains = (toward[ends] @ direction).sum() > NEGLIGIBLE or bool((size == 0).any())
    return [n for n, d in zip(names, direction, strict=True) if gains and abs(d) > NEGLIGIBLE]
