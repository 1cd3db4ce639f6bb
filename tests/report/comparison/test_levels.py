"""What the models say of ranked levels, side by side; of lifts nothing is said."""

from dataclasses import replace

import numpy as np
import pytest

from partialpool.decision.effects import estimate_effects
from partialpool.report.comparison.figures import draw_effects
from partialpool.report.comparison.levels import head_levels, tabulate_levels
from partialpool.report.comparison.misreadings import warn_of_exponentiating
from partialpool.report.comparison.tables import tabulate_effects, tabulate_odds
from partialpool.report.comparison.text import introduce_effects

from ...factories.draws import rate_of
from ...factories.labels import labels_of


def ranked(count):
    """Effects of two models on so many levels, the second with all rates nearer to their mean."""
    names = [str(i) for i in range(count)]
    labels = labels_of({"hospital": names}, within=None, treatment="hospital", treatment_is="level")
    rates = np.linspace(0.1, 0.3, count)
    tables = {}
    for model, pull in (("pooled", 0.5), ("multilevel", 0.8)):
        drawn = 0.2 + (rates - 0.2) * pull + np.linspace(-0.01, 0.01, 50)[:, None]
        of = {("", name): rate_of(drawn[:, i]) for i, name in enumerate(names)}
        tables[model] = estimate_effects(of, None, 0.89)
    return tables, labels


def test_every_model_has_its_rate_of_every_level():
    effects, labels = ranked(3)
    frame = tabulate_levels(effects, labels).frame
    assert frame.loc[("0", "pooled"), "mean"] == pytest.approx(0.15, abs=0.001)
    assert frame.loc[("0", "multilevel"), "mean"] == pytest.approx(0.12, abs=0.001)
    assert head_levels(labels).startswith("## What they say of the levels")


def test_of_many_levels_the_farthest_from_the_mean_are_shown():
    effects, labels = ranked(60)
    table = tabulate_levels(effects, labels)
    assert len(table.frame) == 2 * 24
    assert "36 more levels of hospital" in table.note


def test_what_needs_a_reference_is_left_out():
    effects, labels = ranked(3)
    assert draw_effects(effects, labels) is None
    assert tabulate_effects(effects, labels) is None
    assert tabulate_odds(effects, labels) is None
    assert warn_of_exponentiating(effects, labels) == introduce_effects(labels) == ""


def test_where_a_treatment_is_compared_nothing_is_ranked():
    effects, labels = ranked(3)
    offer = replace(labels, treatment_is="offer")
    assert head_levels(offer) == ""
    assert tabulate_levels(effects, offer) is None


def test_of_a_number_the_ends_and_values_between_are_shown():
    effects, labels = ranked(60)
    dose = replace(labels, along="offer")
    table = tabulate_levels(effects, dose)
    assert list(table.frame.index.unique(0)) == ["0", "15", "30", "44", "59"]
    assert "55 more values of hospital" in table.note
    assert head_levels(dose) == "## What they say of the rate along hospital"
