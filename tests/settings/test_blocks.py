"""Every part of the configuration is closed, frozen, and has names that are safe."""

import pytest
from pydantic import ValidationError

from partialpool.settings.reading import read_settings

from ..factories.configurations import SALES, SMALL, mistake, refused


def test_settings_are_frozen():
    settings = read_settings(SMALL)
    with pytest.raises(ValidationError, match="frozen"):
        settings.analyses["sales"].interval = 0.5
    with pytest.raises(ValidationError, match="frozen"):
        settings.analyses["sales"].models["plain"].sampling.chains = 2


@pytest.mark.parametrize("name", ["Sales 2026", "../sales", "2026", "", "umsätze"])
def test_an_analysis_must_have_a_name_that_is_safe_as_a_file_name(name):
    config = {"analyses": {name: SMALL["analyses"]["sales"]}}
    said = refused(config)
    assert said.startswith(f"analyses.{name}: found {name!r}, expected lower-case letters")


@pytest.mark.parametrize("name", ["successes", "trials"])
def test_a_factor_cannot_have_the_name_of_the_counts(name):
    factors = {**SMALL["analyses"]["sales"]["factors"], name: {"column": "C", "levels": ["a", "b"]}}
    assert mistake(f"{SALES}.factors", factors).startswith(f"{SALES}.factors.{name}: ")


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
    said = mistake(path, 1)
    assert said.startswith(f"{path}: unknown key, expected one of ")
    assert known in said
    assert "\n" not in said
