"""Contacts at their source: what the header may be, and counts that are right to the contact."""

import csv
from collections import Counter

import duckdb
import numpy as np
import pytest

from partialpool import source
from partialpool.errors import InputError
from partialpool.source import CONTACTS, check_columns, count_contacts, glimpse, read_header


@pytest.fixture
def write(tmp_path):
    def write_file(content):
        path = tmp_path / "contacts.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def counts(path, columns=None):
    """Counts by tuples of values."""
    table = count_contacts(path, columns or read_header(path))
    *_, last = table.columns
    assert last == CONTACTS
    return {tuple(row[:-1]): row[-1] for row in table.itertuples(index=False, name=None)}


def refusal(of, *arguments):
    with pytest.raises(InputError) as error:
        of(*arguments)
    said = str(error.value)
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("a,b\nx,y\nx,y\nx,z\n", id="plain"),
        pytest.param("a,b\r\nx,y\r\nx,y\r\nx,z\r\n", id="CRLF"),
        pytest.param("\ufeffa,b\nx,y\nx,y\nx,z\n", id="BOM"),
        pytest.param("a,b\nx,y\nx,y\nx,z", id="no newline at the end"),
        pytest.param('"a","b"\n"x","y"\n"x",y\nx,z\n', id="quoted"),
        pytest.param("a,b,c\nx,y,1\nx,y,2\nx,z,3\n", id="a column that nobody asks for"),
    ],
)
def test_contacts_are_counted_whatever_the_dress_of_the_file(write, content):
    assert counts(write(content), ["a", "b"]) == {("x", "y"): 2, ("x", "z"): 1}


def test_levels_survive_as_they_stand(write):
    levels = ['say "hi"', "x,y", " padded ", "two\nlines", "😀", "NA", "NULL", "true", "01", "\\"]
    path = write("")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["level", "n"], *([level, "1"] for level in levels)])
    assert counts(path, ["level"]) == {(level,): 1 for level in levels}


@pytest.mark.parametrize("name", ["two words", "a,b", 'quo"te', "it's", "select", "Größe"])
def test_a_column_may_have_any_name(write, name):
    path = write("")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[name, "other"], ["x", "y"], ["x", "z"]])
    assert read_header(path) == [name, "other"]
    assert counts(path, [name]) == {("x",): 2}


@pytest.mark.parametrize("name", ["contacts", "Contacts", "count_star()"])
def test_a_column_may_be_called_as_the_count_is(write, name):
    assert counts(write(f"{name},b\nx,y\nx,y\n")) == {("x", "y"): 2}


def test_a_column_that_two_keys_name_is_counted_once(write):
    assert counts(write("a,b\nx,y\n"), ["a", "a"]) == {("x",): 1}


def test_a_value_that_is_not_there_is_missing_and_counted(write):
    table = count_contacts(write('a,b\nx,\nx,""\nx,y\n'), ["a", "b"])
    assert table.loc[table["b"].isna(), CONTACTS].tolist() == [2]


@pytest.mark.parametrize("seed", range(5))
def test_counts_equal_those_of_reading_row_by_row(tmp_path, seed):
    random = np.random.default_rng(seed)
    values = ["a", "b", "c,d", 'e"f', " g", "h\ni", "é😀", "", "NA"]
    rows = random.choice(values, size=(2000, 3), p=random.dirichlet(np.ones(len(values)))).tolist()
    path = tmp_path / "contacts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator=["\n", "\r\n"][seed % 2])
        writer.writerows([["one", "two", "three"], *rows])
    with path.open(newline="", encoding="utf-8") as file:
        expected = Counter((row["three"], row["one"]) for row in csv.DictReader(file))
    table = count_contacts(path, ["three", "one"]).fillna("")
    found = {(three, one): n for three, one, n in table.itertuples(index=False, name=None)}
    assert found == expected


def test_the_contacts_are_read_in_one_pass(write, monkeypatch):
    asked = []
    connect = duckdb.connect

    class Spy:
        def __init__(self, **settings):
            self.connection = connect(**settings)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.connection.close()

        def execute(self, query):
            asked.append(query)
            return self.connection.execute(query)

    monkeypatch.setattr(source.duckdb, "connect", Spy)
    count_contacts(write("a,b\nx,y\n"), ["a", "b"])
    assert len(asked) == 1


def test_counts_come_sorted_so_that_they_do_not_depend_on_threads(write):
    rows = [f"{a},{b}" for a in "cab" for b in "yxz"]
    table = count_contacts(write("\n".join(["a,b", *rows, ""])), ["a", "b"])
    assert list(zip(table["a"], table["b"], strict=True)) == [(a, b) for a in "abc" for b in "xyz"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("", "has no header", id="empty file"),
        pytest.param("\n\n", "has no header", id="blank lines"),
        pytest.param("a,b,a\nx,y,z\n", "the column 'a' twice", id="the same name"),
        pytest.param("promo,b,Promo\nx,y,z\n", "column 'promo' twice", id="same in lower case"),
        pytest.param("a,,b\nx,y,z\n", "a column without a name", id="no name"),
        pytest.param(b"\xe9,b\nx,y\n", "is not a UTF-8 CSV file", id="Latin 1"),
        pytest.param("a,b\n".encode("utf-16"), "is not a UTF-8 CSV file", id="UTF-16"),
        pytest.param('"a\nb",c\r\nx,y\r\n', "'a\\nb', expected a single line", id="two lines"),
        pytest.param('"a,b\nx,y\n', "is not a UTF-8 CSV file", id="open quote"),
    ],
)
def test_a_bad_header_is_refused(write, content, said):
    path = write(content)
    refused = refusal(read_header, path)
    assert refused.startswith(f"source.path: {path} ")
    assert said in refused


def test_a_file_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "nothing.csv"
    assert refusal(read_header, path) == f"source.path: found no file {path}"
    assert "not a UTF-8 CSV file" in refusal(read_header, tmp_path)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param("a,b\nx,y\nx\n", 3, id="short row"),
        pytest.param("a,b\nx,y\nx,y,z\n", 3, id="long row"),
        pytest.param('a,b\nx,y\nx,"z\nx,y\n', 3, id="open quote"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_line(write, content, line):
    assert refusal(count_contacts, write(content), ["a", "b"]).endswith(f"Line: {line}")


def test_text_that_is_not_utf8_is_refused_wherever_it_stands(write):
    path = write(b"a,b\n" + b"x,y\n" * 100_000 + b"\xe9,y\n")
    assert "cannot be read" in refusal(count_contacts, path, ["a", "b"])


def test_too_many_combinations_are_refused_before_they_are_taken(write, monkeypatch):
    monkeypatch.setattr(source, "MOST_CELLS", 3)
    path = write("a,b\n" + "".join(f"{i},y\n" for i in range(4)))
    assert "more than 3 combinations of a, b" in refusal(count_contacts, path, ["a", "b"])
    assert len(count_contacts(path, ["b"])) == 1


def test_a_column_that_is_not_there_is_refused_with_those_that_are(write):
    path = write("Promo,Pass\nx,y\n")
    check_columns(path, {"outcome.column": "Pass"})
    said = refusal(check_columns, path, {"factors.promo.column": "promo"})
    assert said == (
        f"factors.promo.column: found no column 'promo' in {path}, expected one of Promo, Pass"
    )


def test_a_glimpse_is_the_first_rows_as_they_stand(write):
    path = write("a,b\n" + "".join(f"{i:02d},yes\n" for i in range(20)))
    assert glimpse(path)["a"].tolist() == [f"{i:02d}" for i in range(source.GLIMPSE_ROWS)]
