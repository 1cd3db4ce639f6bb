"""Cells with chosen counts, in the order of their levels."""

import pandas as pd

from partialpool.cells.levels import with_levels


def crossed(levels, **columns):
    """A cell for each combination of the levels, 1 of 2 contacts a success unless told."""
    grid = pd.MultiIndex.from_product(levels.values(), names=levels).to_frame(index=False)
    return with_levels(grid.assign(**({"successes": 1, "trials": 2} | columns)), levels)


def listed(rows, levels, numbers=()):
    """Cells as they are given: the levels of each, its numbers, its successes and trials."""
    columns = [*levels, *numbers, "successes", "trials"]
    return with_levels(pd.DataFrame(rows, columns=columns), levels)
