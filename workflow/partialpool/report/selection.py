"""What a page shows of what is too much for it: the most telling, chosen from the numbers."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from partialpool.model.parameters import of_kind
from partialpool.posterior.names import effect_blocks, other_parameters
from partialpool.report.formats import integer

SHOWN = 24
"""Parameters, levels or cells that a table or a figure shows at most."""
CHAINS = 12
"""Parameters whose chains are drawn at most."""
DRAWN_KINDS = ("population", "sd", "correlation", "phi")
"""Kinds of parameters beside effects and others, in the order in which they are drawn."""


def select_largest(values: pd.Series[float], most: int = SHOWN) -> list[str]:
    """The names of the largest of some values, either way, in their own order.

    Of equal ones the first are taken; what is no number comes last.
    """
    size = values.abs().fillna(-np.inf).to_numpy()
    chosen = np.sort(np.argsort(-size, kind="stable")[:most])
    return [str(name) for name in values.index[chosen]]


def shown_effects(names: pd.DataFrame, means: pd.Series[float]) -> list[str]:
    """The varying effects that are drawn: of each coefficient those farthest from 0.

    Args:
        names: of the model's parameters (`parameters.name_parameters`).
        means: of the parameters, by name.
    """
    blocks = effect_blocks(names)[:SHOWN]
    most = max(1, SHOWN // max(1, len(blocks)))
    return [name for block in blocks for name in select_largest(means[block], most)]


def drawn_parameters(names: pd.DataFrame, means: pd.Series[float]) -> list[str]:
    """The parameters whose densities are drawn; others have a row in a file alone."""
    others = other_parameters(names, list(means.index))
    kinds = [[n for n in of_kind(names, kind) if n in means.index] for kind in DRAWN_KINDS]
    fixed = [name for block in (*kinds, others) for name in block[:SHOWN]]
    return fixed + shown_effects(names, means)


def worst_mixed(diagnostics: pd.DataFrame) -> list[str]:
    """The parameters whose chains are drawn: those with the fewest effective draws, they first.

    What is no number comes before all.
    """
    order = diagnostics.sort_values("ess_bulk", na_position="first", kind="stable")
    return [str(name) for name in order["parameter"][:CHAINS]]


def least_even(summary: pd.DataFrame, always: str) -> list[str]:
    """The quantities whose ranks are drawn: the least even, and one that always is.

    Args:
        summary: `ranks.summarise_ranks`.
        always: its name.
    """
    evenness = summary.set_index("parameter")[["histogram_p", "ecdf_p"]].min(axis=1)
    first = evenness.sort_values(kind="stable").index[:CHAINS]
    chosen = {*first[: CHAINS - 1], always} if always not in first else {*first}
    return [str(name) for name in summary["parameter"] if name in chosen]


def left_out(total: int, what: str, where: str, shown: int = SHOWN) -> str:
    """What a table or figure does not show, and where it is; nothing when it shows all."""
    more = total - shown
    if more == 1:
        one = re.sub(r"s\b", "", what, count=1)
        return f" Not shown: one more {one}, which is in {where}."
    return f" Not shown: {integer(more)} more {what}, which are in {where}." if more > 0 else ""
