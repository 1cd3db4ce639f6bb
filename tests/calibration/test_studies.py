"""Which models of an analysis are studied, and in which batches."""

import pytest

from partialpool.calibration.studies import (
    calibrated_models,
    left_out_models,
    name_batches,
    recovered_models,
)

from ..factories.configurations import sales, settings_of

MODELS = {
    "pooled": {"formula": "1 + promo"},
    "flat": {"formula": "promo", "priors": {"slope": "flat"}},
    "own": {"formula": "promo", "program": "own.stan"},
    "both": {"formula": "promo", "program": "own.stan", "priors": {"slope": "flat"}},
    "untreated": {"formula": "1 + (1 | channel)"},
}


@pytest.fixture
def analysis(tmp_path):
    """An analysis with one model for each way to be studied, or not."""
    program = tmp_path / "own.stan"
    program.write_text("data { int prior_only; }", encoding="utf-8")

    def given(**changes):
        models = {n: {**m} for n, m in MODELS.items()}
        for model in models.values():
            model |= {"program": str(program)} if "program" in model else {}
        return settings_of(sales(models=models, **changes))

    return given


def test_a_model_whose_prior_cannot_be_drawn_from_is_left_out_with_the_reason(analysis):
    assert left_out_models(analysis()) == {"flat": "flat", "own": "program", "both": "flat"}
    assert calibrated_models(analysis()) == ["pooled", "untreated"]


def test_lifts_are_recovered_by_models_with_coefficients_of_the_treatment(analysis):
    assert recovered_models(analysis()) == ["pooled", "flat", "own", "both"]
    none = analysis(calibration={"recovery": {"replicates": 0}})
    assert recovered_models(none) == []


def test_every_replicate_is_in_one_batch():
    assert name_batches(50, 25) == ["1-25", "26-50"]
    assert name_batches(30, 25) == ["1-25", "26-30"]
    assert name_batches(3, 25) == ["1-3"]
