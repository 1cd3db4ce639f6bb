"""What a report was made from: nothing empty, nothing twice."""

import yaml

from partialpool.report.made_from import list_provenance

PRIORS = {"slope": "normal(0, 1)", "coefficients": {}}
SETTINGS = {
    "seed": 42,
    "priors": PRIORS,
    "sampling": {"chains": 4, "adapt_delta": 0.8},
    "decision": {"mix": None, "good": False, "least": 0},
    "models": {
        "one": {"formula": "1", "priors": PRIORS, "sampling": {"chains": 4, "adapt_delta": 0.8}},
        "two": {"formula": "x", "priors": PRIORS, "sampling": {"chains": 4, "adapt_delta": 0.95}},
    },
}
RECORD = {
    "Engines": {"one": "stanli 1", "two": "stanli 1"},
    "Drawn with": {"one": "stanli 1, numpy 2", "two": "stanli 1, numpy 2"},
    "Sampler": {"one": "4 chains", "two": "5 chains"},
    "Seed": 42,
    "Configuration": yaml.safe_dump(SETTINGS),
}


def test_what_all_models_share_is_said_once():
    shown = list_provenance(RECORD)
    assert shown["Drawn with"] == {"every model": "stanli 1, numpy 2"}
    assert shown["Sampler"] == {"one": "4 chains", "two": "5 chains"}
    assert "Engines" not in shown


def test_the_configuration_has_no_empty_value_and_of_models_what_is_their_own():
    shown = yaml.safe_load(list_provenance(RECORD)["Configuration"])
    assert shown["models"] == {
        "one": {"formula": "1"},
        "two": {"formula": "x", "sampling": {"adapt_delta": 0.95}},
    }
    assert shown["priors"] == {"slope": "normal(0, 1)"}
    assert shown["decision"] == {"good": False, "least": 0}
