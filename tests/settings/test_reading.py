"""Settings: what is inherited, and what a mistake in config.yaml is answered with."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from partialpool.errors import InputError
from partialpool.settings import Settings
from partialpool.settings.reading import read_settings
from partialpool.settings.schema import write_schema

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.json"
SHIPPED = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
SMALL = yaml.safe_load("""
analyses:
  sales:
    title: Sales
    question: Does it help?
    source: {path: contacts.csv}
    outcome: {column: Bought, success: "yes", failure: "no"}
    factors:
      promo: {column: Promo, levels: [None, Some]}
      channel: {column: Channel, levels: [Mail, Shop]}
    treatment: promo
    within: channel
    models:
      plain: {formula: promo}
      varying: {formula: (1 + promo | channel)}
""")


def edited(path, value):
    """The small configuration with one key set, `...` to take it away."""
    config = copy.deepcopy(SMALL)
    *parents, last = path.split(".")
    block = config
    for key in parents:
        block = block.setdefault(key, {})
    if value is ...:
        del block[last]
    else:
        block[last] = value
    return config


def mistake(config):
    with pytest.raises(InputError) as error:
        read_settings(config)
    return str(error.value)


def test_the_shipped_configuration_is_read():
    settings = read_settings(SHIPPED)
    assert settings.analyses["season_pass"].models["multilevel"].sampling.adapt_delta == 0.95
    assert settings.analyses["season_pass"].models["baseline"].sampling.adapt_delta == 0.8


def test_an_analysis_inherits_the_defaults_and_may_override_them():
    config = edited("defaults.interval", 0.5)
    assert read_settings(config).analyses["sales"].interval == 0.5
    config["analyses"]["sales"]["interval"] = 0.9
    assert read_settings(config).analyses["sales"].interval == 0.9


def test_margins_are_each_factor_unless_named():
    path = "analyses.sales.checks"
    assert read_settings(SMALL).analyses["sales"].margins == [["promo"], ["channel"]]
    config = edited(path, {"margins": ["channel", ["promo", "channel"]]})
    found = read_settings(config).analyses["sales"].margins
    assert found == [["channel"], ["promo", "channel"]]
    assert read_settings(edited(path, {"margins": []})).analyses["sales"].margins == []


@pytest.mark.parametrize("margins", [["region"], [["promo", "region"]], [["promo", "promo"]], [[]]])
def test_a_margin_is_of_different_factors(margins):
    said = mistake(edited("analyses.sales.checks", {"margins": margins}))
    assert "checks.margins: found" in said
    assert "expected different ones of promo, channel" in said


def test_a_model_inherits_key_by_key_from_its_analysis_and_from_the_defaults():
    config = edited("defaults.sampling", {"chains": 3, "draws": 300, "warmup": 300})
    config["analyses"]["sales"]["sampling"] = {"draws": 400, "warmup": 400}
    config["analyses"]["sales"]["models"]["plain"]["sampling"] = {"warmup": 500}
    models = read_settings(config).analyses["sales"].models
    found = {n: (m.sampling.chains, m.sampling.draws, m.sampling.warmup) for n, m in models.items()}
    assert found == {"plain": (3, 400, 500), "varying": (3, 400, 400)}


def test_priors_and_where_the_intercepts_prior_holds_are_inherited_too():
    config = edited("defaults.priors", {"sd": "exponential(2)"})
    config["analyses"]["sales"]["intercept_prior_at"] = "contacts"
    config["analyses"]["sales"]["models"]["plain"]["intercept_prior_at"] = "reference"
    models = read_settings(config).analyses["sales"].models
    assert models["varying"].priors.sd == "exponential(2)"
    assert models["varying"].intercept_prior_at == "contacts"
    assert models["plain"].intercept_prior_at == "reference"


def test_reading_leaves_the_configuration_as_it_was():
    config = edited("defaults.sampling", {"chains": 3})
    before = copy.deepcopy(config)
    read_settings(config)
    assert config == before


def test_settings_are_frozen():
    settings = read_settings(SMALL)
    with pytest.raises(ValidationError, match="frozen"):
        settings.analyses["sales"].interval = 0.5
    with pytest.raises(ValidationError, match="frozen"):
        settings.analyses["sales"].models["plain"].sampling.chains = 2


SALES = "analyses.sales"


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
        (f"{SALES}.factors.promo.levels", "None", "found 'None', expected a list"),
        (f"{SALES}.factors.promo.levels", ["a", "b", "a"], "found 'a' twice"),
        (f"{SALES}.factors.promo.levels", ["a"], "found ['a'], expected at least 2"),
        (
            f"{SALES}.factors.promo.phrases",
            {"Lots": "a lot"},
            "found 'Lots', expected one of None,",
        ),
        (f"{SALES}.treatment", "price", "found 'price', expected one of promo, channel"),
        (f"{SALES}.within", "promo", "found 'promo', which is the treatment already"),
        (f"{SALES}.decision.model", "best", "found 'best', expected one of plain, varying"),
        ("defaults.decision.model", "best", "found 'best', expected one of plain, varying"),
        (f"{SALES}.models", None, "found None, expected a mapping"),
        (f"{SALES}.models.plain", None, "found None, expected a mapping"),
        ("analyses", {}, "found {}, expected at least 1"),
        ("analyses", None, "found None, expected a mapping"),
        ("analyses", ..., "missing, expected a value"),
    ],
)
def test_a_mistake_is_one_line_with_the_key_where_it_stands_what_was_found_and_expected(
    path, value, message
):
    said = mistake(edited(path, value))
    assert said.startswith(path)
    assert message in said
    assert "\n" not in said


@pytest.mark.parametrize("name", ["Sales 2026", "../sales", "2026", "", "umsätze"])
def test_an_analysis_must_have_a_name_that_is_safe_as_a_file_name(name):
    config = {"analyses": {name: SMALL["analyses"]["sales"]}}
    said = mistake(config)
    assert said.startswith(f"analyses.{name}: found {name!r}, expected lower-case letters")


@pytest.mark.parametrize("name", ["successes", "trials"])
def test_a_factor_cannot_have_the_name_of_the_counts(name):
    factors = {**SMALL["analyses"]["sales"]["factors"], name: {"column": "C", "levels": ["a", "b"]}}
    assert mistake(edited(f"{SALES}.factors", factors)).startswith(f"{SALES}.factors.{name}: ")


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("colour", "analyses, defaults"),
        ("defaults.intervals", "interval"),
        ("defaults.sampling.thin", "adapt_delta, centring, chains"),
        (f"{SALES}.model", "comparison, decision, factors"),
        (f"{SALES}.factors.promo.level", "bins, column, levels, missing, phrases, recode"),
        (f"{SALES}.comparison.refits.chains", "draws, jobs, units, warmup"),
        (f"{SALES}.models.plain.formul", "about, family, formula"),
        (
            f"{SALES}.models.plain.priors.slopes",
            "coefficients, correlation, intercept, phi",
        ),
    ],
)
def test_an_unknown_key_is_answered_with_the_known_ones(path, known):
    said = mistake(edited(path, 1))
    assert said.startswith(f"{path}: unknown key, expected one of ")
    assert known in said
    assert "\n" not in said


def test_the_written_schema_is_that_of_the_settings():
    assert SCHEMA.read_text(encoding="utf-8") == write_schema(), (
        "run: python -m partialpool.settings.schema > workflow/schemas/config.schema.json"
    )


def test_every_key_is_described():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    blocks = schema["$defs"]

    def described(value):
        block = blocks.get(value.get("$ref", "").removeprefix("#/$defs/"), {})
        return value.get("description") or block.get("description")

    bare = [
        f"{name}.{key}"
        for name, block in [("config", schema), *blocks.items()]
        for key, value in block["properties"].items()
        if not described(value)
    ]
    assert len(blocks) > 10
    assert bare == []


def test_every_block_of_the_schema_is_closed():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [n for n, d in schema["$defs"].items() if d["additionalProperties"] is not False] == []


def test_the_shipped_configuration_fits_the_schema():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(SHIPPED, schema)
    wrong = copy.deepcopy(SHIPPED)
    wrong["defaults"]["sampling"]["adapt_delta"] = 1.2
    with pytest.raises(jsonschema.ValidationError, match=r"1\.2"):
        jsonschema.validate(wrong, schema)


def test_the_shipped_defaults_say_every_default():
    said = Settings.model_validate({"analyses": SMALL["analyses"]}).defaults.model_dump()
    written = SHIPPED["defaults"]
    assert written.keys() == said.keys()
    for block in ("priors", "sampling", "verdict"):
        # a prior of a single coefficient has no default that could be written
        assert written[block].keys() == said[block].keys() - {"coefficients"}
