"""What the text of a Stan program says: parameters, includes, whether its prior can be sampled."""

from pathlib import Path

import pytest

from partialpool.errors import InputError
from partialpool.model.formula import parse_formula
from partialpool.sampling.programs import (
    can_sample_prior,
    included_files,
    name_programs,
    other_parameters,
    own_programs,
)
from partialpool.settings import Model
from partialpool.settings.reading import read_settings

from ..factories.configurations import sales

ROOT = Path(__file__).parents[2]
STAN = ROOT / "stan"


@pytest.fixture
def program(tmp_path):
    def write(text, name="own.stan"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_parameters_of_a_program_are_those_of_its_block(program):
    text = """
    // parameters { real commented; }
    data { int<lower=0> K; }
    transformed data { real a = 1; }
    parameters {
      real tau;  // real comment;
      vector<lower=0, upper=2>[K + 1] local; /* real block; */
      array[2, K] real<offset=1, multiplier=2> nested;
      real<lower=0> left, right;
      vector[1 + K] population;
      vector<lower=0>[2] sd;
      real intercept;
    }
    transformed parameters { real derived = tau; }
    model { }
    """
    assert other_parameters(program(text)) == ["tau", "local", "nested", "left", "right"]


def test_a_program_without_parameters_has_none(program):
    assert other_parameters(program("model { }")) == []


def test_the_houses_own_program_has_no_others():
    assert other_parameters(STAN / "multilevel.stan") == []


def test_what_a_program_includes_is_found_beside_it_then_in_the_folders(program):
    inner = program("real one() { return 1; }", "inner.stanfunctions")
    program("#include inner.stanfunctions\n", "outer.stanfunctions")
    text = (
        'functions {\n  #include "outer.stanfunctions"\n  #include functions/prior.stanfunctions\n}'
    )
    found = included_files(program(text + "\n// #include absent.stan\n"), [STAN])
    expected = [
        inner,
        inner.with_name("outer.stanfunctions"),
        STAN / "functions/prior.stanfunctions",
    ]
    assert found == sorted(expected)


def test_the_houses_own_program_includes_every_function_file():
    found = included_files(STAN / "multilevel.stan", [STAN])
    assert found == sorted((STAN / "functions").glob("*.stanfunctions"))


def test_an_include_that_is_nowhere_is_named(program):
    with pytest.raises(InputError, match=r"own\.stan includes absent\.stan, which is in none"):
        included_files(program("#include absent.stan\n"), [STAN])


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(InputError, match=r"program: found no file no/such\.stan"):
        included_files(Path("no/such.stan"), [])


def test_programs_are_known_by_the_stems_of_their_files(tmp_path):
    one, again = tmp_path / "horseshoe.stan", tmp_path / "." / "horseshoe.stan"
    assert name_programs([STAN / "multilevel.stan", one, again]) == {
        "multilevel": STAN / "multilevel.stan",
        "horseshoe": one,
    }
    with pytest.raises(InputError, match="expected programs that differ in their names"):
        name_programs([one, tmp_path / "other" / "horseshoe.stan"])


def can(formula, **settings):
    return can_sample_prior(Model(formula=formula, **settings), parse_formula(formula, ["x", "g"]))


@pytest.mark.parametrize(
    ("formula", "priors", "expected"),
    [
        ("x", {}, True),
        ("x", {"slope": "flat"}, False),
        ("1", {"slope": "flat"}, True),
        ("0 + x", {"intercept": "flat"}, True),
        ("1 + (1 + x | g)", {"intercept": "flat"}, False),
        ("0 + (1 + x | g)", {"intercept": "flat", "slope": "flat"}, True),
        ("x", {"coefficients": {"x[b]": "flat"}}, False),
    ],
)
def test_a_prior_can_be_sampled_where_nothing_in_it_is_flat(formula, priors, expected):
    assert can(formula, priors=priors) is expected


def test_a_prior_can_be_sampled_by_a_program_that_asks_for_it(program):
    declared = "data { int prior_only; }\nmodel { /* prior_only */ }"
    assert not can("x", program=str(program(declared)))
    used = declared + "\nmodel { if (!prior_only) { } }"
    assert can("x", program=str(program(used)))
    assert not can("x", program=str(program(used)), priors={"slope": "flat"})


def test_the_programs_of_every_model_are_found():
    models = {
        "one": {"formula": "promo"},
        "two": {"formula": "promo", "program": "models/own.stan"},
    }
    settings = read_settings({"analyses": {"sales": sales(models=models)}})
    assert own_programs(settings) == [Path("models/own.stan")]
