"""Where the contacts come from, which rows are used, and how levels were made."""

import pandas as pd
import pytest

from partialpool.cells.exploration import tabulate_margins
from partialpool.report.data.source import (
    describe_ledger,
    describe_levels,
    describe_rules,
    describe_source,
)
from partialpool.report.data.source_tables import (
    tabulate_glimpse,
    tabulate_ledger,
    tabulate_levels,
    tabulate_numbers,
)
from partialpool.report.labels import Labels

from ...factories.cells import listed

LABELS = Labels(
    {"promo": ["No", "Yes"], "shop": ["1", "2"]},
    {},
    "promo",
    "shop",
    "bought a season pass",
    "passes",
    ["m"],
    0.89,
    numbers=["age"],
)
COUNTED = {"column": None, "success": None, "successes": "won", "trials": "mailed"}


def factor(column, **more):
    return {"column": column, "levels": None, "recode": {}, "bins": [], "missing": None} | more


def request(outcome=None, source=None, **factors):
    named = {"promo": factor("Promo"), "shop": factor("Shop")} | factors
    keys = ("successes", "trials", "failures")
    result = {"column": "Pass", "success": "YesPass", "failure": "NoPass"}
    return {
        "source": {"filter": "", "null_values": [], "missing": "error", "as_of": ""}
        | (source or {}),
        "factors": named,
        "numbers": {"age": {"column": "Age", "missing": None}},
        "outcome": dict.fromkeys(keys) | result | (outcome or {}),
    }


def ledger(asked=None, **more):
    given = {"rows_read": 3156, "rows_used": 3156, "contacts": 3156, "dropped": [], "found": []}
    return given | {"source": "data/season_pass.csv", "request": asked or request()} | more


def test_the_source_is_named_with_what_counts_as_a_success_and_whose_data_it_is():
    said = describe_source(ledger(), "Chapman & Feit.", LABELS)
    for part in ("3\u202f156 contacts", "data/season\\_pass.csv", "YesPass", "Chapman & Feit."):
        assert part in said


def test_without_a_credit_none_is_given():
    assert describe_source(ledger(), "", LABELS).endswith("the other value is NoPass.")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ({"success": None, "failure": None}, "Pass is 1 or true; 0 or false is a failure."),
        ({"failure": None}, "Pass is YesPass; the other value is a failure."),
    ],
)
def test_an_outcome_may_name_no_failure_or_hold_truth_values(outcome, said):
    assert describe_source(ledger(request(outcome)), "", LABELS).endswith(said)


def test_rows_that_count_contacts_are_told_from_the_contacts():
    counted = ledger(request(COUNTED), rows_read=1200, rows_used=1200, contacts=45_000)
    said = describe_source(counted, "", LABELS)
    assert "**1\u202f200 rows that count 45\u202f000 contacts** were read" in said
    assert "won counts the contacts that bought a season pass, and mailed counts all" in said


def test_rows_that_count_failures_say_so():
    asked = request(COUNTED | {"trials": None, "failures": "lost"})
    assert "and lost counts the others." in describe_source(ledger(asked), "", LABELS)


def test_contacts_of_the_rows_that_are_used_are_counted():
    counted = ledger(request(COUNTED), rows_read=1200, rows_used=1180, contacts=44_000)
    said = describe_source(counted, "", LABELS)
    assert "**1\u202f200 rows** were read" in said
    assert "the 1\u202f180 that are used count **44\u202f000 contacts**" in said


def test_when_a_source_was_asked_is_said():
    asked = request(source={"as_of": "2026-05-01"})
    assert "asked as of 2026-05-01." in describe_source(ledger(asked), "", LABELS)


def test_dropped_rows_are_counted_by_their_reason():
    dropped = [
        {"reason": "with no value in Pass", "rows": 30},
        {"reason": "that the filter leaves out", "rows": 15},
        {"reason": "without a contact", "rows": 5},
    ]
    kept = ledger(rows_read=1000, rows_used=950, dropped=dropped)
    said = describe_ledger(kept, LABELS)
    assert "50 were dropped" in said
    assert "5.0%" in said
    assert "30 with no value in Pass, 15 that the filter leaves out and 5 without a contact" in said
    assert tabulate_ledger(kept, LABELS).frame["rows"].tolist() == [1000, 30, 15, 5, 950]


def test_all_rows_used_is_said_so():
    assert "none was dropped" in describe_ledger(ledger(), LABELS)


