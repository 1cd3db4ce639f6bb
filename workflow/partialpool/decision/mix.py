"""The contacts that an answer is for, where they are others than those of the source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from partialpool.decision.strata import OBSERVED
from partialpool.errors import InputError
from partialpool.frames import read_given

COUNT = "contacts"
"""The column of a mix that says how many."""


def read_mix(path: Path, factors: Sequence[str], treatment: str) -> pd.DataFrame:
    """How many contacts of each combination of levels an answer is for.

    Args:
        path: of a CSV file with columns of factors, by their names, and `contacts`.
        factors: of the analysis.
        treatment: the factor whose levels are the arms, which a mix cannot have.

    Returns:
        A row per combination: levels as text, and `contacts`, not all 0.

    Raises:
        InputError: it has other columns, a count that is none, a combination twice, or nobody.
    """
    try:
        rows = read_given(path)
    except (OSError, ValueError) as error:  # pandas' own errors of reading are ValueErrors
        raise InputError(f"{path}: found no table to read ({error}), expected a CSV file") from None
    by = [str(name) for name in rows if name != COUNT]
    allowed = [name for name in factors if name != treatment]
    wrong = next((name for name in by if name not in allowed), None)
    if wrong is not None or COUNT not in rows or not by:
        found = (
            f"a column {wrong!r}" if wrong is not None else f"columns {', '.join(map(str, rows))}"
        )
        raise InputError(
            f"{path}: found {found}, expected {COUNT} and some of {', '.join(allowed)}"
        )
    counts = pd.to_numeric(rows[COUNT], errors="coerce")
    bad = ~(np.isfinite(counts) & (counts >= 0))
    if bad.any():
        row = int(bad.to_numpy().argmax())
        found = f"{rows[COUNT].iloc[row]!r} in row {row + 1}"
        raise InputError(f"{path}: {COUNT} holds {found}, expected a number from 0 on")
    if rows[by].duplicated().any():
        twice = ", ".join(rows.loc[rows[by].duplicated(), by].iloc[0])
        raise InputError(f"{path}: found {twice} twice, expected every combination once")
    if counts.sum() <= 0:
        raise InputError(f"{path}: found nobody, expected {COUNT} above 0 somewhere")
    return rows[by].assign(**{COUNT: counts.astype(float)})


def weigh_strata(levels: pd.DataFrame, mix: pd.DataFrame) -> np.ndarray:
    """The weight of every stratum under a mix; strata that it does not tell apart share as now.

    Args:
        levels: of the strata, those of the mix among their factors (`Strata.levels`).
        mix: `read_mix`.

    Raises:
        InputError: the mix has a combination that no contact of the source had.
    """
    by = [name for name in mix if name != COUNT]
    known = levels.groupby(by, sort=False)[OBSERVED].sum()
    wanted = mix.set_index(by)[COUNT]
    wanted = wanted[wanted > 0]
    unknown = [key for key in wanted.index if key not in known.index]
    if unknown:
        key = unknown[0] if isinstance(unknown[0], tuple) else (unknown[0],)
        named = ", ".join(f"{name} {level}" for name, level in zip(by, key, strict=True))
        more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        raise InputError(
            f"decision.mix: found contacts of {named}{more}, which the source has none of, so "
            "nothing is known of their rates; leave them out"
        )
    keys = pd.MultiIndex.from_frame(levels[by]) if len(by) > 1 else pd.Index(levels[by[0]])
    shares = levels[OBSERVED].to_numpy() / known.reindex(keys).to_numpy()
    return np.asarray(wanted.reindex(keys, fill_value=0.0).to_numpy() * shares)
