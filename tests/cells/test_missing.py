"""Rows without a value: refused, left out and counted, or a level of their own."""

from partialpool.cells.levels import levels_of
from partialpool.settings import Factor

from ..factories.counted import FACTORS, make, refusal


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