def test_by_default_no_rule_is_stated():
    assert describe_rules(request()) == ""


def test_filter_missing_texts_and_policies_are_stated():
    source = {"filter": "age < `60`", "null_values": ["NA", "-"], "missing": "drop"}
    said = describe_rules(request(source=source, shop=factor("Shop", missing="level")))
    assert "The filter keeps the rows for which `` age < `60` `` holds." in said
    assert "A field that is empty or holds `NA` or `-` has no value." in said
    assert "A row without a value in Promo, Age or Pass is left out." in said
    assert "A row without a value in Shop has the level \\(missing\\) there." in said


def test_levels_that_were_found_are_told_from_those_that_were_declared():
    said = describe_levels(ledger(found=["shop"]), LABELS)
    assert said == (
        "The configuration sets the order of the levels of promo. The levels of shop are those "
        "found in the data, sorted, and the first is the reference: 1 for shop."
    )


def test_cuts_and_new_names_are_stated():
    asked = request(
        promo=factor("Promo", recode={"Y": "Yes", "y": "Yes", "N": "No"}),
        shop=factor("Sales", bins=[30, 50.5]),
    )
    said = describe_levels(ledger(asked), LABELS)
    assert "In promo, `Y` and `y` are called Yes. In promo, `N` is called No." in said
    assert "The numbers in Sales were cut at 30 and 50.5 into the levels of shop" in said
    assert "a number at a cut is in the level above it." in said


def test_only_the_columns_that_are_read_are_shown_of_the_first_rows():
    frame = pd.DataFrame({"Name": ["Ann"], "Promo": ["x" * 99], "Pass": ["<b>"], "Mail": ["a@b"]})
    html = tabulate_glimpse(frame, request())._repr_html_()
    assert "Ann" not in html
    assert "a@b" not in html
    assert "Not shown: 2 columns that the analysis does not read." in html
    assert "x" * 61 not in html
    assert "<b>" not in html


def test_a_counted_source_shows_its_counts():
    frame = pd.DataFrame({"Promo": ["Yes"], "won": ["3"], "mailed": ["9"], "x": ["1"]})
    shown = tabulate_glimpse(frame, request(COUNTED))
    assert list(shown.frame) == ["Promo", "won", "mailed"]
    assert "Not shown: one column" in shown.note


def test_numbers_have_their_reach():
    numbers = pd.DataFrame({"number": ["age"], "least": [-18.0], "mean": [37.5], "greatest": [64]})
    html = tabulate_numbers(numbers, LABELS)._repr_html_()
    for number in ("−18", "37.5", "64"):
        assert f">{number}</td>" in html
    assert tabulate_numbers(numbers.iloc[:0], LABELS) is None


def test_a_factor_of_very_many_levels_shows_the_first_and_counts_the_others():
    levels = {"promo": ["No", "Yes"], "shop": [f"s{i}" for i in range(5000)]}
    rows = [("No", shop, 1, 2) for shop in levels["shop"]] + [("Yes", "s0", 1, 2)]
    cells = listed(rows, levels)
    labels = Labels(levels, {}, "promo", "shop", "v", "n", ["m"], 0.89)
    table = tabulate_levels(tabulate_margins(cells), labels)
    assert len(table.frame) == 2 + 8
    assert "Not shown: 4\u202f992 more levels of shop, which are in levels.json." in table.note
    assert table.frame["contrasts"].columns.tolist() == ["promo[Yes]"]


def test_many_factors_spell_out_as_many_contrasts_as_fit():
    levels = {f"f{i}": ["a", "b", "c", "d", "e", "f"] for i in range(6)}
    rows = [(*[letter] * 6, 1, 2) for letter in "abcdef"]
    cells = listed(rows, levels)
    labels = Labels(levels, {}, "f0", None, "v", "n", ["m"], 0.89)
    assert tabulate_levels(tabulate_margins(cells), labels).frame["contrasts"].shape[1] == 15


def test_the_period_is_told_with_its_column_and_the_rows_without_a_date():
    told = {"column": "day", "first": "2026-10-01", "last": "2026-10-31", "undated": 1}
    said = describe_source(ledger(period=told), "", LABELS)
    assert "By day," in said
    assert "1 to 31 October 2026; 1 row has no date." in said
    nothing = describe_source(ledger(period=told | {"first": None, "last": None}), "", LABELS)
    assert "No row that is used has a date in day." in nothing
