"""What DuckDB's own parser makes of a filter, and of all that is asked."""

import duckdb
import pytest

from partialpool.settings import Source
from partialpool.source.duck_syntax import check_filter, check_one


def with_filter(text):
    return Source(path="contacts.csv", filter=text)


@pytest.mark.parametrize(
    "text",
    [
        "g = 'x' -- ; that's it",
        "cast(age as int) between 18 and 30 or age is null",
        "list_contains(['a', 'b'], g) and upper(g) similar to 'A|B'",
        "spent > (select avg(spent::double) from contacts)",
        "day = (with d as (from contacts) select max(day) from d)",
    ],
)
def test_a_condition_on_the_contacts_passes(text):
    with duckdb.connect() as connection:
        check_filter(connection, with_filter(text), "contacts")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1=1); SELECT (1=1", "found 2 statements"),
        ("1=1) FROM t WHERE (1=1", "found more than a condition"),
        ("g in (select a from t)", "found t, another table"),
        ("g in (from read_text('x'))", "found read_text(), which reads what is no contact"),
        ("random() < 0.5", "found random(), which gives something else each time"),
    ],
)
def test_what_is_more_is_refused(refused, text, found):
    with duckdb.connect() as connection:
        said = refused(check_filter, connection, with_filter(text), "contacts")
    assert said.startswith(f"source.filter: contacts.csv: {found}")


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "COPY (SELECT 1) TO 'x'", "ATTACH 'x'"])
def test_what_is_asked_is_one_select(refused, sql):
    check_one(with_filter("x"), "SELECT 1")
    assert "source.filter: " in refused(check_one, with_filter("x"), sql)
