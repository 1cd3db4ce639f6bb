"""What a source is made of: its columns, its files, its fingerprint."""

import hashlib
import sys

import pytest

from partialpool.settings import Source
from partialpool.source.counting import count_contacts
from partialpool.source.opening import (
    check_columns,
    fingerprint,
    held_still,
    read_columns,
    source_files,
)

from ..factories.contacts import BOUGHT, COLUMNS, CONTACTS, FACTORS


def test_the_files_are_those_behind_the_path(place):
    assert source_files(place("csv", COLUMNS, CONTACTS))[0].name == "contacts.csv"
    assert source_files(place("duckdb", COLUMNS, CONTACTS))[0].name == "contacts.duckdb"
    found = source_files(place("pattern", COLUMNS, CONTACTS))
    assert [path.name for path in found] == ["b[1].csv", "a.csv", "contacts.csv"]


def test_a_database_and_a_catalogue_have_no_files():
    url = Source(url="postgresql://${DB_USER}:${DB_PASSWORD}@nowhere/sales", table="contacts")
    assert source_files(url) == []
    assert source_files(Source(engine="spark", table="contacts")) == []


def test_the_fingerprint_of_files_is_their_content(write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, content in (("b.csv", "x"), ("a.csv", "y")):
        write(content, name)
    digests = {"a.csv": hashlib.sha256(b"y"), "b.csv": hashlib.sha256(b"x")}
    expected = {"files": {name: digest.hexdigest() for name, digest in digests.items()}}
    assert fingerprint(Source(path="*.csv")) == expected
    write("x", "a.duckdb")
    found = fingerprint(Source(path="a.duckdb", table="contacts"))
    assert found == {"files": {"a.duckdb": digests["b.csv"].hexdigest()}, "table": "contacts"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://${DB_USER}:${DB_PASSWORD}@host:5432/sales", "postgresql://host:5432/sales"),
        ("postgresql://ann:${DB_PASSWORD}@host/sales", "postgresql://host/sales"),
        ("mysql+pymysql://host/sales?password=${PW}", "mysql+pymysql://host/sales?password=${PW}"),
        ("sqlite:///sales.db", "sqlite:///sales.db"),
        ("${SALES_URL}", "${SALES_URL}"),
    ],
)
def test_the_fingerprint_of_a_database_holds_no_credentials(monkeypatch, url, shown):
    for name in ("DB_USER", "DB_PASSWORD", "PW", "SALES_URL"):
        monkeypatch.setenv(name, "secret")
    asked = Source(url=url, query="SELECT 1", as_of="2024-05-01")
    assert fingerprint(asked) == {"url": shown, "query": "SELECT 1", "as_of": "2024-05-01"}


def test_contacts_that_are_changed_while_they_are_counted_are_refused(write, tmp_path, refused):
    write("g,y\na,1\n", "1.csv")
    source = Source(path=str(tmp_path / "*.csv"))
    with held_still(source) as found:
        assert found == fingerprint(source)

    def count_while(name, content):
        with held_still(source):
            write(content, name)

    for name, content in (("1.csv", "g,y\na,0\n"), ("2.csv", "g,y\nb,1\n")):
        said = refused(count_while, name, content)
        assert said == (
            f"source.path: {tmp_path / name} changed while it was read, expected it to stay as it "
            "is; run again"
        )


def test_the_fingerprint_of_a_catalogue_is_what_is_asked():
    source = Source(engine="spark", table="sales.contacts")
    assert fingerprint(source) == {"engine": "spark", "table": "sales.contacts"}


def test_the_columns_of_files_are_read_without_spark(place, monkeypatch, refused):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    source = place("csv", COLUMNS, CONTACTS).model_copy(update={"engine": "spark"})
    assert read_columns(source) == list(COLUMNS)
    check_columns(source, {"outcome.column": "bought"})
    expected = "source.engine: found no pyspark, expected it installed: pip install pyspark"
    assert refused(count_contacts, source, FACTORS, {}, BOUGHT) == expected
    assert refused(read_columns, Source(engine="spark", table="contacts")) == expected


def test_a_duckdb_file_is_not_for_spark(place, refused):
    source = place("duckdb", COLUMNS, CONTACTS).model_copy(update={"engine": "spark"})
    said = refused(count_contacts, source, FACTORS, {}, BOUGHT)
    assert said == f"source.engine: found spark for {source.path}, expected auto"
