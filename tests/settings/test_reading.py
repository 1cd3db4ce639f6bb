"""Settings: what is inherited, and what a mistake in config.yaml is answered with."""

import copy
from datetime import date

import pytest

from partialpool.settings import Settings
from partialpool.settings.blocks import BARE
from partialpool.settings.reading import read_settings

from ..factories.configurations import SALES, SHIPPED, SMALL, edited, mistake


def test_the_shipped_configuration_is_read():
    settings = read_settings(SHIPPED)
    assert settings.analyses["season_pass"].models["multilevel"].sampling.adapt_delta == 0.95
    assert settings.analyses["season_pass"].models["baseline"].sampling.adapt_delta == 0.8


def test_an_analysis_inherits_the_defaults_and_may_override_them():
    config = edited(SMALL, {"defaults.interval": 0.5})
    assert read_settings(config).analyses["sales"].interval == 0.5
    config["analyses"]["sales"]["interval"] = 0.9
    assert read_settings(config).analyses["sales"].interval == 0.9


def test_reading_leaves_the_configuration_as_it_was():
    config = edited(SMALL, {"defaults.sampling": {"chains": 3}})
    before = copy.deepcopy(config)
    read_settings(config)
    assert config == before


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("defaults.sampling.adapt_delta", 1.2, "found 1.2, expected less than 1"),
        (f"{SALES}.sampling.adapt_delta", 1.2, "found 1.2, expected less than 1"),
        (f"{SALES}.models.plain.sampling.adapt_delta", 1.2, "found 1.2, expected less than 1"),
        ("defaults.sampling.chains", 1, "found 1, expected greater than or equal to 2"),
        ("defaults.sampling.draws", "many", "found 'many', expected a valid integer"),
        ("defaults.seed", 4.5, "found 4.5, expected a valid integer"),
        ("defaults.sampling.engine", "jags", "found 'jags', expected 'auto', 'cmdstan' or"),
        ("defaults.sampling", 3, "found 3, expected a mapping"),
        ("defaults.priors.slope", "norm(0, 1)", "found 'norm(0, 1)', expected one of normal("),
        (f"{SALES}.priors.sd", "normal(1, 1)", "found 'normal(1, 1)', expected location 0"),
        (f"{SALES}.models.plain.priors.correlation", "lkj(0)", "expected a shape above 0"),
        (f"{SALES}.title", ..., "missing, expected a value"),
        (f"{SALES}.outcome.success", ..., "missing, expected the value that means yes"),
        (f"{SALES}.models.plain.formula", ..., "missing, expected a value"),
        (f"{SALES}.outcome.success", ["yes"], "found ['yes'], expected a valid string"),
        (f"{SALES}.outcome.trials", "n", "found one beside column, expected only one form"),
        (f"{SALES}.outcome", {}, "column: missing, expected a column, or successes and trials"),
        (f"{SALES}.numbers", {"promo": {"column": "Age"}}, "a name that a factor has already"),
        (f"{SALES}.priors.phi", "lkj(1)", "expected one of normal("),
        (f"{SALES}.models.plain.link", "log", "expected 'logit', 'probit' or 'cloglog'"),
        (f"{SALES}.predict", {"new": {"path": "x.csv", "model": "best"}}, "expected one of plain"),
        (f"{SALES}.outcome.failure", "yes", "found 'yes', which is the success already"),
        (f"{SALES}.factors.promo.levels", "none", "found 'none', expected a list"),
        (f"{SALES}.factors.promo.levels", ["a", "b", "a"], "found 'a' twice"),
        (f"{SALES}.factors.promo.levels", ["a"], "found ['a'], expected at least 2"),
        (
            f"{SALES}.factors.promo.phrases",
            {"Lots": "a lot"},
            "found 'Lots', expected one of none,",
        ),
        (f"{SALES}.treatment", "price", "found 'price', expected one of promo, channel"),
        (f"{SALES}.within", "promo", "found 'promo', which is the treatment already"),
        (f"{SALES}.between", "promo", "found 'promo', which is the treatment already"),
        (f"{SALES}.between", "channel", "found 'channel', which is within already"),
        (f"{SALES}.between", "price", "found 'price', expected one of promo, channel"),
        (f"{SALES}.decision.model", "best", "found 'best', expected one of plain, varying"),
        ("defaults.decision.model", "best", "found 'best', expected one of plain, varying"),
        (f"{SALES}.models", None, "found None, expected a mapping"),
        (f"{SALES}.models.plain", None, "found None, expected a mapping"),
        ("analyses", {}, "found none, expected at least one, or one of `plans`"),
        ("analyses", None, "found None, expected a mapping"),
        ("analyses", ..., "found none, expected at least one, or one of `plans`"),
    ],
)
def test_a_mistake_is_one_line_with_the_key_where_it_stands_what_was_found_and_expected(
    path, value, message
):
    said = mistake(path, value)
    assert said.startswith(path)
    assert message in said
    assert "\n" not in said


def test_the_shipped_defaults_say_every_default():
    said = Settings.model_validate({"analyses": SMALL["analyses"]}).defaults.model_dump()
    written = SHIPPED["defaults"]
    assert written.keys() == said.keys()
    for block in ("priors", "sampling", "verdict"):
        # a prior of a single coefficient has no default that could be written
        assert written[block].keys() == said[block].keys() - {"coefficients"}


@pytest.mark.parametrize("value", [True, 2024, 1.5])
@pytest.mark.parametrize("key", ["factors.promo.column", "outcome.column", "source.table"])
def test_what_yaml_gives_as_no_text_is_hinted_at(key, value):
    """As a bare yes or number for the name of a column."""
    said = mistake(f"analyses.sales.{key}", value)
    assert said == f"analyses.sales.{key}: found {value!r}, expected text; {BARE}"


def test_a_bare_date_is_the_text_that_it_was():
    levels = [date(2026, 3, 1), date(2026, 4, 1)]
    config = edited(SMALL, {"analyses.sales.factors.promo.levels": levels})
    promo = read_settings(config).analyses["sales"].factors["promo"]
    assert promo.levels == ("2026-03-01", "2026-04-01")


def test_a_bare_key_of_phrases_is_hinted_at():
    promo = {"column": "Promo", "levels": ["yes", "no"], "phrases": {True: "x"}}
    said = mistake("analyses.sales.factors.promo", promo)
    assert "'true', expected one of yes, no; a bare yes in YAML is true: put it in" in said


def test_what_lifts_change_between_is_told_apart_and_is_no_part_of_what_others_ask():
    config = edited(SMALL, {f"{SALES}.within": ..., f"{SALES}.between": "channel"})
    analysis = read_settings(config).analyses["sales"]
    assert analysis.strata == ["channel"]
    compared = {"treatment": "promo", "within": None, "ranked": False, "along": False}
    compared |= {"good": True}
    assert analysis.asked == {**compared, "between": "channel", "apart": None}
    assert analysis.compared == compared
