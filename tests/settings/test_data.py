"""Settings of the data: one source, one form of outcome, factors and numbers that fit."""

import pytest
from pydantic import ValidationError

from partialpool.settings import Factor, Outcome, Source
from partialpool.settings.data import name_bins


def refusal(block, **keys):
    with pytest.raises(ValidationError) as error:
        block(**keys)
    return str(error.value)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "path: missing, expected a path or a url"),
        ({"path": "a.csv", "url": "sqlite://"}, "url: found one beside path 'a.csv'"),
        ({"url": "sqlite://"}, "table: missing"),
        ({"path": "sales.duckdb"}, "table: missing"),
        (
            {"url": "sqlite://", "table": "t", "query": "select 1"},
            "query: found one beside a table",
        ),
        ({"path": "a.csv", "table": "t"}, "table: found one beside 'a.csv', which is no database"),
        ({"url": "x://", "table": "t", "engine": "spark"}, "engine: found 'spark' with a url"),
    ],
)
def test_a_source_is_one_place(keys, said):
    assert said in refusal(Source, **keys)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@host/sales",
        "postgresql://${DB_USER}:hunter2@host/sales",
        "mysql://host/sales?password=hunter2",
        "postgresql://me:p@ss@host/sales",
        "snowflake://host/sales?authToken=hunter2",
    ],
)
def test_a_password_is_not_written_in_the_configuration(url):
    assert "found a password spelled out, expected the name of an environment" in refusal(
        Source, url=url, table="contacts"
    )


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://${DB_USER}:${DB_PASSWORD}@host/sales",
        "postgresql://me@host/sales",
        "sqlite:///sales.db",
        "${SALES_URL}",
        "mysql://host/sales?password=${DB_PASSWORD}&charset=utf8",
    ],
)
def test_names_of_environment_variables_stand_for_credentials(url):
    assert Source(url=url, table="contacts").shown == f"{url}, contacts"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "column: missing"),
        ({"successes": "won"}, "trials: expected trials or failures beside successes"),
        ({"successes": "won", "trials": "n", "failures": "lost"}, "trials: expected trials or"),
        ({"column": "Bought", "successes": "won"}, "successes: found one beside column"),
        ({"column": "Bought", "failure": "no"}, "success: missing"),
        ({"successes": "won", "trials": "n", "success": "yes"}, "success: found one without a"),
    ],
)
def test_an_outcome_is_one_column_or_counts(keys, said):
    assert said in refusal(Outcome, **keys)


def test_bare_numbers_and_truth_values_are_the_text_of_the_source():
    assert Outcome(column="Bought", success=1, failure=0).success == "1"
    assert Outcome(column="Bought", success=True, failure=False).failure == "false"
    assert Factor(column="Store", levels=[7, 1.5, "x"]).levels == ("7", "1.5", "x")


def test_bins_are_named_by_their_edges():
    assert name_bins((30, 50.5)) == ("below 30", "30 to 50.5", "50.5 and above")
    assert name_bins((20260105, 20260112.0)) == (
        "below 20260105",
        "20260105 to 20260112",
        "20260112 and above",
    )
    edges = (-1e20, 1e-9, 0.1, 0.1 + 1e-12, 1e15, 1e15 + 1)
    assert len(set(name_bins(edges))) == 7
    assert Factor(column="Age", bins=[30]).bin_levels == ("below 30", "30 and above")
    named = Factor(column="Age", bins=[30], levels=["young", "old"])
    assert named.bin_levels == ("young", "old")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"bins": [30, 30]}, "bins: found [30.0, 30.0], expected edges that rise"),
        ({"bins": [1, 2], "levels": ["a", "b"]}, "levels: found 2, expected 3 names"),
        ({"bins": [1], "recode": {"a": "b"}}, "recode: found one beside bins"),
    ],
)
def test_bins_that_do_not_fit_are_refused(keys, said):
    assert said in refusal(Factor, column="Age", **keys)
