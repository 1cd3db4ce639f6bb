"""Settings of plans: what they mean, what they inherit, and what a mistake is answered with."""

import pytest

from partialpool.errors import InputError
from partialpool.preflight import check_config
from partialpool.settings import Plan
from partialpool.settings.reading import read_settings

from ..factories.configurations import SMALL, edited, refused

PAGES = {"title": "Pages", "rate": 0.05, "lift": 0.01}


def plans(**keys):
    """A configuration that has one plan and nothing else; `...` takes a key away."""
    return edited({"plans": {"pages": PAGES}}, {f"plans.pages.{k}": v for k, v in keys.items()})


def plan_of(**keys):
    return read_settings(plans(**keys)).plans["pages"]


def test_a_configuration_may_have_plans_alone():
    settings = read_settings(plans())
    assert settings.analyses == {}
    assert settings.plans["pages"].names == ["A", "B"]
    assert "plans" not in SMALL
    assert read_settings(SMALL).plans == {}


@pytest.mark.parametrize(
    ("keys", "rates"),
    [
        ({"arms": 3}, [(0.05, 0.05), (0.05, 0.05), (0.06, 0.06)]),
        ({"rate": [0.03, 0.07]}, [(0.03, 0.07), (0.04, 0.08)]),
        ({"arms": ["x", 7], "rate": {7: 0.2, "x": [0.1, 0.3]}}, [(0.1, 0.3), (0.2, 0.2)]),
    ],
)
def test_the_last_arm_has_the_lift_unless_rates_go_by_arm(keys, rates):
    found = plan_of(**keys).rates
    assert len(found) == len(rates)
    for ends, expected in zip(found, rates, strict=True):
        assert ends == pytest.approx(expected)


def test_a_plan_inherits_what_it_has_of_the_defaults():
    defaults = {
        "seed": 7,
        "intercept_prior_at": "reference",
        "priors": {"slope": "normal(0, 0.3)", "coefficients": {"promo[some]": "normal(0, 1)"}},
        "decision": {"probability": 0.9, "worthwhile": 0.01},
    }
    config = plans() | {"defaults": defaults}
    plan = read_settings(config).plans["pages"]
    assert (plan.seed, plan.intercept_prior_at, plan.probability) == (7, "reference", 0.9)
    assert plan.priors.slope == "normal(0, 0.3)"
    assert plan.priors.coefficients == {}
    own = edited(
        config, {"plans.pages.probability": 0.99, "plans.pages.priors.slope": "lift(0.02)"}
    )
    assert read_settings(own).plans["pages"].probability == 0.99
    assert read_settings(own).plans["pages"].priors.slope == "lift(0.02)"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("arms", 1, "found 1, expected a number of arms from 2 to 20, or so many names"),
        ("arms", True, "found True, expected a number of arms"),
        ("arms", ["a"], "found ['a'], expected a number of arms"),
        ("arms", ["a", "a"], "found 'a' twice"),
        ("arms", ["a", None], "found None, expected the name of an arm"),
        ("rate", "5%", "found '5%', expected a rate between 0 and 1, a range [from, to] of"),
        ("rate", [0.2, 0.1], "found [0.2, 0.1], expected a rate between 0 and 1, a range"),
        ("rate", {"A": 0.1}, "found nothing for 'B', expected all arms"),
        ("rate", {"A": 0.1, "B": 0.2, "C": 0.2}, "found 'C', expected one of A, B"),
        ("rate", {"A": 0.1, "B": 0.1}, "found the same rate for every arm, expected one to be"),
        ("rate", ..., "missing, expected a value"),
        ("lift", 0.95, "found 0.95, which leads from a rate of 0.05 to none"),
        ("lift", 0, "found 0, expected greater than 0"),
        ("lift", ..., "missing, expected a value"),
        ("probability", 0.5, "found 0.5, expected greater than 0.5"),
        ("looks", 0, "found 0, expected greater than or equal to 1"),
        ("contacts", 100, "found 100, expected a list"),
        ("priors", {"slope": "normal(0)"}, "found 'normal(0)', expected normal(location, scale)"),
        (
            "priors",
            {"coefficients": {"arm[A]": "normal(0, 1)"}},
            "found 'arm[A]', expected one of Intercept, arm[B]",
        ),
        ("value", 30, "missing, expected a value beside value"),
        ("campaign", 30, "missing, expected a value beside campaign"),
        ("lifts", 0.1, "unknown key, expected one of arms, "),
    ],
)
def test_a_mistake_is_one_line_with_its_key(key, value, said):
    line = refused(plans(**{key: value}))
    at = {"value": "campaign", "campaign": "value"}.get(key, key)
    assert line.startswith(f"plans.pages.{at}")
    assert said in line
    assert "\n" not in line


def test_a_mistake_of_the_defaults_is_told_where_it_stands():
    config = plans() | {"defaults": {"priors": {"slope": "normal(0, -1)"}}}
    assert refused(config).startswith("defaults.priors.slope: found ")


def test_a_configuration_of_nothing_is_refused():
    said = "analyses: found none, expected at least one, or one of `plans`"
    assert refused({}) == refused({"analyses": {}, "plans": {}}) == said


def test_priors_that_the_rate_leaves_no_room_for_are_told_before_any_job():
    config = plans(priors={"intercept": "normal(0, 1)", "slope": "rate_ratio(3)"})
    with pytest.raises(InputError, match=r"^plans\.pages\.priors\.slope: found rate_ratio\(3\)"):
        check_config(read_settings(config))
    with pytest.raises(InputError, match=r"^plans\.pages\.priors: found a flat prior"):
        check_config(read_settings(plans(priors={"intercept": "flat"})))
    check_config(read_settings(plans()))


def test_an_analysis_may_not_be_called_plans():
    config = {"analyses": {"plans": SMALL["analyses"]["sales"]}}
    assert refused(config).startswith("analyses: found 'plans', expected a name other than ")


def test_the_priors_of_a_plan_are_those_of_an_analysis():
    assert Plan(**PAGES).priors == read_settings(SMALL).analyses["sales"].priors
