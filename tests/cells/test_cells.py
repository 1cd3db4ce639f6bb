"""Cells: every contact counted once, in the order of the levels, or accounted for."""

import pandas as pd
import pytest

from partialpool.cells.cells import label_cells, make_cells, read_cells, write_cells
from partialpool.cells.levels import levels_of, numbers_of
from partialpool.errors import InputError
from partialpool.settings import Factor, Number, Outcome
from partialpool.source.counted import OUTCOME, PROBLEM, ROWS
from partialpool.source.fields import FILTERED

from ..factories.counted import BOUGHT, CONTACTS, FACTORS, counted, make, make_counts


def test_cells_stand_in_the_order_of_the_levels_with_their_counts():
    cells, _ = make()
    assert cells.astype({"promo": str, "channel": str}).values.tolist() == [
        ["without", "mail", 2, 10],
        ["without", "shop", 0, 3],
        ["with", "mail", 0, 5],
        ["with", "shop", 7, 7],
    ]
    assert list(cells["promo"].cat.categories) == ["without", "with"]


def test_the_ledger_accounts_for_every_row():
    _, ledger = make()
    assert ledger == {
        "rows_read": 25,
        "rows_used": 25,
        "dropped": [],
        "contacts": 25,
        "successes": 9,
        "cells": 4,
        "found": [],
    }


def test_the_order_of_the_factors_is_that_of_the_columns():
    cells, _ = make(factors=dict(reversed(FACTORS.items())))
    assert list(cells.columns) == ["channel", "promo", "successes", "trials"]
    assert cells["trials"].tolist() == [10, 5, 3, 7]


def test_a_combination_without_contacts_is_no_cell():
    cells, _ = make_cells(counted(*CONTACTS[:2], *CONTACTS[3:]), FACTORS, {}, BOUGHT, "error")
    assert label_cells(cells) == [
        "without, mail",
        "with, mail",
        "with, shop",
    ]


def test_a_source_without_contacts_is_refused():
    empty = counted().iloc[:0]
    with pytest.raises(InputError, match=r"source: found no contacts"):
        make_cells(empty, FACTORS, {}, BOUGHT, "error")


def test_contacts_that_the_filter_leaves_out_are_counted():
    left_out = pd.DataFrame([(None, None, None, 9)], columns=["promo", "channel", OUTCOME, ROWS])
    table = pd.concat([counted(), left_out.assign(**{PROBLEM: FILTERED})], ignore_index=True)
    cells, ledger = make_cells(table, FACTORS, {}, BOUGHT, "error")
    assert cells["trials"].sum() == 25
    assert ledger["rows_read"] == 34
    assert ledger["dropped"] == [{"reason": "that the filter leaves out", "rows": 9}]


def test_rows_without_a_contact_are_left_out_and_counted():
    rows = [("a", 1, 2, 1), ("b", 0, 0, 3), ("c", 0, 4, 1)]
    cells, ledger = make_counts(rows, Outcome(successes="won", trials="tried"))
    assert levels_of(cells) == {"promo": ["a", "c"]}
    assert ledger["dropped"] == [{"reason": "without a contact", "rows": 3}]


def test_numbers_stand_beside_the_factors_and_keep_their_digits(tmp_path):
    rows = [("with", 0.1 + 0.2, "yes", 2), ("with", 0.3, "no", 1), ("without", -4.0, "no", 5)]
    table = pd.DataFrame(rows, columns=["promo", "age", OUTCOME, ROWS]).assign(**{PROBLEM: None})
    numbers = {"age": Number(column="Age")}
    cells, _ = make_cells(table, {"promo": FACTORS["promo"]}, numbers, BOUGHT, "error")
    assert numbers_of(cells) == ["age"]
    assert cells["age"].tolist() == [-4.0, 0.3, 0.1 + 0.2]
    assert label_cells(cells)[0] == "without, age -4"
    write_cells(cells, tmp_path / "cells.csv")
    again = read_cells(tmp_path / "cells.csv", levels_of(cells))
    assert again["age"].tolist() == cells["age"].tolist()


def test_cells_whose_levels_would_read_the_same_have_labels_that_differ():
    rows = [("a, b", "c", "yes", 1), ("a", "b, c", "no", 1)]
    factors = {name: Factor(column=name) for name in ("promo", "channel")}
    cells, _ = make_cells(counted(*rows), factors, {}, BOUGHT, "error")
    assert len(set(label_cells(cells))) == 2


def test_cells_survive_the_round_trip_through_csv(tmp_path):
    levels = ("NA", 'a "b", c', " pad ", "two\nlines", "😀", "01", "NULL")
    rows = [(level, "yes", i + 1) for i, level in enumerate(levels)]
    table = pd.DataFrame(rows, columns=["level", OUTCOME, ROWS]).assign(**{PROBLEM: None})
    factors = {"level": Factor(column="Level", levels=levels)}
    cells, _ = make_cells(table, factors, {}, BOUGHT, "error")
    write_cells(cells, tmp_path / "cells.csv")
    again = read_cells(tmp_path / "cells.csv", {"level": levels})
    pd.testing.assert_frame_equal(again, cells, check_dtype=False)
    assert again["level"].tolist() == list(levels)
