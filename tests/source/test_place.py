"""Every kind of source says its columns, and which of those that are wanted it lacks."""

import pytest

from partialpool.source.opening import check_columns, read_columns

from ..factories.contacts import COLUMNS, CONTACTS, KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_of_every_kind_of_source_are_read(place, kind):
    more = ["other"] if kind == "query" else []
    assert read_columns(place(kind, COLUMNS, CONTACTS)) == [*COLUMNS, *more]


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_that_is_not_there_is_named_with_its_key(place, kind, refused):
    source = place(kind, COLUMNS, CONTACTS)
    check_columns(source, {"factors.channel.column": "Sales Channel", "outcome.column": "bought"})
    wanted = {"outcome.column": "bought", "factors.channel.column": "sales channel"}
    assert refused(check_columns, source, wanted).startswith(
        f"factors.channel.column: found no column 'sales channel' in {source.shown}, "
        "expected one of promo, Sales Channel, age, spend, bought, sold, offered"
    )
