"""CSV files and DuckDB files, read to the contact or refused with the line."""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

from partialpool.settings import Factor, Outcome, Source
from partialpool.source import duck
from partialpool.source.counted import OUTCOME, ROWS
from partialpool.source.counting import count_contacts
from partialpool.source.opening import check_columns, read_columns

A = {"a": Factor(column="a")}
B = Outcome(column="b")


def source_at(path, **settings):
    return Source(path=str(path), **settings)


def counts(path):
    counted = count_contacts(source_at(path), A, {}, B)
    return {(a, b): n for a, b, n in counted[["a", OUTCOME, ROWS]].itertuples(index=False)}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("a,b\nx,y\nx,y\nx,z\n", id="plain"),
        pytest.param("a,b\r\nx,y\r\nx,y\r\nx,z\r\n", id="CRLF"),
        pytest.param("a,b\rx,y\rx,y\rx,z\r", id="CR"),
        pytest.param("\ufeffa,b\nx,y\nx,y\nx,z\n", id="BOM"),
        pytest.param("a,b\nx,y\nx,y\nx,z", id="no newline at the end"),
        pytest.param("a,b\nx,y\n\nx,y\nx,z\n\n\n", id="blank lines"),
        pytest.param('"a","b"\n"x","y"\n"x",y\nx,z\n', id="quoted"),
        pytest.param("a,b,c\nx,y,1\nx,y,2\nx,z,3\n", id="a column that nobody asks for"),
        pytest.param("c,b,a\n1,y,x\n2,y,x\n3,z,x\n", id="another order"),
    ],
)
def test_contacts_are_counted_whatever_the_dress_of_the_file(write, content):
    assert counts(write(content)) == {("x", "y"): 2, ("x", "z"): 1}


def test_levels_survive_as_they_stand(write):
    levels = ['say "hi"', "x,y", " padded ", "two\nlines", "😀", "NA", "NULL", "true", "01", "\\"]
    levels += ["two\r\nlines", "\0", "a\0b", '"', '""', "#", "'", "\x1a", "\ufeff", "1e3"]
    path = write([["a", "b"], *([level, "1"] for level in levels)])
    assert counts(path) == {(level, "1"): 1 for level in levels}


def test_a_value_that_is_not_there_is_missing_and_counted(write):
    assert counts(write('a,b\nx,\nx,""\nx,y\n')) == {("x", None): 2, ("x", "y"): 1}


@pytest.mark.parametrize("line", ['"x\ny,z\n",1', '"q\nx,y\nq",1', '"x\r\ny\r\n",1'])
def test_quoted_line_breaks_are_counted_in_a_file_of_many_blocks(write, line):
    ending = "\r\n" if "\r" in line else "\n"
    path = write("a,b" + ending + (line + ending) * 3_000_000)
    assert path.stat().st_size > 30_000_000
    value = next(csv.reader([line.rpartition(",")[0]]))[0] if "\n" not in line else line[1:-3]
    assert counts(path) == {(value, "1"): 3_000_000}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            "a,b\nx,y\nx\n", "in line 3 the number of values is 1, expected 2", id="short"
        ),
        pytest.param("a,b\nx,y\nx,y,z\n", "in line 3 the number of values is 3", id="long"),
        pytest.param(
            'a,b\nx,y\nx,"z\nx,y\n', "line 3 has a quote that is not closed", id="open quote"
        ),
        pytest.param('a,b\nx,y\nx,"z"z\n', "line 3 has text behind a quote", id="text"),
        pytest.param(
            'a,b\nx,y\nx"q,"z"\n', "line 3 has a quote in a value that is not", id="quote"
        ),
        pytest.param("a,b\nx,y\r\nx,y\n", "its lines end in different ways", id="CRLF after LF"),
        pytest.param("a,b\r\nx,y\nx,y\r\n", "its lines end in different ways", id="LF after CRLF"),
        pytest.param("a,b\nx\ry,y\n", "its lines end in different ways", id="CR in a value"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_line(write, refused, content, said):
    path = write(content)
    message = refused(counts, path)
    assert message.startswith(f"source.path: {path} cannot be read: {said}")


def test_the_file_of_a_pattern_that_does_not_fit_is_named(write, tmp_path, refused):
    write("a,b\nx,y\n", "1.csv")
    write("a,b\nx,y\nx\n", "2.csv")
    message = refused(counts, tmp_path / "*.csv")
    assert message.startswith(f"source.path: {tmp_path}/2.csv cannot be read: in line 3")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_an_error_is_found_wherever_it_stands(write, refused, ending):
    start = b"a,b" + ending.encode() + (b"x,y" + ending.encode()) * 100_000
    assert "line 100002 is not UTF-8" in refused(counts, write(start + b"\xe9,y" + start[3:]))
    assert "in line 100002" in refused(counts, write(start + b"x" + ending.encode() * 2))
    other = b"x,y\r\n" if ending == "\n" else b"x,y\n"
    assert "its lines end in different" in refused(counts, write(start + other + start[5:]))


def test_a_column_that_is_not_there_is_refused_with_those_that_are(write, refused):
    source = source_at(write("Promo,Pass\nx,y\n"))
    check_columns(source, {"outcome.column": "Pass"})
    said = refused(check_columns, source, {"factors.promo.column": "promo"})
    assert said == (
        f"factors.promo.column: found no column 'promo' in {source.path}, expected one of Promo, "
        "Pass"
    )
    said = refused(count_contacts, source, {"promo": Factor(column="promo")}, {}, B)
    assert said.startswith("factors.promo.column: found no column 'promo'")


@pytest.fixture
def duckdb_file(tmp_path):
    path = tmp_path / "contacts.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE contacts AS SELECT 'x' AS a, 'y' AS b FROM range(3)")
        connection.execute('CREATE SCHEMA "my sales"')
        connection.execute("CREATE VIEW \"my sales\".late AS SELECT a, 'z' AS b FROM contacts")
    return path


