"""The bridge from counts to the models' scale: which model it leads to, and its steps."""

import numpy as np
import pytest

from partialpool.cells.exploration import tabulate_margins
from partialpool.decision.log_odds import bridge, find_pooled
from partialpool.settings.reading import read_settings

from ..factories.configurations import sales, settings_of

FORMULAS = {
    "nested": "promo + (1 | channel)",
    "other": "channel",
    "pooled": "1 + promo",
    "again": "promo",
}


def pooled_of(**models):
    analysis = {
        "title": "Sales",
        "question": "Does it help?",
        "source": {"path": "contacts.csv"},
        "outcome": {"column": "Bought", "success": "yes", "failure": "no"},
        "factors": {"promo": {"column": "Promo"}, "channel": {"column": "Channel"}},
        "treatment": "promo",
        "models": models,
    }
    return find_pooled(read_settings({"analyses": {"a": analysis}}).analyses["a"])


def test_the_first_model_with_the_treatment_alone_explains_the_log_odds():
    assert pooled_of(**{name: {"formula": text} for name, text in FORMULAS.items()}) == "pooled"


@pytest.mark.parametrize(
    "models",
    [
        {name: {"formula": FORMULAS[name]} for name in ("nested", "other")},
        {"pooled": {"formula": "promo", "link": "probit"}},
    ],
)
def test_without_such_a_model_on_the_scale_of_log_odds_none_does(models):
    assert pooled_of(**models) is None


def test_the_steps_from_the_counts_agree_with_each_other(season_cells):
    levels = list(season_cells["promo"].cat.categories)
    steps = bridge(tabulate_margins(season_cells), None, "promo", levels)
    of = steps.set_index(["treatment", "quantity"])["counts"]
    for level in levels:
        assert of[level, "odds"] == pytest.approx(of[level, "rate"] / (1 - of[level, "rate"]))
        assert of[level, "log_odds"] == pytest.approx(np.log(of[level, "odds"]))
    counts = season_cells.groupby("promo", observed=True)[["successes", "trials"]].sum()
    rates = counts["successes"] / counts["trials"]
    assert of["Bundle", "lift"] == pytest.approx(rates["Bundle"] - rates["NoBundle"])
    odds = of["Bundle", "odds"] / of["NoBundle", "odds"]
    assert of["Bundle", "odds_ratio"] == pytest.approx(odds)
    assert of["Bundle", "log_odds_ratio"] == pytest.approx(np.log(odds))
    assert steps[["median", "lower", "upper"]].isna().all(axis=None)


def test_a_number_has_neither_a_bridge_nor_a_model_that_explains_the_log_odds(season_cells):
    steps = bridge(tabulate_margins(season_cells), None, "dose", [])
    assert steps.empty
    assert list(steps) == ["treatment", "quantity", "counts", "median", "lower", "upper"]
    number = {"numbers": {"dose": {"column": "Dose"}}, "treatment": "dose"}
    assert find_pooled(settings_of(sales({"line": "dose"}, **number))) is None
