"""Cells: every contact counted once, in the order of the levels, or accounted for."""

import pandas as pd
import pytest

from partialpool.cells.cells import label_cells, make_cells, read_cells, write_cells
from partialpool.cells.levels import levels_of, numbers_of, read_levels, write_levels
from partialpool.errors import InputError
from partialpool.settings import Factor, Number, Outcome
from partialpool.source import FILTERED, OUTCOME, PROBLEM, ROWS, SUCCESSES, TRIALS

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


def test_a_missing_value_stops_the_run_unless_told():
    said = refusal(("with", None, "yes", 1200))
    assert said.startswith("source.missing: column 'Channel' has no value in 1,200 rows")


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
        {"reason": "with no value in Promo", "rows": 2},
        {"reason": "with no value in Channel", "rows": 4},
        {"reason": "with no value in Bought", "rows": 6},
    ]


def test_a_source_without_contacts_is_refused():
    empty = counted().iloc[:0]
    with pytest.raises(InputError, match=r"source: found no contacts"):
        make_cells(empty, FACTORS, {}, BOUGHT, "error")


def test_a_third_outcome_is_refused_with_its_contacts():
    said = refusal(("with", "shop", "maybe", 3), ("with", "mail", "Yes", 1))
    assert said == (
        "outcome: column 'Bought' holds 'maybe' (3 rows), 'Yes' (1 row), expected only "
        "'yes' (success) and 'no' (failure)"
    )


def test_a_success_that_never_occurs_is_refused():
    said = refusal(outcome=Outcome(column="Bought", success="YES", failure="no"))
    assert said.startswith("outcome: column 'Bought' holds 'yes' (9 rows)")
    only_failures = [row for row in CONTACTS if row[2] == "no"]
    with pytest.raises(InputError, match=r"outcome\.success: 'yes' does not occur .* 'no' \("):
        make_cells(counted(*only_failures), FACTORS, {}, BOUGHT, "error")


@pytest.mark.parametrize("value", ["With", " with", "with ", "NA", "wi\x00th"])
def test_a_value_that_is_no_level_is_refused(value):
    said = refusal((value, "shop", "yes", 1))
    assert said == (
        f"factors.promo.levels: column 'Promo' holds {value!r} (1 row), expected only without, with"
    )


def test_a_level_that_does_not_occur_is_refused_with_those_that_do():
    factor = Factor(column="Channel", levels=("mail", "shop", "phone"))
    said = refusal(factors={**FACTORS, "channel": factor})
    assert said == (
        "factors.channel.levels: 'phone' does not occur in column 'Channel', found 'mail' (15 "
        "rows), 'shop' (10 rows)"
    )


def test_of_many_unknown_values_the_most_frequent_are_named():
    more = [(f"x{i}", "shop", "no", i) for i in range(1, 8)]
    said = refusal(*more)
    assert "'x7' (7 rows), 'x6' (6 rows)" in said
    assert "'x2'" not in said
    assert "and 2 more" in said


def test_levels_that_are_found_are_sorted_and_said_to_be_found():
    factors = {"promo": Factor(column="Promo"), "channel": FACTORS["channel"]}
    cells, ledger = make(factors=factors)
    assert levels_of(cells) == {"promo": ["with", "without"], "channel": ["mail", "shop"]}
    assert ledger["found"] == ["promo"]


def test_found_levels_that_are_numbers_are_sorted_by_size():
    rows = [("10", 1, 2, 1), ("9", 1, 2, 1), ("-1", 1, 2, 1), ("9.0", 1, 2, 1)]
    cells, _ = make_counts(rows, Outcome(successes="won", trials="tried"))
    assert levels_of(cells) == {"promo": ["-1", "9", "9.0", "10"]}


def test_a_factor_with_a_single_level_is_refused():
    said = refusal(factors={"promo": Factor(column="Promo", recode={"with": "without"})})
    assert said == (
        "factors.promo: column 'Promo' has the single level 'without', expected two or more; leave "
        "the factor out"
    )


def test_values_are_recoded_before_they_are_held_to_the_levels():
    channel = Factor(column="Channel", recode={"SHOP": "shop"}, levels=("mail", "shop"))
    cells, _ = make(("with", "SHOP", "no", 3), factors={**FACTORS, "channel": channel})
    assert cells["trials"].tolist() == [10, 3, 5, 10]
    assert "'SHOP' does not occur" in refusal(factors={**FACTORS, "channel": channel})


