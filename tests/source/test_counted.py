"""What is said of rows that cannot be used."""

import pytest

from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source.counted import check_problems
from partialpool.source.counting import count_contacts

G = {"g": Factor(column="g")}
X = {"x": Number(column="X col")}
COUNTS = Outcome(successes="s", failures="f")


@pytest.fixture
def source(write):
    def written(*rows, **settings):
        path = write([["g", "X col", "y", "s", "f"], *rows])
        return Source(path=str(path), **settings)

    return written


def test_rows_without_problems_pass(source):
    good = source(["a", "1", "yes", "1", "2"], ["a", "", "", "", ""])
    check_problems(count_contacts(good, G, X, Outcome(column="y")), good)
    check_problems(count_contacts(good, G, X, COUNTS), good)


def test_the_worst_problem_is_named_with_its_column_an_example_and_what_is_expected(
    source, refused
):
    rows = [["a", "abc", "", "1", "1"], ["b", "abd", "", "1", "1"], ["c", "1", "", "-2", "1"]]
    bad = source(*rows)
    said = refused(check_problems, count_contacts(bad, G, X, COUNTS), bad)
    assert said == (
        f"numbers.x: column 'X col' of {bad.path} holds such values as 'abc' in 2 rows, expected a "
        "number"
    )


def test_an_example_is_not_said_to_be_all_of_its_kind(source, refused):
    bad = source(*(["a", f"2026-03-{day:02}", "", "1", "1"] for day in range(1, 29)))
    said = refused(check_problems, count_contacts(bad, G, X, COUNTS), bad)
    assert "holds such values as '2026-03-01' in 28 rows, expected a number" in said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            ["a", "", "", "2.5", "1"],
            "'2.5' (1 row), expected a whole number from 0 to 1,000,000,000,000",
        ),
        (["a", "", "", "1", "-1"], "'-1' (1 row), expected a whole number from 0 to"),
        (["a", "", "", "1", "x\ny" * 50], "'x\\nyx\\ny"),
    ],
)
def test_counts_that_are_none_are_named(source, refused, row, said):
    bad = source(row, ["b", "1", "", "1", "1"])
    message = refused(check_problems, count_contacts(bad, G, X, COUNTS), bad)
    assert message.startswith("outcome.")
    assert said in message
    assert len(message) < 300


def test_successes_beyond_the_trials_are_named(source, refused):
    bad = source(["a", "", "", "7", "5"])
    outcome = Outcome(successes="s", trials="f")
    message = refused(check_problems, count_contacts(bad, G, X, outcome), bad)
    assert message == (
        f"outcome.successes: column 's' of {bad.path} holds '7 of 5' (1 row), expected no more "
        "successes than trials"
    )


def test_what_the_filter_leaves_out_is_no_problem(source):
    bad = source(["a", "abc", "yes", "1", "1"], ["b", "1", "no", "1", "1"], filter="g = 'b'")
    check_problems(count_contacts(bad, G, X, Outcome(column="y")), bad)
