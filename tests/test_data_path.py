"""From a file to cells: any table gives an independent count's totals, or one clear error."""

import csv
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from partialpool.cells.cells import make_cells, read_cells, write_cells
from partialpool.cells.levels import levels_of, numbers_of
from partialpool.errors import InputError
from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source.counted import check_problems
from partialpool.source.counting import count_contacts

TEXTS = st.one_of(
    st.sampled_from(["", "a", "b", "A", " a", "NA", "(missing)", 'q"uote', "x,y", "two\nlines"]),
    st.sampled_from(
        ["😀", "a:b", "<b>", "=1+1", "'", "1", "1.0", "null", "a/b", "\t", "%s", "{x}"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=3),
)
WORDS = st.sampled_from(["a", "b", "c c", "é", ""])
NUMBERS = st.sampled_from(["1", "-2", "1e3", "0.5", "", "x", "nan", "007", " 3", "1_0", "٣"])
COUNTS = st.sampled_from(["0", "1", "2", "5", "10", "2.0"])
STRANGE_COUNTS = st.sampled_from(["-1", "1.5", "", "x", "1e400", "99"])
POLICIES = st.sampled_from(["error", "drop", "level"])
QUICK = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "contacts.csv"


def write(file, header, rows):
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])


def cells_of(file, factors, numbers, outcome, missing="error"):
    """The cells and ledger of a file, as the workflow makes them; None where it refuses."""
    source = Source(path=str(file), missing=missing)
    said = "nothing"
    try:
        counted = count_contacts(source, factors, numbers, outcome)
        check_problems(counted, source)
        return make_cells(counted, factors, numbers, outcome, missing)
    except InputError as error:
        said = str(error)
    assert len(said.splitlines()) == 1, said
    return None


def totals(cells, names):
    """Successes and trials by the values of some columns."""
    values = zip(*(cells[name].astype(str) for name in names), strict=True)
    return dict(zip(values, zip(cells["successes"], cells["trials"], strict=True), strict=True))


@QUICK
@given(
    st.lists(st.tuples(TEXTS, WORDS, st.sampled_from(["1", "0", "true", ""])), max_size=25),
    POLICIES,
)
@example([("", "a", "1"), ("b", "a", "0"), ("b", "", "0")], "level")
@example([("a", "b", "1"), ("a", "a", "0"), ("(missing)", "a", "0"), ("", "b", "1")], "level")
def test_contacts_are_counted_or_refused(file, rows, missing):
    write(file, ["first", "second", "bought"], rows)
    factors = {"first": Factor(column="first"), "second": Factor(column="second")}
    made = cells_of(file, factors, {}, Outcome(column="bought"), missing)
    if made is None:
        return
    cells, ledger = made
    used = [row for row in rows if row[2] and (missing == "level" or all(row))]
    named = [(a or "(missing)", b or "(missing)", y) for a, b, y in used]
    tried = Counter(row[:2] for row in named)
    won = Counter(row[:2] for row in named if row[2] != "0")
    assert totals(cells, factors) == {key: (won[key], n) for key, n in tried.items()}
    dropped = sum(entry["rows"] for entry in ledger["dropped"])
    assert ledger["rows_read"] == len(rows) == ledger["rows_used"] + dropped
    assert missing == "drop" or dropped == 0


@QUICK
@given(st.lists(st.tuples(WORDS, NUMBERS, st.sampled_from(["yes", "no"])), min_size=2, max_size=20))
def test_numbers_are_read_or_refused(file, rows):
    write(file, ["word", "number", "bought"], rows)
    factors = {"word": Factor(column="word")}
    numbers = {"number": Number(column="number")}
    outcome = Outcome(column="bought", success="yes", failure="no")
    made = cells_of(file, factors, numbers, outcome, "drop")
    if made is None:
        return
    cells, _ = made
    used = [row for row in rows if row[0] and row[1]]
    tried = Counter((word, str(float(number) + 0.0)) for word, number, _ in used)
    found = {key: trials for key, (_, trials) in totals(cells, [*factors, *numbers]).items()}
    assert found == tried


@QUICK
@given(
    st.lists(st.tuples(WORDS, COUNTS, COUNTS), min_size=1, max_size=15),
    st.lists(st.tuples(WORDS, STRANGE_COUNTS, COUNTS), max_size=1),
    st.booleans(),
)
def test_counts_are_summed_or_refused(file, rows, strange, of_failures):
    rows = [*rows, *strange]
    write(file, ["word", "won", "other"], rows)
    other = {"failures" if of_failures else "trials": "other"}
    outcome = Outcome(successes="won", **other)
    made = cells_of(file, {"word": Factor(column="word")}, {}, outcome, "drop")
    if made is None:
        return
    cells, ledger = made
    won, tried = Counter(), Counter()
    for word, successes, others in rows:
        if word and successes:
            won[word,] += int(float(successes))
            tried[word,] += int(float(others)) + (int(float(successes)) if of_failures else 0)
    expected = {key: (won[key], n) for key, n in tried.items() if n}
    assert totals(cells, ["word"]) == expected
    assert ledger["contacts"] == sum(n for _, n in expected.values())
    idle = sum(1 for w, s, o in rows if w and s and float(o) + (of_failures and float(s)) == 0)
    booked = {entry["reason"]: entry["rows"] for entry in ledger["dropped"]}
    assert booked.get("without a contact", 0) == idle
    assert all(float(row[1] or 0) <= 99 and "-" not in row[1] for row in rows)


@pytest.mark.parametrize("key", ["trials", "failures"])
def test_every_row_without_a_trial_is_booked_by_itself(file, key):
    """Even where other rows of its combination hold contacts."""
    rows = [(w, s, n) for w in "ab" for s, n in [("1", "3"), *[("0", "0")] * 5]] + [("c", "0", "0")]
    write(file, ["word", "won", "other"], rows)
    outcome = Outcome(successes="won", **{key: "other"})
    cells, ledger = cells_of(file, {"word": Factor(column="word")}, {}, outcome)
    assert len(cells) == 2
    assert ledger["rows_read"] == 13
    assert ledger["rows_used"] == 2
    assert ledger["dropped"] == [{"reason": "without a contact", "rows": 11}]


@QUICK
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["1", "0"])), min_size=2, max_size=20))
def test_cells_survive_their_file(file, rows):
    write(file, ["text", "bought"], rows)
    factors = {"text": Factor(column="text")}
    made = cells_of(file, factors, {}, Outcome(column="bought"), "level")
    if made is None:
        return
    cells, _ = made
    write_cells(cells, file.with_suffix(".cells"))
    again = read_cells(file.with_suffix(".cells"), levels_of(cells))
    assert again.astype({"text": str}).equals(cells.astype({"text": str}))
    assert numbers_of(again) == []


@QUICK
@given(st.binary(max_size=60))
@example(b"a,b\n1,x\n")
@example(b"\xff\xfea\x00")
@example(b'a,b\n"1,x\n')
@example(b"\xef\xbb\xbfword,bought\r\na,1\r\nb,0\r\n")
def test_any_bytes_are_cells_or_one_line(file, data):
    file.write_bytes(data)
    cells_of(file, {"word": Factor(column="word")}, {}, Outcome(column="bought"))
    file.write_bytes(b"word,bought\n" + data)
    cells_of(file, {"word": Factor(column="word")}, {}, Outcome(column="bought"), "drop")
