"""Whose contacts the rows are is told among the data, in plain counts."""

import pytest

from partialpool.report.data.source import describe_ledger

from ...factories.decisions import LABELS

IDS = {"column": "customer", "distinct": 880, "most": 5, "repeated": 120, "crossing": 30}
IDS |= {"alike": 7, "unnamed": 12, "design_effect": 1.69}


def said(labels=LABELS, **changes):
    request = {"treatment": "last_offer"}
    rows = {"rows_read": 1200, "rows_used": 1200, "contacts": 1200, "dropped": []}
    return describe_ledger(rows | {"request": request, "ids": IDS | changes}, labels)


def test_ids_are_told_beside_the_rows():
    assert said().replace("\u202f", " ") == (
        "All 1 200 rows are used; none was dropped. By customer, 1 188 contacts have 880 "
        "different ids; 120 have more than one contact, 5 at most. 30 are found under more than "
        "one level of last offer. 7 contacts are like another of the same id in everything that "
        "is read; one that was logged twice counts twice. 12 contacts have no id."
    )


def test_a_customer_for_every_contact_is_said_so():
    text = said(distinct=1200, most=1, repeated=0, crossing=0, alike=0, unnamed=0)
    assert text.replace("\u202f", " ").endswith(
        "By customer, 1 200 contacts have 1 200 different ids, each its own. None is found "
        "under more than one level of last offer."
    )


@pytest.mark.parametrize(
    ("key", "one"),
    [
        ("repeated", "; 1 has more than one"),
        ("crossing", "1 is found under"),
        ("alike", "1 contact is like"),
        ("unnamed", "1 contact has no id"),
    ],
)
def test_one_is_one(key, one):
    assert one in said(**{key: 1})
