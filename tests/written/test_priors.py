"""Priors as statements of Stan."""

from partialpool.model.beliefs import ModelPriors
from partialpool.settings import Priors
from partialpool.written.priors import look_up, state_priors_of

STATED = ModelPriors(
    Priors(slope="normal(0, 1)", sd="uniform(0, 2)", coefficients={"c": "student_t(3, 0, 2)"}),
    spreads={"n": 4.0},
)


def state(names, of="slope"):
    owns = look_up(STATED, of, names)
    return [line.code for line in state_priors_of("b", owns, is_vector=True)]


def test_what_shares_a_prior_is_stated_together():
    assert state(["a", "b"]) == ["b ~ normal(0, 1);"]
    assert state(["a", "b", "c", "d"]) == [
        "b[1 : 2] ~ normal(0, 1);",
        "b[3] ~ student_t(3, 0, 2);",
        "b[4] ~ normal(0, 1);",
    ]


def test_a_prior_of_a_number_says_what_it_was_stated_by():
    (own,) = look_up(STATED, "slope", ["n"])
    (line,) = state_priors_of("b", [own], is_vector=False)
    assert line.code == "b ~ normal(0, 0.25);"
    assert "normal(0, 1) for one standard deviation, 4" in line.comment


def test_a_belief_is_told_beside_its_distribution():
    told = ModelPriors(Priors(intercept="rate(0.1, 0.3)"))
    (own,) = look_up(told, "intercept", ["Intercept"])
    assert own.stated == "rate(0.1, 0.3)"
    assert own.prior.family == "normal"


def test_what_is_flat_needs_no_statement():
    flat = ModelPriors(Priors(slope="flat"))
    assert state_priors_of("b", look_up(flat, "slope", ["a"]), is_vector=False) == []


def test_a_uniform_prior_is_the_bounds_of_its_variable():
    (own,) = look_up(STATED, "sd", ["sd_shop[Intercept]"])
    assert own.declaration == "real<lower=0, upper=2>"
    assert state_priors_of("sd", [own], is_vector=False) == []
