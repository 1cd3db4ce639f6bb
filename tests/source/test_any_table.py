"""Whatever a table holds, its counts equal an independent count, or one line says why not."""

import csv
import io
import math
import re
import sqlite3
from collections import Counter

import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from partialpool.errors import InputError
from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source.counted import COUNTS_MISSING, OUTCOME, PROBLEM, ROWS, SUCCESSES, TRIALS
from partialpool.source.counting import count_contacts
from partialpool.source.names import has_control
from partialpool.source.opening import read_columns

from ..factories.contacts import NASTY, POSTGRESQL, ROWS_OF_TEXT, TEXTS, given_value

NUMBER_TEXTS = st.one_of(
    st.sampled_from(["", "NA", "1", "1.0", " 2", "1e3", "-0", "0", ".5", "1_0", "nan", "x"]),
    st.text("0123456789.eE+- ", max_size=6),
    st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-99).map(str),
)
COUNTS = st.one_of(
    st.sampled_from(["", "NA", "1.5", "-1", "x", "1e13"]), st.integers(0, 9).map(str)
)
FACTORS = {"g": Factor(column="g"), "h": Factor(column="h")}
LABELS = ("below 0", "0 to 10", "10 and above")
IS_NUMBER = re.compile(r" *[+-]?(\d{1,100}(\.\d{0,100})?|\.\d{1,100})([eE][+-]?[01]?\d{1,2})? *")


def counts_of(counted, names):
    rows = counted[[*names, ROWS]].itertuples(index=False, name=None)
    return {tuple(None if pd.isna(v) else v for v in row[:-1]): row[-1] for row in rows}


def counted_or_refused(source):
    """The counts, or None if the source was refused in one line."""
    try:
        return count_contacts(source, FACTORS, {}, Outcome(column="y"))
    except InputError as error:
        said = str(error)
    assert len(said.splitlines()) == 1
    return None


def written(rows, ending, quoting):
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=ending, quoting=quoting)
    writer.writerows([["g", "h", "y"], *rows])
    return buffer.getvalue()


