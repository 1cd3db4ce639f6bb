"""Estimates of several models in one table, whatever their number."""

from dataclasses import replace

import pytest

from partialpool.report.comparison import misreadings
from partialpool.report.comparison import text as say
from partialpool.report.comparison.shrinkage import state_shrinkage
from partialpool.report.comparison.tables import (
    tabulate_effects,
    tabulate_models,
    tabulate_odds,
    tabulate_predictions,
)

from ...factories.comparisons import (
    ALONE_EFFECTS,
    CELLS,
    COEFFICIENTS,
    LABELS,
    NAMES,
    PARAMETERS,
    effects,
    predictions,
    predictions_of,
)


def test_rates_and_outcomes_stand_apart_in_one_table():
    html = tabulate_predictions({"multilevel": predictions()}, LABELS, 100)._repr_html_()
    for number in ("30.0%", "4.0", "30.0", "6.1"):
        assert f">{number}</td>" in html
    assert "Successes of 100 contacts" in html


@pytest.mark.parametrize("tabulate", [tabulate_effects, tabulate_odds])
def test_every_level_has_a_row_for_every_model_and_odd_names_stay_text(tabulate):
    html = tabulate(dict.fromkeys(LABELS.models, ALONE_EFFECTS), LABELS)._repr_html_()
    assert html.count("<tr") == 2 + 4 * 2
    assert "<i>" not in html
    assert "overall" in html


def test_lifts_are_in_points_and_so_are_their_standard_deviations():
    html = tabulate_odds({"interaction": ALONE_EFFECTS}, LABELS)._repr_html_()
    assert ">+18.0</td>" in html
    assert ">2.0</td>" in html


def test_the_table_of_models_says_which_checks_failed():
    facts = {"formulas": {"interaction": "a * b", "multilevel": "(1 | b)"}}
    facts["about"] = {"interaction": "<u>", "multilevel": ""}
    check = {"check": "rhat", "passed": False}
    verdicts = {"interaction": {"checks": [check]}, "multilevel": {"checks": []}}
    html = tabulate_models(facts, verdicts, LABELS)._repr_html_()
    assert "failed: R-hat" in html
    assert "passed" in html
    assert "<u>" not in html


def test_models_of_an_ab_test_are_compared_without_levels():
    labels = replace(LABELS, within=None, factors={"promo": ["No", "Yes"]})
    alone = effects({})
    both = {"interaction": alone, "multilevel": alone}
    said = state_shrinkage(both, NAMES, COEFFICIENTS, CELLS, labels)
    said += misreadings.state_misreadings(PARAMETERS, COEFFICIENTS, both, labels)
    assert said == ""
    assert "inside" not in say.introduce_effects(labels)
    for tabulate in (tabulate_effects, tabulate_odds):
        table = tabulate(both, labels)
        assert "all contacts" in table._repr_html_()
        assert "None" not in table._repr_html_()
        assert "level" not in table.caption + table.note


def test_of_60_levels_those_with_the_largest_effects_are_compared():
    labels = replace(LABELS, factors={"promo": ["No", "Yes"], "shop": [f"s{i}" for i in range(60)]})
    both = dict.fromkeys(LABELS.models, effects({f"s{i}": i / 10 for i in range(60)}))
    table = tabulate_effects(both, labels)
    levels = list(dict.fromkeys(table.frame.index.get_level_values(0)))
    assert levels == [*[f"s{i}" for i in range(36, 60)], "overall"]
    assert "36 more levels of shop, with smaller effects" in table.note


def test_of_many_cells_those_on_which_models_differ_are_compared():
    one, other = predictions_of(100), predictions_of(100)
    other.loc[(other["cell"] == "c70") & (other["quantity"] == "rate"), "mean"] = 0.9
    table = tabulate_predictions({"interaction": one, "multilevel": other}, LABELS, 100)
    assert "c70" in table.frame.index.get_level_values(0)
    assert len(table.frame) == 2 * 24
    assert "Not shown: 76 more cells that are more alike" in table.note
    assert "levels" not in table.note


def test_links_and_families_have_columns_where_any_is_unusual():
    facts = {"formulas": dict.fromkeys(LABELS.models, "a")}
    facts["about"] = dict.fromkeys(LABELS.models, "")
    verdicts = {name: {"checks": []} for name in LABELS.models}
    assert list(tabulate_models(facts, verdicts, LABELS).frame) == ["formula", "verdict"]
    labels = replace(LABELS, links={"interaction": "probit", "multilevel": "logit"})
    frame = tabulate_models(facts, verdicts, labels).frame
    assert frame["link"].tolist() == ["probit", "logit"]
