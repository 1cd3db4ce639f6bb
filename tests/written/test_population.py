"""The population level of a written program."""

import numpy as np

from partialpool.written.population import add_intercept, add_slopes
from partialpool.written.program import Program

from ..factories.written import cells, outline_of


def test_the_intercepts_prior_holds_where_it_is_said_to():
    given = cells()
    terms = outline_of("age", given)
    program = Program()
    mean = add_slopes(program, terms.slopes[0], terms, terms.at)
    add_intercept(program, terms, [mean])
    assert [line.code for line in program.derived] == [
        "real intercept = at_mean - mean_age * b_age;"
    ]
    assert program.priors[0].code.startswith("at_mean ~ student_t(3, 0, 2.5)")
    (value,) = [datum.value for datum in program.data if datum.name == "mean_age"]
    assert value == np.average(given["age"], weights=given["trials"])


def test_at_the_reference_it_is_the_intercepts_own():
    terms = outline_of("age", at="reference")
    program = Program()
    assert add_slopes(program, terms.slopes[0], terms, terms.at) == ""
    add_intercept(program, terms, [])
    assert [parameter.name for parameter in program.parameters] == ["intercept", "b_age"]
    assert program.derived == []


def test_a_factor_of_two_levels_is_a_switch():
    terms = outline_of("channel")
    program = Program()
    add_slopes(program, terms.slopes[0], terms, np.zeros(1))
    (datum,) = program.data
    assert (datum.name, datum.comment) == ("channel_Mail", "1 where channel is Mail")
    assert program.summands == ["b_channel_Mail * channel_Mail"]
