"""What one model is put to is drawn together from its analysis, as plain data."""

from pathlib import Path

import yaml

from partialpool.settings.assessment import Assessment
from partialpool.settings.described import describe_assessment
from partialpool.settings.reading import read_settings

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text(encoding="utf-8"))


def test_plain_data_and_back():
    analysis = read_settings(CONFIG).analyses["season_pass"]
    asked = Assessment(**describe_assessment(analysis, "multilevel"))
    assert asked.verdict == analysis.verdict
    assert asked.oracle == analysis.oracle
    assert (asked.treatment, asked.within) == (analysis.treatment, analysis.within)
    assert asked.margins == tuple(map(tuple, analysis.margins))
    assert asked.max_treedepth == analysis.models["multilevel"].sampling.max_treedepth
    assert not asked.own_program
