"""A filter, a query and a table read the contacts: nothing else is read, written or run."""

import ctypes
import os
import sqlite3
from contextlib import closing, suppress

import duckdb
import pytest
from sqlalchemy import create_engine, text

from partialpool.errors import InputError
from partialpool.settings import Source
from partialpool.source import readonly
from partialpool.source.counting import count_contacts, glimpse
from partialpool.source.database import open_database
from partialpool.source.opening import fingerprint, read_columns

from ..factories.contacts import POSTGRESQL, G, Y

COLUMNS = {"g": "VARCHAR", "y": "VARCHAR"}
ROWS = [("a", "1"), ("a", "0"), ("b", "1")]
OPENED = 0x20
"""What inotify calls the opening of a file."""

DUCKDB = [
    "1=1) ; COPY (select 1) TO 'new.csv'; select (1=1",
    "1=1) ; ATTACH 'new.db' AS n; select (1=1",
    "1=1) ; INSTALL httpfs; select (1=1",
    "1=1) ; LOAD httpfs; select (1=1",
    "1=1) ; SET memory_limit = '9GB'; select (1=1",
    "1=1) ; EXPORT DATABASE 'new'; select (1=1",
    "1=1) ; CREATE TABLE t AS SELECT 1; select (1=1",
    "1=1); PRAGMA enable_profiling('json'); select (1=1",
    "1=1); CALL enable_logging(storage = 'file'); select (1=1",
    "1=1 -- \n) ; COPY (select 1) TO 'new.csv'; select (1=1",
    "g in (select secret from 'other.csv')",
    "g in (from read_csv('other.csv'))",
    "g in (select content from read_text('other.csv'))",
    "exists(select * from read_blob('other.csv'))",
    "g in (select secret from read_csv_auto('*.csv'))",
    "g in (select file from glob('*'))",
    "exists(from sniff_csv('other.csv'))",
    "g in (select secret from read_json('other.csv'))",
    "exists(from parquet_schema('other.csv'))",
    "exists(from query('from ''other.csv'''))",
    "exists(from query_table('other.csv'))",
    "exists(from json_execute_serialized_sql(json_serialize_sql('from ''other.csv''')))",
    "g in (select secret from 'https://127.0.0.1:1/other.csv')",
    'g in (with "other.csv" as (select 1) select g) or g in (from "other.csv")',
    "exists(from duckdb_settings())",
    "exists(from pragma_database_size())",
    "exists(from duckdb_secrets())",
    "exists(from information_schema.tables)",
    "current_setting('temp_directory') <> ''",
    "getenv('HOME') <> ''",
    "write_log('x') is null",
    "sleep_ms(1) is null",
    "random() < 2",
    "1=1) UNION ALL SELECT (1",
    "1=1) FROM 'other.csv' WHERE (1=1",
    "1=1) THEN 1 END), (SELECT 1 FROM 'other.csv'), (CASE WHEN (1=1",
    "exists(show tables)",
    "COPY (select 1) TO 'new.csv'",
]
SQLITE = [
    "1=1) ; ATTACH 'new.db' AS n; select (1=1",
    "1=1) ; CREATE TABLE t(a); select (1=1",
    "1=1); VACUUM INTO 'new.db'; select (1=1",
    "1=1); PRAGMA journal_mode = wal; select (1=1",
    "g in (select secret from secrets)",
    "g in secrets",
    "g in (values ('a'), ((select secret from secrets)))",
    "exists(select * from sqlite_master)",
    "g in pragma_database_list",
    "load_extension('new.so') is null",
    "1=1 /* ) ; */ ) union select (1",
    "1=1 or g = '''",
    'g = "a"; DROP TABLE contacts; --"',
    "[g] = 'a' or [x']] = ') ; DELETE FROM contacts --'",
]
SERVER = [
    "1=1); COMMIT; CREATE TABLE t(a int); COMMIT; SELECT (1=1",
    "1=1); SET TRANSACTION READ WRITE; DROP TABLE contacts; SELECT (1=1",
    "1=1); COPY (SELECT 1) TO PROGRAM 'touch new'; SELECT (1=1",
    "g = E'\\'' ); DROP TABLE contacts; -- '",
    "g = $x$'$x$); DROP TABLE contacts; -- '",
    "1=1 -- \r ); DROP TABLE contacts; SELECT (1=1",
    "1=1 /* /* */ ' */ ); DROP TABLE contacts; SELECT (1=1 -- '",
    "g in (select secret from secrets)",
    "g in (table secrets)",
    "pg_read_file('/etc/passwd') <> ''",
    "pg_catalog . \"pg_read_file\" /**/ ('/etc/passwd') <> ''",
    "U&\"pg\\005fread_file\"('/etc/passwd') <> ''",
    "lo_export(1, '/tmp/new') = 1",
    "lo_import('/etc/passwd') = 1",
    "query_to_xml('select 1', true, true, '') is null",
    "set_config('transaction_read_only', 'off', false) = 'off'",
    "pg_sleep(9) is null",
    "pg_terminate_backend(pg_backend_pid())",
    "nextval('s') > 0",
    "pg_ls_dir('.') = ''",
    "random() < 2",
    "exists(select * from pg_shadow)",
    "1=0) UNION SELECT 1 FROM secrets WHERE (1=1",
]
FILTERS = [*(("csv", f) for f in DUCKDB), *(("duckdb", f) for f in DUCKDB)]
FILTERS += [*(("sqlite", f) for f in SQLITE), *(("postgresql", f) for f in SERVER)]
QUERIES = [
    ("duckdb", "select 'a' as g, 1 as y; COPY (select 1) TO 'new.csv'"),
    ("duckdb", "COPY (select 1) TO 'new.csv'"),
    ("duckdb", "CREATE TABLE t AS SELECT 1"),
    ("duckdb", "select secret as g, '1' as y from 'other.csv'"),
    ("duckdb", "select content as g, '1' as y from read_text('other.csv')"),
    ("duckdb", "select name as g, '1' as y from duckdb_settings"),
    ("duckdb", "select g, y from contacts) AS c; COPY (select 1) TO 'new.csv'; SELECT (1"),
    ("duckdb", "ATTACH 'new.db'"),
    ("sqlite", "select g, y from contacts; ATTACH 'new.db' AS n"),
    ("sqlite", "DELETE FROM contacts"),
    ("sqlite", "select name as g, '1' as y from sqlite_master"),
    ("sqlite", "select file as g, '1' as y from pragma_database_list"),
    ("postgresql", "select g, y from contacts) c; COMMIT; CREATE TABLE t(a int); SELECT 1 FROM (s"),
    ("postgresql", "with d as (delete from contacts returning *) select g, y from d"),
    ("postgresql", "select pg_read_file('/etc/passwd') as g, '1' as y"),
    ("postgresql", "select usename::text as g, '1' as y from pg_shadow"),
    ("postgresql", "select g, y into t from contacts"),
    ("postgresql", "select g, y from contacts for update"),
]
TABLES = [
    ("duckdb", "other.csv"),
    ("duckdb", "contacts; DROP TABLE contacts"),
    ("duckdb", "read_text('other.csv')"),
    ("duckdb", "duckdb_settings()"),
    ("sqlite", 'contacts"; DROP TABLE contacts; --'),
    ("sqlite", "pragma_database_list"),
    ("postgresql", 'contacts"; COMMIT; DROP TABLE contacts; --'),
    ("postgresql", "pg_ls_dir('.')"),
]


