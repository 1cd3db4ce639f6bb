"""Cells: every contact counted once, in the order of the levels, or accounted for."""

import pandas as pd
import pytest

from partialpool.cells import label_cells, make_cells, read_cells, write_cells
from partialpool.errors import InputError
from partialpool.settings import Factor, Outcome
from partialpool.source import CONTACTS

OUTCOME = Outcome(column="Bought", success="yes", failure="no")
FACTORS = {
    "promo": Factor(column="Promo", levels=("without", "with")),
    "channel": Factor(column="Channel", levels=("mail", "shop")),
}
ROWS = [
    ("with", "shop", "yes", 7),
    ("with", "mail", "no", 5),
    ("without", "shop", "no", 3),
    ("without", "mail", "yes", 2),
    ("without", "mail", "no", 8),
]


def counted(*rows):
    return pd.DataFrame(rows or ROWS, columns=["Promo", "Channel", "Bought", CONTACTS])


def make(*more, missing="error", factors=FACTORS, outcome=OUTCOME):
    return make_cells(counted(*ROWS, *more), factors, outcome, missing)


def refusal(*more, **changes):
    with pytest.raises(InputError) as error:
        make(*more, **changes)
    said = str(error.value)
    assert "\n" not in said
    return said


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
    assert ledger == {"rows_read": 25, "rows_used": 25, "dropped": [], "cells": 4, "successes": 9}


def test_the_order_of_the_factors_is_that_of_the_columns():
    cells, _ = make(factors=dict(reversed(FACTORS.items())))
    assert list(cells.columns) == ["channel", "promo", "successes", "trials"]
    assert cells["trials"].tolist() == [10, 5, 3, 7]


def test_a_combination_without_contacts_is_no_cell():
    cells, _ = make_cells(counted(*ROWS[:2], *ROWS[3:]), FACTORS, OUTCOME, "error")
    assert label_cells(cells, {n: f.levels for n, f in FACTORS.items()}) == [
        "without, mail",
        "with, mail",
        "with, shop",
    ]


def test_a_missing_value_stops_the_run_unless_told():
    said = refusal(("with", None, "yes", 1200))
    assert said.startswith("source.missing: column 'Channel' has no value in 1,200 contacts")


def test_dropped_contacts_are_counted_once_each_by_reason():
    cells, ledger = make(
        ("with", None, "yes", 4),
        (None, None, "no", 2),
        ("with", "shop", None, 6),
        missing="drop",
    )
    assert cells["trials"].sum() == 25
    assert ledger["rows_read"] == 37
    assert ledger["rows_used"] == 25
    assert ledger["dropped"] == [
        {"reason": "no value in Promo", "rows": 2},
        {"reason": "no value in Channel", "rows": 4},
        {"reason": "no value in Bought", "rows": 6},
    ]


def test_a_source_without_contacts_is_refused():
    empty = counted().iloc[:0]
    with pytest.raises(InputError, match=r"source\.path: found no contacts"):
        make_cells(empty, FACTORS, OUTCOME, "error")


def test_a_third_outcome_is_refused_with_its_contacts():
    said = refusal(("with", "shop", "maybe", 3), ("with", "mail", "Yes", 1))
    assert said == (
        "outcome: column 'Bought' holds 'maybe' (3 contacts), 'Yes' (1 contacts), expected only "
        "'yes' (success) and 'no' (failure)"
    )


def test_a_success_that_never_occurs_is_refused():
    said = refusal(outcome=Outcome(column="Bought", success="YES", failure="no"))
    assert said.startswith("outcome: column 'Bought' holds 'yes' (9 contacts)")
    only_failures = [row for row in ROWS if row[2] == "no"]
    with pytest.raises(InputError, match=r"outcome\.success: 'yes' does not occur .* 'no' \("):
        make_cells(counted(*only_failures), FACTORS, OUTCOME, "error")


@pytest.mark.parametrize("value", ["With", " with", "with ", "NA", "wi\x00th"])
def test_a_value_that_is_no_level_is_refused(value):
    said = refusal((value, "shop", "yes", 1))
    assert said == (
        f"factors.promo.levels: column 'Promo' holds {value!r} (1 contacts), expected only "
        "without, with"
    )


def test_a_level_that_does_not_occur_is_refused_with_those_that_do():
    factor = Factor(column="Channel", levels=("mail", "shop", "phone"))
    said = refusal(factors={**FACTORS, "channel": factor})
    assert said == (
        "factors.channel.levels: 'phone' does not occur in column 'Channel', found 'mail' (15 "
        "contacts), 'shop' (10 contacts)"
    )


def test_of_many_unknown_values_the_most_frequent_are_named():
    more = [(f"x{i}", "shop", "no", i) for i in range(1, 8)]
    said = refusal(*more)
    assert "'x7' (7 contacts), 'x6' (6 contacts)" in said
    assert "'x2'" not in said
    assert "and 2 more" in said


def test_cells_survive_the_round_trip_through_csv(tmp_path):
    levels = ("NA", 'a "b", c', " pad ", "two\nlines", "😀", "01", "NULL")
    rows = [(level, "yes", i + 1) for i, level in enumerate(levels)]
    table = pd.DataFrame(rows, columns=["Level", "Bought", CONTACTS])
    factors = {"level": Factor(column="Level", levels=levels)}
    cells, _ = make_cells(table, factors, OUTCOME, "error")
    write_cells(cells, tmp_path / "cells.csv")
    again = read_cells(tmp_path / "cells.csv", {"level": levels})
    pd.testing.assert_frame_equal(again, cells, check_dtype=False)
    assert again["level"].tolist() == list(levels)
