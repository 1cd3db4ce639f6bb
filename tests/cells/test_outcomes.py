"""Which value of the outcome is the success, and what is refused."""

import pandas as pd
import pytest

from partialpool.cells.cells import make_cells
from partialpool.errors import InputError
from partialpool.settings import Outcome
from partialpool.source.counted import PROBLEM, ROWS, SUCCESSES, TRIALS

from ..factories.counted import BOUGHT, CONTACTS, FACTORS, counted, make, refusal


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
        make_cells(
            counted(*only_failures), FACTORS, {}, Outcome(column="Bought", success="yes"), "error"
        )


def test_contacts_that_all_failed_are_counted_where_the_failure_is_named():
    channels = {"channel": FACTORS["channel"]}
    only_failures = [row for row in CONTACTS if row[2] == "no"]
    cells, ledger = make_cells(counted(*only_failures), channels, {}, BOUGHT, "error")
    assert cells[["successes", "trials"]].to_numpy().tolist() == [[0, 13], [0, 3]]
    assert (ledger["successes"], ledger["contacts"]) == (0, 16)


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
    said = refusal(outcome=Outcome(column="Bought", success="yes", failure=False))
    assert said.endswith("; a bare no in YAML is false: put it in quotes")


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
