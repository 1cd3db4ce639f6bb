"""The files behind a path or pattern: found, of one kind, with the same columns."""

import gzip

import duckdb
import pytest

from partialpool.settings import Factor, Outcome, Source
from partialpool.source.counted import ROWS
from partialpool.source.counting import count_contacts
from partialpool.source.opening import check_columns, read_columns, source_files

from ..factories.contacts import G, Y


def source_at(path):
    return Source(path=str(path))


def rows_of(source):
    counted = count_contacts(source, G, {}, Y)
    return dict(zip(counted["g"], counted[ROWS], strict=True))


@pytest.fixture
def parquet(tmp_path):
    def write_parquet(query, name="contacts.parquet"):
        with duckdb.connect() as connection:
            connection.execute(f"COPY ({query}) TO '{tmp_path}/{name}'")
        return tmp_path / name

    return write_parquet


@pytest.mark.parametrize(
    "name", ["two words", "a,b", 'quo"te', "it's", "select", "Größe", "%s", ":x"]
)
def test_a_column_may_have_any_name(write, name):
    source = source_at(write([[name, "y"], ["a", "1"], ["a", "2"]]))
    assert read_columns(source) == [name, "y"]
    counted = count_contacts(source, {"g": Factor(column=name)}, {}, Y)
    assert counted["g"].tolist() == ["a", "a"]


