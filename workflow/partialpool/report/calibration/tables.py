"""Tables of calibration: the tests of each quantity."""

from __future__ import annotations

import pandas as pd

from partialpool.report.calibration.text import show_p
from partialpool.report.formats import decimals
from partialpool.report.selection import SHOWN, left_out, select_largest
from partialpool.report.table import Table


def tabulate_ranks(summary: pd.DataFrame, model: str) -> Table:
    """The two tests of each quantity, and what they come to; the least even if many.

    Args:
        summary: `ranks.summarise_ranks`.
        model: its name.
    """
    rows = summary.set_index("parameter")
    evenness = rows[["histogram_p", "ecdf_p"]].min(axis=1)
    names = select_largest(1 - evenness, SHOWN)
    chosen = rows.loc[names]
    frame = pd.DataFrame(
        {
            "chi-square": chosen["chi_square"],
            "its p": chosen["histogram_p"],
            "p of the curve": chosen["ecdf_p"],
            "adjusted p": chosen["adjusted_p"],
            "even": ~chosen["flagged"],
        }
    ).rename_axis("quantity")
    shows = dict.fromkeys(("its p", "p of the curve", "adjusted p"), show_p)
    return Table(
        frame,
        f"Tests of the ranks of the truth, {model} model. The adjusted p-value counts all tests of "
        "the model.",
        note=left_out(len(summary), "quantities, with more even ranks", "summary.csv").strip(),
        formats={"chi-square": decimals(1), **shows},
    )