@given(
    rows=ROWS_OF_TEXT,
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example(rows=[('"', "\r\n", "\0")] * 2, ending="\n", quoting=csv.QUOTE_MINIMAL)
def test_any_table_written_as_csv_is_counted(write, rows, ending, quoting):
    # Python quotes no carriage return that is not of its own line ending
    assume(quoting == csv.QUOTE_ALL or "\r" not in "".join(map("".join, rows)))
    source = Source(path=str(write(written(rows, ending, quoting))), null_values=("NA",))
    expected = Counter(tuple(map(given_value, row)) for row in rows)
    counted = count_contacts(source, FACTORS, {}, Outcome(column="y"))
    assert counts_of(counted, ["g", "h", OUTCOME]) == expected


@given(
    rows=ROWS_OF_TEXT,
    at=st.integers(0, 200),
    slip=st.sampled_from(['"', ",", "\n", "\r", '"\n', "\r\n", "\0", "\udce9"]),
    instead=st.booleans(),
)
def test_a_slip_in_a_file_gives_no_wrong_count(write, rows, at, slip, instead):
    """Either it is refused, or Python's own reader finds the same rows."""
    text = written(rows, "\n", csv.QUOTE_MINIMAL)
    at = len("g,h,y\n") + at % (len(text) - 5)
    content = (text[:at] + slip + text[at + instead :]).encode("utf-8", "surrogateescape")
    source = Source(path=str(write(content)))
    counted = counted_or_refused(source)
    if counted is None:
        return
    found = list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
    # an empty value too many at the end of a row is nothing
    kept = [row[:3] for row in found if row and not any(row[3:])]
    assert len(kept) == len([row for row in found if row])
    assert counts_of(counted, ["g", "h", OUTCOME]) == Counter(
        tuple(value or None for value in row) for row in kept
    )


@given(content=st.one_of(st.binary(max_size=60), NASTY.map(str.encode)))
def test_any_bytes_are_counted_or_refused(write, content):
    for name in ("contacts.csv", "contacts.csv.gz", "contacts.parquet"):
        source = Source(path=str(write(b"g,h,y\n" + content, name)))
        counted_or_refused(source)


@given(names=st.lists(TEXTS, min_size=1, max_size=4))
def test_any_header_is_read_as_it_stands_or_refused(write, names):
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([names, ["x"] * len(names)])
    source = Source(path=str(write(buffer.getvalue())))
    is_broken = len({name.casefold() for name in names}) < len(names) or not all(names)
    if is_broken or any(name.splitlines() != [name] or has_control(name) for name in names):
        with pytest.raises(InputError, match=r"\Asource.path: [^\n]*\Z"):
            read_columns(source)
        return
    assert read_columns(source) == names
    factors = {f"f{i}": Factor(column=name) for i, name in enumerate(names)}
    counted = count_contacts(source, factors, {}, Outcome(column=names[0]))
    assert counted[list(factors)].to_numpy().tolist() == [["x"] * len(names)]


@pytest.fixture
def rows_in(write, tmp_path, request):
    """Put rows of text into a source of the kind, again and again."""

    def put(kind, names, rows):
        if kind == "csv":
            return Source(path=str(write([list(names), *rows])))
        columns = ", ".join(f"{name} TEXT" for name in names)
        marks = ", ".join(["?" if kind == "sqlite" else "%s"] * len(names))
        if kind == "sqlite":
            connection = sqlite3.connect(tmp_path / "contacts.sqlite")
            cursor = connection.cursor()
        else:
            connection = request.getfixturevalue("database").connect()
            cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS contacts")
        cursor.execute(f"CREATE TABLE contacts ({columns})")
        cursor.executemany(f"INSERT INTO contacts VALUES ({marks})", rows)
        connection.commit()
        connection.close()
        url = f"sqlite:///{tmp_path}/contacts.sqlite" if kind == "sqlite" else POSTGRESQL
        return Source(url=url, table="contacts")

    return put


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@given(rows=ROWS_OF_TEXT)
def test_any_table_of_a_database_is_counted(rows_in, kind, rows):
    if kind == "postgresql":  # which has no NUL
        rows = [tuple(text.replace("\0", "") for text in row) for row in rows]
    source = rows_in(kind, "ghy", rows).model_copy(update={"null_values": ("NA",)})
    expected = Counter(tuple(map(given_value, row)) for row in rows)
    counted = count_contacts(source, FACTORS, {}, Outcome(column="y"))
    assert counts_of(counted, ["g", "h", OUTCOME]) == expected


@pytest.mark.parametrize("kind", ["csv", "sqlite", "postgresql"])
@given(values=st.lists(NUMBER_TEXTS, min_size=1, max_size=12))
def test_any_column_of_numbers_is_read_as_python_reads_it(rows_in, kind, values):
    source = rows_in(kind, "xgh", [(value, "g", "h") for value in values])
    source = source.model_copy(update={"null_values": ("NA",)})
    x = {"x": Number(column="x"), "again": Number(column="x")}
    bins = {"bin": Factor(column="x", bins=(0, 10))}
    counted = count_contacts(source, bins, x, Outcome(column="h"))
    expected = Counter()
    for text in map(given_value, values):
        number = float(text) if text and IS_NUMBER.fullmatch(text) else None
        label = None if number is None else LABELS[(number >= 0) + (number >= 10)]
        is_wrong = text is not None and number is None
        expected[(label, number, number, None if is_wrong else "h", is_wrong)] += 1
    counted["wrong"] = counted[PROBLEM].notna()
    found = counts_of(counted, ["bin", "x", "again", OUTCOME, "wrong"])
    assert found == expected
    assert not any(math.copysign(1, x) < 0 and x == 0 for x in counted["x"])


@pytest.mark.parametrize("kind", ["csv", "sqlite"])
@given(rows=st.lists(st.tuples(st.sampled_from("ab"), COUNTS, COUNTS), min_size=1, max_size=12))
def test_any_counts_are_summed(rows_in, kind, rows):
    source = rows_in(kind, "gst", rows).model_copy(update={"null_values": ("NA",)})
    outcome = Outcome(successes="s", trials="t")
    counted = count_contacts(source, {"g": Factor(column="g")}, {}, outcome)
    expected = Counter()
    for g, *texts in rows:
        values = [given_value(text) for text in texts]
        wrong = any(v is not None and not v.isdecimal() for v in values)
        absent = next((name for name, v in zip("st", values, strict=True) if v is None), None)
        if not wrong and absent is None:
            wrong = int(values[0]) > int(values[1])
        key = (None, None, True) if wrong else (g, absent, False)
        summed = [0, 0] if wrong or absent else map(int, values)
        for name, n in zip((ROWS, SUCCESSES, TRIALS), (1, *summed), strict=True):
            expected[(*key, name)] += n
    counted["wrong"] = counted[PROBLEM].notna()
    found = Counter()
    for row in counted.to_dict("records"):
        for name in (ROWS, SUCCESSES, TRIALS):
            found[(row["g"], row[COUNTS_MISSING], row["wrong"], name)] += row[name]
    assert found == expected