@pytest.mark.parametrize(
    "name", ["contacts", "contact", "text_0", "key_0", "problem", "kept", "count_1"]
)
def test_a_column_may_be_called_as_the_statement_calls_something(write, name):
    source = source_at(write(f"{name},y\na,1\n")).model_copy(update={"filter": f"{name} = 'a'"})
    assert count_contacts(source, {"g": Factor(column=name)}, {}, Y)["g"].tolist() == ["a"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a,b\nx,y\n", id="plain text"),
        pytest.param(gzip.compress(b"a,b\nx,y\n" * 999)[:-20], id="cut short"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_file_that_is_not_compressed_as_its_name_says_is_refused(write, refused, content):
    source = source_at(write(content, "contacts.csv.gz"))
    message = refused(count_contacts, source, {"g": Factor(column="a")}, {}, Outcome(column="b"))
    assert message.startswith(f"source.path: {source.path} ")


def test_a_bare_yes_for_a_column_is_explained(write, refused):
    source = source_at(write("yes,no\n1,2\n"))
    wanted = {"outcome.successes": "true"}
    assert refused(check_columns, source, wanted).endswith(
        "expected one of yes, no; a bare yes in YAML is true: put it in quotes"
    )


def test_a_file_that_is_not_there_is_refused(tmp_path, refused):
    nowhere = source_at(tmp_path / "nothing.csv")
    assert refused(read_columns, nowhere) == f"source.path: found no file {nowhere.path}"
    assert refused(source_files, nowhere) == f"source.path: found no file {nowhere.path}"
    pattern = source_at(tmp_path / "*.csv")
    assert refused(read_columns, pattern) == f"source.path: found no file that fits {pattern.path}"
    folder = source_at(tmp_path)
    assert "is a folder, expected a file or a pattern" in refused(read_columns, folder)


@pytest.mark.parametrize(
    "name", ["a" * 300, "a" * 300 + "*.csv", "b/" * 3000 + "c", "a" * 300 + ".duckdb"]
)
def test_a_path_that_is_too_long_is_not_there(tmp_path, refused, name):
    table = "contacts" if name.endswith(".duckdb") else None
    source = Source(path=str(tmp_path / name), table=table)
    assert refused(read_columns, source).startswith("source.path: found no file ")


@pytest.mark.parametrize("name", ["contacts.xlsx", "contacts", "contacts.csv.zip", "contacts.gz"])
def test_a_file_of_another_kind_is_refused(write, refused, name):
    source = source_at(write("a,b\n", name))
    assert refused(read_columns, source) == (
        f"source.path: {source.path} is of no known kind, expected .csv.gz, .csv, .parquet"
    )


def test_a_name_may_be_in_capitals(write):
    assert rows_of(source_at(write("g,y\na,1\n", "CONTACTS.CSV"))) == {"a": 1}


def test_the_files_of_a_pattern_are_counted_together(write, tmp_path):
    for name in ("a/1.csv", "a/b/2.csv", "a/b/3.csv"):
        write(f"g,y\n{name},1\n", name)
    write("nothing", "a/readme.txt")
    found = {
        pattern: set(rows_of(source_at(tmp_path / pattern)))
        for pattern in ("a/b/*.csv", "**/*.csv")
    }
    assert found == {
        "a/b/*.csv": {"a/b/2.csv", "a/b/3.csv"},
        "**/*.csv": {"a/1.csv", "a/b/2.csv", "a/b/3.csv"},
    }
    files = source_files(source_at(tmp_path / "**" / "*.csv"))
    assert files == [tmp_path / name for name in ("a/1.csv", "a/b/2.csv", "a/b/3.csv")]


STRANGE = ["a*.csv", "b[1].csv", "c?.csv", "**.csv", "{a,b}.csv", "it's.csv", "back\\slash.csv"]

STRANGE += ["per%20cent.csv", "$HOME.csv", "ünï 😀.csv", "~.csv", "a:b.csv", "-.csv", "[.csv"]


@pytest.mark.parametrize("name", STRANGE)
def test_a_file_may_have_any_name(write, tmp_path, name):
    for other in ("ab.csv", "b1.csv", "cd.csv", "a.csv"):
        write("g,y\nother,1\n", other)
    assert rows_of(source_at(write("g,y\nx,1\n", name))) == {"x": 1}
    assert rows_of(source_at(tmp_path / "*.csv")) == {"x": 1, "other": 4}


def test_the_folders_of_files_make_no_columns(write, tmp_path, parquet):
    write("g,y\nx,1\n", "year=2024/1.csv")
    (tmp_path / "year=2025").mkdir()
    parquet("SELECT 'x' AS g, 1 AS y", "year=2025/1.parquet")
    for source in (source_at(tmp_path / "*" / "*.csv"), source_at(tmp_path / "*" / "*.parquet")):
        assert read_columns(source) == ["g", "y"]
        assert rows_of(source) == {"x": 1}


def test_files_with_other_headers_are_refused(write, tmp_path, refused):
    write("g,y\nx,1\n", "1.csv")
    for header, other, first in (("g,Y", "Y", "y"), ("y,g", "y", "g"), ("g,y,z", "z", "nothing")):
        write(f"{header}\nx,1,2\n", "2.csv")
        assert refused(read_columns, source_at(tmp_path / "*.csv")) == (
            f"source.path: {tmp_path}/2.csv has the column {other!r} where {tmp_path}/1.csv has "
            f"{first!r}, expected the same header"
        )


def test_files_of_several_kinds_are_refused(write, tmp_path, parquet, refused):
    write("g,y\nx,1\n", "1.csv")
    parquet("SELECT 'x' AS g, 1 AS y", "2.parquet")
    assert refused(read_columns, source_at(tmp_path / "*")) == (
        f"source.path: found {tmp_path}/1.csv and {tmp_path}/2.parquet, expected files of one kind"
    )


def test_lines_may_end_differently_in_different_files(write, tmp_path):
    write("g,y\nx,1\n", "1.csv")
    write("g,y\r\nx,1\r\n", "2.csv")
    write("\ufeffg,y\nx,1\n", "3.csv")
    assert rows_of(source_at(tmp_path / "*.csv")) == {"x": 3}


def test_the_columns_of_parquet_files_may_stand_in_another_order(parquet, tmp_path):
    parquet("SELECT 'x' AS g, 1 AS y", "1.parquet")
    parquet("SELECT 2 AS y, 'unused' AS more, 'x' AS g", "2.parquet")
    assert rows_of(source_at(tmp_path / "*.parquet")) == {"x": 1} | {"x": 1}
    assert len(count_contacts(source_at(tmp_path / "*.parquet"), G, {}, Y)) == 2


def test_a_parquet_file_that_lacks_a_column_is_refused(parquet, tmp_path, refused):
    parquet("SELECT 'x' AS g, 1 AS y", "1.parquet")
    parquet("SELECT 'x' AS g", "2.parquet")
    assert refused(count_contacts, source_at(tmp_path / "*.parquet"), G, {}, Y) == (
        f"source.path: found no column 'y' in {tmp_path}/2.parquet, expected it in every file"
    )


def test_a_column_of_two_types_is_refused_where_it_is_text(parquet, tmp_path, refused):
    parquet("SELECT 'x' AS g, 1::BIGINT AS y", "1.parquet")
    parquet("SELECT 'x' AS g, 1.5::DOUBLE AS y", "2.parquet")
    source = source_at(tmp_path / "*.parquet")
    assert refused(count_contacts, source, G, {}, Y) == (
        f"source.path: column 'y' is DOUBLE in {tmp_path}/2.parquet and BIGINT in "
        f"{tmp_path}/1.parquet, expected one type"
    )


def test_a_column_of_numbers_may_be_of_two_types(parquet, tmp_path):
    from partialpool.settings import Number

    parquet("SELECT 'x' AS g, 1::BIGINT AS n, 1 AS y", "1.parquet")
    parquet("SELECT 'x' AS g, 1.5::DOUBLE AS n, 1 AS y", "2.parquet")
    source = source_at(tmp_path / "*.parquet")
    counted = count_contacts(source, G, {"n": Number(column="n")}, Y)
    assert counted["n"].tolist() == [1.0, 1.5]


def test_a_column_may_be_all_missing_in_a_parquet_file(parquet, tmp_path):
    parquet("SELECT NULL AS g, 1 AS y", "1.parquet")
    parquet("SELECT 'x' AS g, 1 AS y", "2.parquet")
    assert rows_of(source_at(tmp_path / "*.parquet")) == {"x": 1, None: 1}


@pytest.mark.parametrize("content", [b"", b"PAR1", b"g,y\nx,1\n" * 9])
def test_a_file_that_is_no_parquet_is_refused(write, refused, content):
    source = source_at(write(content, "contacts.parquet"))
    message = refused(count_contacts, source, G, {}, Y)
    assert message.startswith(f"source.path: {source.path} is not a Parquet file (")
