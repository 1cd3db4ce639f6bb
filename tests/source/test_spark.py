"""Spark counts as DuckDB does, or says in one line why not."""

import csv
import io
import re
import shutil
from collections import Counter

import pandas as pd
import pytest
from hypothesis import example, given

from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source import counting
from partialpool.source.counted import EXAMPLE, OUTCOME, PROBLEM, ROWS
from partialpool.source.counting import count_contacts, glimpse
from partialpool.source.ids import ID_COLUMNS
from partialpool.source.opening import check_columns, read_columns
from partialpool.source.spark import DOUBT

from ..factories.contacts import (
    BOUGHT,
    COLUMNS,
    CONTACTS,
    FACTORS,
    NO_NUMBERS,
    NUMBERS,
    ROWS_OF_TEXT,
    SOLD,
    SPEND,
    given_value,
)

pytestmark = [
    pytest.mark.spark,
    pytest.mark.usefixtures("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
G, Y = {"g": Factor(column="g")}, Outcome(column="y")
AGES = {"age": Factor(column="age", bins=(30, 50), levels=("it's \\low", "${mid} :x", "high"))}


def with_spark(source, **settings):
    return source.model_copy(update={"engine": "spark"} | settings)


def without_line_breaks(rows):
    return [tuple(v.replace("\n", " ") if isinstance(v, str) else v for v in row) for row in rows]


@pytest.mark.parametrize("kind", ["csv", "gz", "pattern", "parquet"])
@pytest.mark.parametrize("outcome", [BOUGHT, SOLD], ids=["contacts", "counts"])
def test_the_same_contacts_give_the_same_counts(place, kind, outcome):
    source = place(kind, COLUMNS, without_line_breaks(CONTACTS))
    source = source.model_copy(
        update={"null_values": ("NA", "it's \\'"), "filter": "promo <> '\\\\'"}
    )
    by_spark = count_contacts(with_spark(source), FACTORS | AGES, SPEND, outcome)
    by_duckdb = count_contacts(source, FACTORS | AGES, SPEND, outcome)
    pd.testing.assert_frame_equal(by_spark, by_duckdb)


def test_columns_and_a_glimpse_are_read(place, refused):
    source = with_spark(place("csv", COLUMNS, without_line_breaks(CONTACTS)))
    assert read_columns(source) == list(COLUMNS)
    first = glimpse(source, rows=2)
    assert list(first) == list(COLUMNS)
    assert first["Sales Channel"].tolist() == ["E-mail, 'new'"] * 2
    check_columns(source, {"outcome.column": "bought"})
    assert "no column 'b'" in refused(check_columns, source, {"outcome.column": "b"})


def test_numbers_are_read_as_everywhere(write):
    rows = [[text, text, "1"] for text in [*NUMBERS, *NO_NUMBERS]]
    source = with_spark(Source(path=str(write([["x", "g", "y"], *rows]))))
    counted = count_contacts(source, G, {"x": Number(column="x")}, Y)
    good = counted[counted[PROBLEM].isna()]
    assert dict(zip(good["g"], good["x"], strict=True)) == NUMBERS
    assert counted[ROWS].max() == len(NO_NUMBERS)
    assert counted[EXAMPLE].dropna().tolist() == [min(NO_NUMBERS)]


@pytest.fixture
def catalogue(spark, tmp_path):
    rows = [("a", True), ("a", True), ("b", False), ("A", None)]
    spark.createDataFrame(rows, "g STRING, y BOOLEAN").createOrReplaceTempView("sold")
    yield
    spark.catalog.dropTempView("sold")


@pytest.mark.parametrize(
    "named", [{"table": "sold"}, {"query": "SELECT g, y FROM sold WHERE '12:30' <> ':x' -- all"}]
)
def test_a_table_or_query_of_the_catalogue_is_counted(catalogue, named):
    for _ in range(2):
        counted = count_contacts(Source(engine="spark", **named), G, {}, Y)
        found = counted[["g", OUTCOME, ROWS]].to_numpy().tolist()
        assert found == [["A", None, 1], ["a", "true", 2], ["b", "false", 1]]


@pytest.mark.parametrize(
    ("named", "key", "said"),
    [
        ({"table": "nothing"}, "source.table", "cannot be found"),
        ({"query": "SELECT"}, "source.query", "found SELECT; expected one SELECT"),
        ({"query": "SELECT g, y, G FROM sold"}, "source.query", "has the column 'g' twice"),
        ({"table": "sold", "filter": "g ="}, "source.filter", "yntax error"),
        ({"table": "sold", "filter": "h = 1"}, "source.filter", "cannot be resolved"),
        ({"table": "sold", "filter": "CAST(g AS INT) = 1"}, "source.filter", "cannot be cast"),
    ],
)
def test_what_spark_does_not_understand_is_refused(catalogue, refused, named, key, said):
    message = refused(count_contacts, Source(engine="spark", **named), G, {}, Y)
    assert message.startswith(f"{key}: Spark, ")
    assert said in message


DOORS = [
    {"filter": "1=1) UNION SELECT (1"},
    {"filter": "1=1); DROP VIEW sold; SELECT (1=1"},
    {"filter": "g in (select secret from csv.`OTHER`)"},
    {"filter": "reflect('java.lang.System', 'setProperty', 'door', 'open') = ''"},
    {"filter": "java_method('java.lang.System', 'setProperty', 'door', 'open') = ''"},
    {"filter": "`reflect`('java.lang.System', 'setProperty', 'door', 'open') = ''"},
    {"filter": "g = '\\' or 1=1); DROP VIEW sold; --'; )"},
    {"query": "CREATE TABLE t AS SELECT 1 AS g, 1 AS y"},
    {"query": "DROP VIEW sold"},
    {"query": "INSERT OVERWRITE DIRECTORY 'NEW' USING csv SELECT 1 AS g, 1 AS y"},
    {"query": "WITH c AS (SELECT 1 AS g) INSERT OVERWRITE DIRECTORY 'NEW' USING csv FROM c"},
    {"query": "SELECT _c0 AS g, 1 AS y FROM csv.`OTHER`"},
    {"query": "SELECT _c0 AS g, 1 AS y FROM text.`OTHER`"},
    {"table": "csv.`OTHER`"},
]


@pytest.mark.parametrize("named", DOORS, ids=str)
def test_nothing_but_the_contacts_is_read_written_or_run(
    spark, catalogue, tmp_path, refused, named
):
    (tmp_path / "other.csv").write_text("secret\na\n", encoding="utf-8")
    places = {"OTHER": f"{tmp_path}/other.csv", "NEW": f"{tmp_path}/new"}
    key, sql = next(iter(named.items()))
    sql = sql.replace("OTHER", places["OTHER"]).replace("NEW", places["NEW"])
    asked = {key: sql} | ({"table": "sold"} if key == "filter" else {})
    refused(count_contacts, Source(engine="spark", **asked), G, {}, Y)
    assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]
    assert spark.catalog.tableExists("sold")
    assert not spark.catalog.tableExists("t")
    assert spark.sparkContext._jvm.java.lang.System.getProperty("door") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("g,y\na,1\nb\n", "Malformed CSV record"),
        ("g,y\na,1\nb,2,3\n", "Malformed CSV record"),
        ('g,y\na,"1\nb,2\n', "a quote that is not closed"),
        (b"g,y\na,1\n" + b"a,1\n" * 9999 + b"\xe9,1\n", DOUBT),
        ('g,y\n"a\nb",1\n', DOUBT),
        ("g,y\na,1\r\nb,2\n", DOUBT),
        ("g,y\n", "has no rows"),
    ],
)
def test_a_csv_file_that_spark_would_misread_is_refused(write, refused, content, said):
    source = with_spark(Source(path=str(write(content))))
    message = refused(count_contacts, source, G, {}, Y)
    assert message.startswith(f"source.path: {source.path}")
    assert said in message