def test_missing_values_may_be_a_level_of_their_own_the_last():
    cells, ledger = make((None, "mail", "yes", 4), missing="level")
    assert levels_of(cells)["promo"] == ["without", "with", "(missing)"]
    assert cells["trials"].tolist() == [10, 3, 5, 7, 4]
    assert ledger["dropped"] == []


def test_an_outcome_without_a_value_is_no_level():
    said = refusal(("with", "mail", None, 1), missing="level")
    assert said == (
        "source.missing: column 'Bought' has no value in 1 row, expected none; only a factor can "
        "have a level for them: set it to drop to leave them out"
    )


def test_a_factor_may_have_a_policy_of_its_own():
    promo = Factor(column="Promo", levels=("without", "with"), missing="drop")
    cells, ledger = make((None, "mail", "yes", 4), factors={**FACTORS, "promo": promo})
    assert cells["trials"].sum() == 25
    assert ledger["dropped"] == [{"reason": "with no value in Promo", "rows": 4}]


def test_a_level_called_like_the_missing_one_is_refused_beside_it():
    promo = Factor(column="Promo")
    more = [(None, "mail", "yes", 4), ("(missing)", "mail", "no", 1)]
    said = refusal(*more, missing="level", factors={**FACTORS, "promo": promo})
    assert said.startswith("factors.promo: column 'Promo' holds '(missing)'")


def test_contacts_that_the_filter_leaves_out_are_counted():
    left_out = pd.DataFrame([(None, None, None, 9)], columns=["promo", "channel", OUTCOME, ROWS])
    table = pd.concat([counted(), left_out.assign(**{PROBLEM: FILTERED})], ignore_index=True)
    cells, ledger = make_cells(table, FACTORS, {}, BOUGHT, "error")
    assert cells["trials"].sum() == 25
    assert ledger["rows_read"] == 34
    assert ledger["dropped"] == [{"reason": "that the filter leaves out", "rows": 9}]


@pytest.mark.parametrize(
    ("yes", "no"), [("1", "0"), ("true", "false"), ("TRUE", "False"), ("t", "f"), ("1.0", "0.0")]
)
def test_truth_values_need_no_names(yes, no):
    rows = [(p, c, {"yes": yes, "no": no}[bought], n) for p, c, bought, n in CONTACTS]
    cells, _ = make_cells(counted(*rows), FACTORS, {}, Outcome(column="Bought"), "error")
    assert cells["successes"].tolist() == [2, 0, 0, 7]


def test_an_outcome_of_words_needs_the_name_of_its_success():
    said = refusal(outcome=Outcome(column="Bought"))
    assert said == (
        "outcome: column 'Bought' holds 'no' (16 rows), 'yes' (9 rows), expected only 1 and 0, or "
        "true and false; name the success and the failure"
    )


def test_a_success_alone_leaves_one_value_for_the_failure():
    cells, _ = make(outcome=Outcome(column="Bought", success="yes"))
    assert cells["successes"].tolist() == [2, 0, 0, 7]
    said = refusal(("with", "mail", "maybe", 2), outcome=Outcome(column="Bought", success="yes"))
    assert "holds 'no' (16 rows), 'maybe' (2 rows)" in said
    assert "expected one other value" in said


def test_a_bare_yes_in_yaml_is_explained():
    said = refusal(outcome=Outcome(column="Bought", success=True))
    assert "'true' does not occur in column 'Bought'" in said
    assert "put it in quotes" in said


def test_counts_and_contacts_of_the_same_data_give_the_same_cells():
    contacts, _ = make()
    counts = pd.DataFrame(
        [
            ("without", "mail", 2, 10, 1),
            ("with", "mail", 0, 5, 1),
            ("without", "shop", 0, 1, 1),
            ("without", "shop", 0, 2, 1),
            ("with", "shop", 7, 7, 1),
        ],
        columns=["promo", "channel", SUCCESSES, TRIALS, ROWS],
    ).assign(**{PROBLEM: None})
    outcome = Outcome(successes="won", trials="tried")
    cells, ledger = make_cells(counts, FACTORS, {}, outcome, "error")
    pd.testing.assert_frame_equal(cells, contacts)
    assert (ledger["rows_read"], ledger["rows_used"], ledger["contacts"]) == (5, 5, 25)


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


def test_levels_are_kept_beside_the_cells(tmp_path):
    cells, _ = make()
    write_levels(cells, tmp_path / "levels.json")
    assert read_levels(tmp_path / "levels.json") == levels_of(cells)


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
