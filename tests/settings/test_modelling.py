"""Settings of models: what each inherits, and what margins are checked."""

import pytest

from partialpool.settings.reading import read_settings

from ..factories.configurations import SMALL, edited, mistake


def test_margins_are_each_factor_unless_named():
    path = "analyses.sales.checks"
    assert read_settings(SMALL).analyses["sales"].margins == [["promo"], ["channel"]]
    config = edited(SMALL, {path: {"margins": ["channel", ["promo", "channel"]]}})
    found = read_settings(config).analyses["sales"].margins
    assert found == [["channel"], ["promo", "channel"]]
    assert read_settings(edited(SMALL, {path: {"margins": []}})).analyses["sales"].margins == []


@pytest.mark.parametrize("margins", [["region"], [["promo", "region"]], [["promo", "promo"]], [[]]])
def test_a_margin_is_of_different_factors(margins):
    said = mistake("analyses.sales.checks", {"margins": margins})
    assert "checks.margins: found" in said
    assert "expected different ones of promo, channel" in said


def test_a_model_inherits_key_by_key_from_its_analysis_and_from_the_defaults():
    config = edited(SMALL, {"defaults.sampling": {"chains": 3, "draws": 300, "warmup": 300}})
    config["analyses"]["sales"]["sampling"] = {"draws": 400, "warmup": 400}
    config["analyses"]["sales"]["models"]["plain"]["sampling"] = {"warmup": 500}
    models = read_settings(config).analyses["sales"].models
    found = {n: (m.sampling.chains, m.sampling.draws, m.sampling.warmup) for n, m in models.items()}
    assert found == {"plain": (3, 400, 500), "varying": (3, 400, 400)}


def test_priors_and_where_the_intercepts_prior_holds_are_inherited_too():
    config = edited(SMALL, {"defaults.priors": {"sd": "exponential(2)"}})
    config["analyses"]["sales"]["intercept_prior_at"] = "contacts"
    config["analyses"]["sales"]["models"]["plain"]["intercept_prior_at"] = "reference"
    models = read_settings(config).analyses["sales"].models
    assert models["varying"].priors.sd == "exponential(2)"
    assert models["varying"].intercept_prior_at == "contacts"
    assert models["plain"].intercept_prior_at == "reference"
