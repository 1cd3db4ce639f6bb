"""Databases behind a URL: found, read, or refused in a line that shows no credentials."""

import socket
import time
from urllib.parse import quote

import pytest
from sqlalchemy.dialects import sqlite

from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source import database
from partialpool.source.counted import OUTCOME, ROWS
from partialpool.source.counting import count_contacts
from partialpool.source.opening import read_columns

from ..factories.contacts import COLUMNS, CONTACTS, PASSWORD, POSTGRESQL, G, Y


@pytest.fixture
def sales(database):
    database.execute(
        "CREATE TABLE contacts (g text, y boolean)",
        "INSERT INTO contacts VALUES ('a', true), ('a', true), ('b', false)",
        'CREATE SCHEMA IF NOT EXISTS "My Sales"',
        'CREATE OR REPLACE VIEW "My Sales"."Late ones" AS SELECT g, y FROM contacts WHERE y',
        'CREATE TABLE "Mixed" (g text, "G" text, "Größe %s :x ?" text, y text)',
        "INSERT INTO \"Mixed\" VALUES ('a', 'A', '100%', 'yes')",
    )
    return database


def counts(source, g="g"):
    counted = count_contacts(source, {"g": Factor(column=g)}, {}, Y)
    return counted[["g", OUTCOME, ROWS]].to_numpy().tolist()


@pytest.mark.parametrize("table", ["contacts", "public.contacts"])
def test_a_table_is_counted_where_it_is(sales, table):
    assert counts(Source(url=POSTGRESQL, table=table)) == [["a", "true", 2], ["b", "false", 1]]


def test_a_view_in_another_schema_is_counted(sales):
    assert counts(Source(url=POSTGRESQL, table="My Sales.Late ones")) == [["a", "true", 2]]


@pytest.mark.parametrize("name", ["g", "G", "Größe %s :x ?"])
def test_a_column_may_have_any_name(sales, name):
    value = {"g": "a", "G": "A"}.get(name, "100%")
    assert counts(Source(url=POSTGRESQL, table="Mixed"), name) == [[value, "yes", 1]]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT g, y FROM contacts WHERE g = 'a';",
        "WITH c AS (SELECT * FROM contacts) SELECT g, y FROM c WHERE y -- and that's it; :x",
        "SELECT g, y FROM contacts WHERE g LIKE 'a%' AND '12:30'::time < '13:00'::time",
        "SELECT g, y FROM contacts WHERE '{\"a\": 1}'::jsonb ? g AND g <> '%(x)s' AND g <> ':y'",
    ],
)
def test_a_query_may_hold_anything(sales, query):
    assert counts(Source(url=POSTGRESQL, query=query)) == [["a", "true", 2]]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_whole_url_may_come_from_the_environment(sales, monkeypatch, scheme):
    word = quote(PASSWORD, safe="")
    monkeypatch.setenv("SALES_URL", f"{scheme}://boss:{word}@127.0.0.1:{sales.port}/postgres")
    assert len(counts(Source(url="${SALES_URL}", table="contacts"))) == 2


def test_duplicate_columns_of_a_query_are_refused(sales, refused):
    source = Source(url=POSTGRESQL, query="SELECT g, y, g FROM contacts")
    assert refused(read_columns, source).endswith("a query has the column 'g' twice")


@pytest.mark.parametrize(
    ("named", "key", "said"),
    [
        ({"table": "nothing"}, "source.table", 'relation "nothing" does not exist'),
        ({"table": "nowhere.contacts"}, "source.table", 'relation "nowhere.contacts" does not'),
        ({"query": "SELECT nothing FROM contacts"}, "source.query", 'column "nothing" does not'),
        ({"query": "DELETE FROM contacts"}, "source.query", "found DELETE; expected one SELECT"),
        ({"query": "SELECT 1; DROP TABLE contacts"}, "source.query", "found a semicolon"),
        ({"table": "contacts", "filter": "g ="}, "source.filter", "syntax error"),
        ({"table": "contacts", "filter": "h = 1"}, "source.filter", 'column "h" does not exist'),
    ],
)
def test_what_the_database_does_not_understand_is_refused(sales, refused, named, key, said):
    message = refused(count_contacts, Source(url=POSTGRESQL, **named), G, {}, Y)
    assert message.startswith(f"{key}: {POSTGRESQL}, ")
    assert said in message


