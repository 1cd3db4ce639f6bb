"""Filters and queries of every dialect, held to what they may be by their text."""

import pytest

from partialpool.settings import Source
from partialpool.source.allowed import check_filter, check_query
from partialpool.source.tokens import STANDARD_TEXTS

OTHER = "a dialect of which nothing is known"


def with_filter(text):
    return Source(url="x://host/y", table="contacts", filter=text)


@pytest.mark.parametrize(
    ("dialect", "text", "functions"),
    [
        ("mysql", r"g = 'it''s' and h = \"a;\" -- ; that's it", set()),
        ("mysql", "g = 1--2 and upper(h) = 'A' # ; (", {"upper"}),
        ("mariadb", "`a;b` = 'x' and left (g, 2) = ')'", {"left"}),
        (STANDARD_TEXTS, r"g in ('\', ';') and upper(h) = 'A'", {"upper"}),
        ("mssql", "[a;b] = 'x''y' and len(g) > 2", {"len"}),
        ("oracle", "g = 'x' and nvl(h, '(') <> ';'", {"nvl"}),
        ("spark", r"g rlike '^\\d;' and `h` = \"it's\"", set()),
        (OTHER, "g = 'x' and h in ('a', ';)') /* ; */", {"in"}),
        (OTHER, "date_trunc('day', d) = date '2026-01-01' -- ;", {"date_trunc"}),
    ],
)
def test_a_condition_passes_with_the_functions_that_it_calls(dialect, text, functions):
    text = text.replace(r"\"", '"')
    assert functions <= check_filter(with_filter(text), dialect).functions


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("mysql", "1=1 --1) ; DROP TABLE t"),
        ("mysql", r"g = '\' or 1=1) ; DROP TABLE t; #'"),
        ("mysql", r"g = 'x\\') ; DROP TABLE t; # '"),
        ("mysql", "1=1 /*! ) ; DROP TABLE t */"),
        ("mysql", "load_file('/etc/passwd') <> ''"),
        ("mysql", "g in (select a into outfile '/tmp/x' from t)"),
        ("mysql", "sleep(9) = 0"),
        ("mariadb", "1=1 /*M! ) ; DROP TABLE t */"),
        ("postgresql", r"g in ('\', 'a')"),
        ("postgresql", r"g = '\' or 1=1) ; DROP TABLE t; --'"),
        (STANDARD_TEXTS, r"g = '\') ; DROP TABLE t; --'"),
        (STANDARD_TEXTS, r"g = E'\'') ; DROP TABLE t; --'"),
        ("mssql", "1=1) DROP TABLE t SELECT (1"),
        ("mssql", "[x]]'] ) ; DROP TABLE t -- '"),
        ("mssql", "exists(select * from openrowset(bulk 'x', single_clob) t)"),
        ("oracle", "utl_http.request('http://x') is null"),
        ("oracle", "q'[']' ) ; DROP TABLE t -- '"),
        ("oracle", "httpuritype('http://x').getclob() is null"),
        ("spark", "reflect('java.lang.System', 'exit', 0) = ''"),
        ("spark", r"g = r'\' ) ; DROP TABLE t -- '"),
        ("spark", "g in (from t select a)"),
        (OTHER, r"g = '\' ) ; DROP TABLE t -- '"),
        (OTHER, "1=1 # ' \n ) ; DROP TABLE t # '"),
        (OTHER, "1=1 // ' \n ) ; DROP TABLE t // '"),
        (OTHER, "[x'] ) ; DROP TABLE t -- ']"),
        (OTHER, "g = $$'$$ ) ; DROP TABLE t -- '"),
        (OTHER, "1=1 -- \r ) ; DROP TABLE t -- "),
        (OTHER, "1=1 \u2028; DROP TABLE t"),
        (OTHER, "(1=1"),
        (OTHER, "g in (table t)"),
        (OTHER, "s3('https://x') = 1"),
    ],
)
def test_what_may_be_more_than_a_condition_is_refused(refused, dialect, text):
    said = refused(check_filter, with_filter(text), dialect)
    assert said.startswith("source.filter: x://host/y, contacts: found ")
    assert "; expected one condition on the columns of a row" in said


@pytest.mark.parametrize("text", ["SELECT g FROM t;", "with c as (select 1) select * from c -- ;"])
def test_a_query_passes(text):
    check_query(Source(url="x://host/y", query=text), OTHER)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DROP TABLE t", "found DROP;"),
        ("select g from t; DROP TABLE t", "found a semicolon"),
        ("select g into u from t", "found into;"),
        ("with d as (delete from t returning *) select * from d", "found delete;"),
        ("select g from t) c union select 1 from (u", "found a bracket that closes none"),
        ("", "found nothing;"),
    ],
)
def test_what_is_no_query_is_refused(refused, text, found):
    said = refused(check_query, Source(url="x://host/y", query=text), OTHER)
    assert found in said
    assert "expected one SELECT of the rows to count" in said
