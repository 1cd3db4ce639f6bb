"""Counted rows of contacts, and the cells that are made of them."""

import pandas as pd
import pytest

from partialpool.cells.cells import make_cells
from partialpool.errors import InputError
from partialpool.settings import Factor, Outcome
from partialpool.source.counted import OUTCOME, PROBLEM, ROWS, SUCCESSES, TRIALS

BOUGHT = Outcome(column="Bought", success="yes", failure="no")

FACTORS = {
    "promo": Factor(column="Promo", levels=("without", "with")),
    "channel": Factor(column="Channel", levels=("mail", "shop")),
}

CONTACTS = [
    ("with", "shop", "yes", 7),
    ("with", "mail", "no", 5),
    ("without", "shop", "no", 3),
    ("without", "mail", "yes", 2),
    ("without", "mail", "no", 8),
]


def counted(*rows):
    table = pd.DataFrame(rows or CONTACTS, columns=["promo", "channel", OUTCOME, ROWS])
    return table.assign(**{PROBLEM: None})


def make(*more, missing="error", factors=FACTORS, outcome=BOUGHT):
    return make_cells(counted(*CONTACTS, *more), factors, {}, outcome, missing)


def make_counts(rows, outcome, factors=None, missing="error"):
    """Cells of rows that are counts already: promo, successes, trials, rows."""
    table = pd.DataFrame(rows, columns=["promo", SUCCESSES, TRIALS, ROWS]).assign(**{PROBLEM: None})
    factors = factors or {"promo": Factor(column="Promo")}
    return make_cells(table, factors, {}, outcome, missing)


def refusal(*more, **changes):
    with pytest.raises(InputError) as error:
        make(*more, **changes)
    said = str(error.value)
    assert "\n" not in said
    return said