def test_a_wrong_password_is_refused_and_not_shown(sales, monkeypatch, refused):
    monkeypatch.setenv("DB_USER", "somebody")
    monkeypatch.setenv("DB_PASSWORD", "hunter22")
    source = Source(url=POSTGRESQL, table="contacts")
    message = refused(read_columns, source)
    assert message.startswith(f"source.url: found no way into {source.shown}: ")
    assert 'password authentication failed for user "${DB_USER}"' in message
    assert not {"somebody", "hunter22", str(sales.port)} & set(message.replace('"', " ").split())


@pytest.mark.parametrize(
    "form", ["{0}://{1}:{2}@127.0.0.1:{3}/{4}", "{0}://127.0.0.1:{3}/{4}?user={1}&password={2}"]
)
def test_no_part_of_a_secret_url_is_shown(sales, monkeypatch, refused, form):
    parts = ["postgresql", "somebody", "hunter22", str(sales.port), "database7"]
    monkeypatch.setenv("SALES_URL", form.format(*parts))
    message = refused(read_columns, Source(url="${SALES_URL}", table="contacts"))
    assert "authentication failed" in message
    assert not any(part in message for part in parts[1:])


def test_a_password_may_be_anything_and_is_never_shown(monkeypatch, refused):
    for word in (
        "a",
        "with\nnewline",
        "100%(x)s",
        "'; --",
        "\\",
        "${DB_USER}",
        "é😀",
        "\x01",
        "\ud800",
    ):
        try:
            monkeypatch.setenv("DB_PASSWORD", word)
        except UnicodeEncodeError:
            continue
        source = Source(url="postgresql+psycopg://x:${DB_PASSWORD}@127.0.0.1:1/x", table="t")
        message = refused(read_columns, source)
        assert message.startswith("source.url: found no way into ")
        assert len(word) < 3 or word not in message.replace(source.shown, "")


def test_a_server_that_is_not_there_is_refused(refused):
    source = Source(url="postgresql+psycopg://127.0.0.1:1/x", table="contacts")
    assert "Connection refused" in refused(read_columns, source)
    source = Source(url="postgresql+psycopg://no.host.invalid/x", table="contacts")
    assert refused(read_columns, source).startswith("source.url: found no way into ")


def test_a_server_that_does_not_answer_is_not_waited_for(monkeypatch, refused):
    monkeypatch.setattr(database, "PATIENCE", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql+psycopg://127.0.0.1:{silent.getsockname()[1]}/x"
        start = time.monotonic()
        assert "timeout" in refused(read_columns, Source(url=url, table="contacts"))
    assert time.monotonic() - start < 8


@pytest.mark.parametrize(
    ("url", "package"),
    [
        ("postgresql+psycopg2://host/x", "psycopg2-binary"),
        ("mysql+pymysql://host/x", "PyMySQL"),
        ("mysql://host/x", "mysqlclient"),
        ("mssql+pyodbc://host/x", "pyodbc"),
        ("oracle+oracledb://host/x", "oracledb"),
        ("snowflake://host/x", "snowflake-sqlalchemy"),
        ("nosuch+driver://host/x", "nosuch"),
    ],
)
def test_a_driver_that_is_not_installed_is_named(url, package, refused):
    message = refused(read_columns, Source(url=url, table="contacts"))
    assert message == (
        f"source.url: found no package for {url.partition(':')[0]}, expected it installed: "
        f"pip install '{package}'"
    )


def test_an_sqlite_file_that_is_not_there_is_not_made(tmp_path, refused):
    source = Source(url=f"sqlite:///{tmp_path}/no.sqlite", table="contacts")
    assert refused(read_columns, source) == f"source.url: found no file for {source.shown}"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_sqlite_is_refused(write, refused):
    source = Source(url=f"sqlite:///{write('a,b')}", table="contacts")
    assert refused(read_columns, source).endswith("file is not a database")


def test_sqlite_computes_in_its_own_engine(place, monkeypatch):
    # SQLAlchemy gives SQLite a regexp and a floor in Python, which would see every row
    source = place("sqlite", COLUMNS, CONTACTS)
    asked = []
    ask = database.Database.ask
    monkeypatch.setattr(
        database.Database, "ask", lambda *given: asked.append(given[1]) or ask(*given)
    )
    count_contacts(
        source,
        G | {"g": Factor(column="promo")},
        {"x": Number(column="spend")},
        Outcome(successes="sold", trials="offered"),
    )
    sql = str(asked[-1].compile(dialect=sqlite.dialect()))
    assert "REGEXP" not in sql
    assert "floor" not in sql.lower()
