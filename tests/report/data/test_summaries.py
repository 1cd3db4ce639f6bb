"""One line for each part of what is said of the data."""

import pandas as pd

from partialpool.report.data import summaries as sums

CELLS = pd.DataFrame({"trials": [1000, 234], "successes": [10, 20]})
MARGINS = pd.DataFrame(
    {"factor": ["promo", ""], "level": ["Bundle", ""], "successes": [20, 30], "trials": [234, 1234]}
).assign(rate=lambda table: table["successes"] / table["trials"])


def test_rows_levels_cells_successes_and_rates_are_counted(made):
    assert sums.sum_up_rows({"rows_used": 7, "rows_read": 9}) == "7 of 9 rows are used"
    assert sums.sum_up_levels(made.labels) == "2 of promo and 3 of channel"
    assert sums.sum_up_cells(CELLS, made.labels) == "2 cells of 1\u202f234 contacts"
    assert sums.sum_up_successes(MARGINS, made.labels) == "30 of 1\u202f234 contacts"
    assert sums.sum_up_rates(MARGINS, made.labels) == "2.43% of all contacts"
