"""Cells and levels where none or all succeeded, and what a model makes of them."""

import numpy as np
import pytest
from scipy.special import logit

from partialpool.checks.separation import CELL, MOST, tabulate_separation

from ..factories.cells import listed
from ..factories.draws import given

LEVELS = {"offer": ["none", "some"], "shop": ["a", "b", "c"]}
ROWS = [
    ("none", "a", 3, 10),
    ("some", "a", 0, 12),
    ("none", "b", 0, 8),
    ("some", "b", 0, 4),
    ("none", "c", 7, 7),
    ("some", "c", 2, 9),
]


def cells_of(rows=ROWS, levels=LEVELS):
    return listed(rows, levels)


def found(cells, rate=0.1):
    """What is found with a model that gives every cell the same rate, in two draws."""

    def predict(rows):
        yield slice(0, len(rows)), np.full((2, len(rows)), logit(rate))

    return tabulate_separation(given(cells, predict), 0.9)


def test_levels_come_before_the_cells_that_they_do_not_explain():
    table = found(cells_of())
    told = table[["kind", "side", "name", "successes", "trials"]].to_numpy().tolist()
    assert told == [
        ["shop", "none", "b", 0, 12],
        [CELL, "none", "some, a", 0, 12],
        [CELL, "all", "none, c", 7, 7],
    ]
    assert table["found"].tolist() == [1, 3, 1]
    assert table["total"].tolist() == [3, 6, 6]


def test_the_models_rate_stands_beside_the_counts():
    table = found(cells_of(), rate=0.03)
    assert table["mean"].tolist() == pytest.approx([0.03] * 3)


def test_a_levels_rate_weighs_all_its_contacts_alike():
    def predict(rows):
        rates = np.where(rows["offer"] == "none", 0.1, 0.4)
        yield slice(0, len(rows)), np.tile(logit(rates), (2, 1))

    table = tabulate_separation(given(cells_of(), predict), 0.9)
    assert table.loc[0, "mean"] == pytest.approx((8 * 0.1 + 4 * 0.4) / 12)


def test_without_separation_there_is_nothing_to_tell():
    table = found(cells_of([row for row in ROWS if 0 < row[2] < row[3]]))
    assert table.empty
    assert "lower" in table


def test_of_very_many_the_largest_are_told_and_all_are_counted():
    levels = {"offer": ["none", "some"], "shop": [f"s{i}" for i in range(500)]}
    rows = [("none", shop, int(i == 0), i + 2) for i, shop in enumerate(levels["shop"])]
    rows += [("some", shop, 1, 2) for shop in levels["shop"]]
    table = found(cells_of(rows, levels))
    of_cells = table[table["kind"] == CELL]
    assert len(of_cells) == MOST
    assert of_cells["trials"].min() == 501 - MOST + 1
    assert of_cells["found"].iloc[0] == 499
