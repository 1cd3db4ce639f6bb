"""One line for each way of comparing models, for those who need not open it."""

from __future__ import annotations

import pandas as pd

from partialpool.frames import list_rows
from partialpool.report.text import plain, some


def sum_up_ranking(comparison: pd.DataFrame) -> str:
    """Which model predicts best, and which do within noise as well.

    Args:
        comparison: `ranking.compare`, the best first.
    """
    scored = list_rows(comparison[comparison["elpd"].notna()])
    if not scored:
        return "no model has a score to be trusted"
    best, *others = scored
    near = [plain(row["model"]) for row in others if row["within_noise"]]
    first = f"{plain(best['model'])} predicts best"
    return f"{first}; within noise of it {some(near)}" if near else first
