"""The group level of a written program."""

from partialpool.settings import Priors
from partialpool.written.groups import add_group
from partialpool.written.program import Program

from ..factories.written import outline_of


def added(formula, **priors):
    terms = outline_of(formula, priors=Priors(**priors))
    program = Program()
    for group in terms.groups:
        add_group(program, group, terms)
    return program


def test_effects_of_one_coefficient_are_multiples_of_its_standard_deviation():
    program = added("(1 | region)", sd="exponential(2)")
    assert [line.code for line in program.priors] == [
        "sd_region ~ exponential(2);",
        "z_region ~ std_normal();",
    ]
    assert program.derived[0].code == "vector[J_region] u_region = sd_region * z_region;"
    assert program.summands == ["u_region[region]"]


def test_correlated_effects_have_a_root_of_their_correlations():
    program = added("(1 + age | region)", correlation="lkj(2)")
    assert "L_region ~ lkj_corr_cholesky(2);" in [line.code for line in program.priors]
    assert program.summands == ["rows_dot_product(Z_region, u_region[region])"]


def test_terms_of_one_grouping_share_its_levels_and_no_other_name():
    program = added("(1 + age || region)")
    assert [datum.name for datum in program.data] == ["J_region", "region", "age"]
    assert [parameter.name for parameter in program.parameters] == [
        *("sd_region", "z_region"),
        *("sd_region_age", "z_region_age"),
    ]


def test_a_constant_standard_deviation_is_no_parameter():
    program = added("(1 | region)", sd="constant(0.5)")
    assert [line.code for line in program.constants] == ["real sd_region = 0.5;"]
    assert [parameter.name for parameter in program.parameters] == ["z_region"]