@pytest.fixture
def opened(tmp_path):
    """Count how often another file was opened."""
    (tmp_path / "other.csv").write_text("secret\na\n", encoding="utf-8")
    libc = ctypes.CDLL(None)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    libc.inotify_add_watch(watch, os.fsencode(tmp_path / "other.csv"), OPENED)

    def count():
        try:
            return len(os.read(watch, 1 << 16)) // 16
        except BlockingIOError:
            return 0

    assert (tmp_path / "other.csv").read_text(encoding="utf-8")
    assert count() == 1
    yield count
    os.close(watch)


@pytest.fixture
def house(tmp_path, place, monkeypatch, request, opened):
    """Contacts of a kind beside what is not theirs, and all of it that could be changed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def build(kind):
        source = place(kind, COLUMNS, ROWS)
        secrets = "CREATE TABLE secrets (secret VARCHAR)", "INSERT INTO secrets VALUES ('a')"
        if kind == "postgresql":
            request.getfixturevalue("server").execute(*secrets, "CREATE SEQUENCE s")
        elif kind != "csv":
            opening = sqlite3.connect if kind == "sqlite" else duckdb.connect
            with closing(opening(str(tmp_path / f"contacts.{kind}"))) as connection:
                for statement in secrets:
                    connection.execute(statement)
                connection.commit()
        return source, lambda: everything(tmp_path, request if kind == "postgresql" else None)

    return build


def everything(folder, request):
    """All files and their bytes, and all that is in the server."""
    files = {path: path.is_file() and path.read_bytes() for path in sorted(folder.rglob("*"))}
    if request is None:
        return files
    server = request.getfixturevalue("server")
    tables = "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    rows = server.execute("SELECT g, y FROM contacts ORDER BY 1, 2")
    return files, sorted(server.execute(tables)), rows, server.execute("SELECT is_called FROM s")


def hold(source, state, opened):
    """Whatever is asked of the source, it is refused in a line or two, and nothing happens."""
    before = state()
    opened()
    with suppress(InputError):  # the names of columns need no filter
        read_columns(source)
    for ask in (lambda: count_contacts(source, G, {}, Y), lambda: glimpse(source)):
        with pytest.raises(InputError) as error:
            ask()
        said = str(error.value)
        assert len(said.splitlines()) <= 2
        assert said.startswith("source.")
    assert opened() == 0
    assert state() == before


@pytest.mark.parametrize(("kind", "condition"), FILTERS)
def test_no_filter_reads_writes_or_reaches_anything(house, opened, kind, condition):
    source, state = house(kind)
    hold(source.model_copy(update={"filter": condition}), state, opened)


@pytest.mark.parametrize(("kind", "query"), QUERIES)
def test_no_query_reads_writes_or_reaches_anything_else(house, opened, kind, query):
    source, state = house(kind)
    hold(source.model_copy(update={"table": None, "query": query}), state, opened)


@pytest.mark.parametrize(("kind", "table"), TABLES)
def test_a_table_is_a_name(house, opened, kind, table):
    source, state = house(kind)
    hold(source.model_copy(update={"table": table}), state, opened)


@pytest.mark.parametrize(
    ("kind", "condition", "rows"),
    [
        ("csv", "g in (select max(g) from contacts)", 1),
        ("csv", "g = 'a' and cast(y as int) >= 0 -- ; );", 2),
        ("csv", "g not in (';', '--', '/*', ')') and year(today()) > 2000", 3),
        ("duckdb", "g ilike 'A' and regexp_matches(g, '[a)]')", 2),
        ("sqlite", "g in ('a', ';)') and upper(g) like 'A%' /* ; */", 2),
        ("sqlite", "case when [g] = \"g\" then `g` end = 'a'", 2),
        ("postgresql", "g = E'\\x61' and y::int between 0 and 1 and now() > '2000-01-01'", 2),
        ("postgresql", "g = $$a$$ and extract(year from date '2026-01-01') = 2026", 2),
        ("postgresql", "g ~ '^[a;]' and coalesce(\"g\", '--') <> ';' -- that's it; (", 2),
    ],
)
def test_what_a_filter_may_be(place, kind, condition, rows):
    source = place(kind, COLUMNS, ROWS).model_copy(update={"filter": condition})
    counted = count_contacts(source, G, {}, Y)
    assert counted[counted["g"].notna()]["#rows"].sum() == rows


@pytest.mark.parametrize("setting", ["on", "off"])
def test_a_backslash_in_text_is_what_the_server_takes_it_for(place, refused, setting):
    source = place("postgresql", COLUMNS, ROWS)
    source = source.model_copy(
        update={
            "url": f"{source.url}?options=-c%20standard_conforming_strings%3D{setting}",
            "filter": "g = 'a' or g = '\\' or 1=1) ; DROP TABLE contacts; --'",
        }
    )
    letter = source.model_copy(update={"filter": "g in ('a', '\\')"})
    if setting == "on":
        assert count_contacts(letter, G, {}, Y)["#rows"].sum() == len(ROWS)
    else:
        assert "a quote that is not closed" in refused(count_contacts, letter, G, {}, Y)
    assert "expected one condition" in refused(count_contacts, source, G, {}, Y)


def test_a_view_is_read_with_the_tables_that_it_is_made_of(place, tmp_path):
    source = place("sqlite", COLUMNS, ROWS)
    with closing(sqlite3.connect(tmp_path / "contacts.sqlite")) as connection:
        connection.execute("CREATE VIEW inner_view AS SELECT * FROM contacts")
        connection.execute("CREATE VIEW late AS SELECT * FROM inner_view WHERE g = 'a'")
        connection.commit()
    late = source.model_copy(update={"table": "late", "filter": "y = '1'"})
    assert count_contacts(late, G, {}, Y)["#rows"].tolist() == [1, 1]


def test_the_protocol_itself_takes_one_statement_in_a_transaction_that_only_reads(place, server):
    """Were the checks of the text to miss something."""
    source = place("postgresql", COLUMNS, ROWS)
    with open_database(source) as opened:
        cursor = opened.connection.connection.cursor()
        for sql in ("SELECT 1; SELECT 2", "CREATE TABLE t(a int)", "DELETE FROM contacts"):
            with pytest.raises(Exception, match=r"multiple commands|read-only|aborted"):
                cursor.execute(sql)
    assert server.execute("SELECT count(*) FROM contacts") == [(3,)]
    assert server.execute("SELECT to_regclass('t')") == [(None,)]


def test_a_server_that_cannot_say_what_its_functions_do_is_refused(place, refused, monkeypatch):
    source = place("postgresql", COLUMNS, ROWS).model_copy(update={"filter": "upper(g) = 'A'"})
    monkeypatch.setattr(readonly, "CHANGING", text("SELECT proname FROM nowhere"))
    said = refused(count_contacts, source, G, {}, Y)
    assert said.startswith(f"source.filter: {source.shown}: ")


def test_sqlite_opens_its_file_for_reading_only(place):
    source = place("sqlite", COLUMNS, ROWS)
    before = fingerprint(source)
    url = f"{source.url}?mode=rwc&uri=true"
    for opened_as in (source.url, url):
        with open_database(source.model_copy(update={"url": opened_as})) as opened:
            driver = opened.connection.connection.driver_connection
            driver.set_authorizer(None)
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                driver.execute("CREATE TABLE t (a)")
    assert fingerprint(source) == before


@pytest.mark.parametrize(
    ("url", "beginning"),
    [
        ("mysql+pymysql://host/x", "SET SESSION TRANSACTION READ ONLY"),
        ("oracle+oracledb://host/x", "SET TRANSACTION READ ONLY"),
        ("mssql+pyodbc://host/x", None),
    ],
)
def test_a_dialect_with_transactions_that_only_read_begins_one(url, beginning):
    class Connection:
        dialect = create_engine("sqlite://").dialect
        connection = type("Pooled", (), {"driver_connection": None})
        said = ()

        def exec_driver_sql(self, sql):
            self.said = (sql,)

        def execution_options(self, **options):
            assert options == {"postgresql_readonly": True}
            return self

    connection = Connection()
    connection.dialect.name = url.partition("+")[0]
    begun = readonly.begin_reading(connection, Source(url=POSTGRESQL, table="x"))
    assert begun.said == (() if beginning is None else (beginning,))
