"""Configurations: a small one of season-pass kind, the shipped one, and edits of either."""

import copy
from pathlib import Path

import pytest
import yaml

from partialpool.errors import InputError
from partialpool.settings.reading import read_settings

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.json"
SHIPPED = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
SALES = "analyses.sales"
"""Where the analysis of the small configuration stands."""
_ANALYSIS = yaml.safe_load("""
title: Sales
question: Does it help?
source: {path: contacts.csv}
outcome: {column: Bought, success: "yes", failure: "no"}
factors:
  promo: {column: Promo, levels: [none, some]}
  channel: {column: Channel, levels: [mail, shop]}
treatment: promo
""")


def sales(formulas=None, **keys):
    """One analysis of a treatment and a channel, with models by their formulas.

    Keys are set beside them; further factors are added with `factors`.
    """
    analysis = copy.deepcopy(_ANALYSIS)
    models = {name: {"formula": formula} for name, formula in (formulas or {}).items()}
    factors = analysis["factors"] | keys.pop("factors", {})
    return analysis | {"models": models, "factors": factors} | keys


def settings_of(analysis):
    """The settings of one analysis, with the engine that is always there."""
    config = {"defaults": {"sampling": {"engine": "stanli"}}, "analyses": {"sales": analysis}}
    return read_settings(config).analyses["sales"]


SMALL = {
    "analyses": {
        "sales": sales({"plain": "promo", "varying": "(1 + promo | channel)"}, within="channel")
    }
}


def edited(config, changes):
    """A configuration with some keys set, by their dotted paths; `...` takes a key away."""
    config = copy.deepcopy(config)
    for path, value in changes.items():
        *parents, last = path.split(".")
        block = config
        for key in parents:
            block = block.setdefault(key, {})
        if value is ...:
            del block[last]
        else:
            block[last] = value
    return config


def mistake(path, value):
    """What is said of the small configuration with one key set."""
    return refused(edited(SMALL, {path: value}))


def refused(config):
    """What is said of a configuration that cannot be read."""
    with pytest.raises(InputError) as error:
        read_settings(config)
    return str(error.value)