@pytest.mark.parametrize(
    ("named", "outcome"),
    [
        ({"table": "contacts"}, "y"),
        ({"table": "main.contacts"}, "y"),
        ({"table": "my sales.late"}, "z"),
        ({"query": "SELECT a, ':b' AS b FROM contacts -- 100%;"}, ":b"),
        ({"query": "WITH c AS (FROM contacts) SELECT a, b || '%' AS b FROM c;\n"}, "y%"),
    ],
)
def test_a_table_a_view_or_a_query_of_a_duckdb_file_is_counted(duckdb_file, named, outcome):
    counted = count_contacts(source_at(duckdb_file, **named), A, {}, B)
    assert counted[["a", OUTCOME, ROWS]].to_numpy().tolist() == [["x", outcome, 3]]


def test_a_duckdb_file_is_opened_to_be_read(duckdb_file, refused):
    before = duckdb_file.read_bytes()
    count_contacts(source_at(duckdb_file, table="contacts"), A, {}, B)
    assert duckdb_file.read_bytes() == before
    assert sorted(path.name for path in duckdb_file.parent.iterdir()) == ["contacts.duckdb"]


@pytest.mark.parametrize(
    ("named", "key", "said"),
    [
        ({"table": "nothing"}, "source.table", "Table with name nothing does not exist!"),
        ({"query": "SELECT c FROM contacts"}, "source.query", 'Referenced column "c" not found'),
        ({"query": "SELECT FROM"}, "source.query", "syntax error"),
    ],
)
def test_a_table_or_query_that_cannot_be_asked_is_refused(duckdb_file, refused, named, key, said):
    message = refused(read_columns, source_at(duckdb_file, **named))
    assert message.startswith(f"{key}: {duckdb_file}, ")
    assert said in message


def test_a_file_that_is_no_duckdb_is_refused(tmp_path, write, refused):
    missing = source_at(tmp_path / "no.duckdb", table="contacts")
    assert refused(read_columns, missing) == f"source.path: found no file {missing.path}"
    other = source_at(write("a,b\n", "contacts.db"), table="contacts")
    assert refused(read_columns, other) == f"source.path: {other.path} is not a DuckDB file"
    sqlite = source_at(write(b"SQLite format 3\0" + b"\0" * 100, "contacts.db"), table="contacts")
    assert refused(read_columns, sqlite).endswith(
        f"an SQLite file is named by url: sqlite:///{sqlite.path}"
    )


def test_a_duckdb_file_that_is_being_written_is_refused(duckdb_file, refused):
    holding = (
        f"import duckdb, sys; held = duckdb.connect({str(duckdb_file)!r}); "
        "print(1, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        said = refused(read_columns, source_at(duckdb_file, table="contacts"))
        other.stdin.close()
    assert said.startswith(f"source.path: {duckdb_file} cannot be opened: Could not set lock")


def test_a_folder_without_room_for_what_is_counted_is_named(write, monkeypatch, tmp_path, refused):
    path = write("a,b\n" + "".join(f"{i:030},y\n" for i in range(300_000)))
    monkeypatch.setattr(duck, "MEMORY", "8MB")
    monkeypatch.setattr(duck, "gettempdir", lambda: "/small")
    said = refused(counts, path)
    assert "found no room for temporary files in /small, expected more" in said
    assert "TMPDIR" in said
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert "expected one with room; name one by the environment variable" in refused(counts, path)


def test_many_distinct_values_leave_nothing_behind(write, monkeypatch, tmp_path, refused):
    monkeypatch.chdir(tmp_path)
    path = write("a,b\n" + "".join(f"{i},y\n" for i in range(300_000)))
    assert "more than 250,000 combinations" in refused(counts, path)
    assert [found.name for found in Path().iterdir()] == [path.name]