def test_a_file_may_have_any_name(write):
    for other in ("ab.csv", "b1.csv", "a.csv", "cd.csv"):
        write("g,y\nother,1\n", other)
    for name in ("a*.csv", "b[1].csv", "{a,b}.csv", "c?.csv", "it's ü %20.csv", "back\\slash.csv"):
        source = with_spark(Source(path=str(write(f'g,y\n"{name}",1\n', name))))
        assert count_contacts(source, G, {}, Y)["g"].tolist() == [name]


@pytest.mark.parametrize("name", ["_contacts.csv", ".contacts.csv"])
def test_a_file_that_spark_would_skip_is_refused(write, refused, name):
    source = with_spark(Source(path=str(write("g,y\nx,1\n", name))))
    assert "Spark skips" in refused(count_contacts, source, G, {}, Y)


def test_too_many_combinations_are_refused(write, monkeypatch, refused):
    monkeypatch.setattr(counting, "MOST_CELLS", 20)
    source = with_spark(Source(path=str(write([["g", "y"], *([str(i), "1"] for i in range(99))]))))
    assert "more than 20 combinations" in refused(count_contacts, source, G, {}, Y)


@given(rows=ROWS_OF_TEXT)
@example(rows=[('"', "\\", "''"), ("`", "\0", "#")])
def test_any_table_written_as_csv_is_counted(write, rows):
    rows = [tuple(re.sub("[\n\r\ufffd]", "", text) for text in row) for row in rows]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([["g", "h", "y"], *rows])
    source = Source(path=str(write(buffer.getvalue())), engine="spark", null_values=("NA",))
    factors = {"g": Factor(column="g"), "h": Factor(column="h")}
    counted = count_contacts(source, factors, {}, Y)
    found = Counter()
    for *values, n in counted[["g", "h", OUTCOME, ROWS]].itertuples(index=False, name=None):
        found[tuple(values)] += n
    assert found == Counter(tuple(map(given_value, row)) for row in rows)


def test_without_java_spark_is_not_started(write, monkeypatch, refused):
    monkeypatch.setattr(shutil, "which", lambda program: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    source = with_spark(Source(path=str(write("g,y\nx,1\n"))))
    said = refused(count_contacts, source, G, {}, Y)
    assert said == "source.engine: found no Java, expected 17 or later for Spark"


def test_ids_are_counted_as_by_duckdb(place):
    rows = [contact for contact in without_line_breaks(CONTACTS) for _ in range(2)]
    source = place("csv", COLUMNS, rows).model_copy(update={"id": "age", "missing": "level"})
    asked = (FACTORS, SPEND, BOUGHT, "promo")
    counted = count_contacts(with_spark(source), *asked)
    expected = count_contacts(source, *asked)
    sums = list(ID_COLUMNS)
    assert counted[sums].sum().to_dict() == expected[sums].sum().to_dict()
    assert counted.drop(columns=sums).equals(expected.drop(columns=sums))
