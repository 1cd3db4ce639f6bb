"""The one statement, as every engine writes it."""

import pytest
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite

from partialpool.settings import Factor, Number, Outcome, Source
from partialpool.source import database
from partialpool.source.fields import fields_of
from partialpool.source.statement import count_statement


@pytest.mark.parametrize("dialect", [mssql, mysql, oracle, postgresql, sqlite])
def test_the_statement_can_be_said_in_every_dialect(dialect):
    factors = {"g": Factor(column="g"), "age": Factor(column="age", bins=(30, 50))}
    fields = fields_of(factors, {"x": Number(column="x")}, Outcome(successes="s", trials="t"))
    source = Source(url="x://", table="a.contacts", filter="x > 1", null_values=("NA",))
    contacts = database.Database(source, None, None).contacts()
    statement = count_statement(contacts, *fields, source, 9).statement
    sql = str(statement.compile(dialect=dialect.dialect()))
    assert sql.count("contacts") == 1
    assert "GROUP BY" in sql
