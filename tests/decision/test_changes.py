"""Differences in differences, held to the coefficients of a saturated logistic regression."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.question import ALL, Question
from partialpool.decision.changes import tabulate_changes
from partialpool.decision.pooling import pool_strata
from partialpool.decision.weighed import CHANGES

from ..factories.strata import strata_of

PERIODS = ("before", "after")
OVERALL = Question("offer", between="period")
BY_CITY = Question("offer", "city", "period")


def cells_of(successes, trials, city=None):
    """Cells, and the draws of a model with a coefficient for each of them.

    Args:
        successes: of each city, period and arm; cities of one are left out.
        trials: likewise; 0 where a city has no contacts in a period.
    """
    rows = [
        {"city": f"c{i}", "period": period, "offer": arm, "successes": x, "trials": n}
        for i, (counts, sizes) in enumerate(zip(successes, trials, strict=True))
        for period, of, among in zip(PERIODS, counts, sizes, strict=True)
        for arm, x, n in zip(("old", "new"), of, among, strict=True)
        if n
    ]
    cells = pd.DataFrame(rows)
    cells["period"] = pd.Categorical(cells["period"], PERIODS, ordered=True)
    cells["offer"] = pd.Categorical(cells["offer"], ["old", "new"], ordered=True)
    levels = [name for name in ("city", "period") if name == "period" or len(successes) > 1]
    wide = cells.pivot_table(
        index=levels, columns="offer", values=["successes", "trials"], observed=True
    )
    frame = wide.index.to_frame(index=False).astype(str).astype(object)
    counts = (wide[name].to_numpy() for name in ("successes", "trials"))
    return cells, strata_of(*counts, draws=20000, levels=frame)


def changes(successes, trials, question):
    cells, strata = cells_of(successes, trials)
    table = tabulate_changes(strata, question, cells, 0.89)
    return table.set_index(["within", "between", "quantity"])


COUNTS = [[[300, 360], [420, 630]]]
SIZES = [[[3000, 3000], [3000, 3000]]]


def glm(successes, trials):
    """The interaction of a saturated logistic regression, and its standard error (Woolf 1955)."""
    x, n = np.array(successes, float), np.array(trials, float)
    log_odds = np.log(x / (n - x))
    interaction = (log_odds[1, 1] - log_odds[1, 0]) - (log_odds[0, 1] - log_odds[0, 0])
    return interaction, np.sqrt((1 / x + 1 / (n - x)).sum())


def test_the_ratio_of_odds_ratios_is_the_interaction_of_a_logistic_regression():
    found = changes(COUNTS, SIZES, OVERALL).loc[(ALL, "after", "odds_ratio_change")]
    interaction, error = glm(COUNTS[0], SIZES[0])
    assert np.log(found["median"]) == pytest.approx(interaction, abs=0.05 * error)
    width = np.log(found["upper"] / found["lower"])
    assert width == pytest.approx(2 * 1.598 * error, rel=0.03)
    assert found["crude"] == pytest.approx(np.exp(interaction))
    assert found["since"] == "before"


def test_the_change_in_points_is_the_double_difference_of_the_rates():
    table = changes(COUNTS, SIZES, OVERALL)
    found = table.loc[(ALL, "after", "lift_change")]
    assert found["crude"] == pytest.approx(0.07 - 0.02)
    assert found["mean"] == pytest.approx(0.05, abs=0.001)
    rates = np.array(COUNTS[0]) / 3000
    error = np.sqrt((rates * (1 - rates) / 3000).sum())
    assert found["sd"] == pytest.approx(error, rel=0.03)
    assert table.loc[(ALL, "before", "lift"), "crude"] == pytest.approx(0.02)
    assert table.loc[(ALL, "after", "lift"), "mean"] == pytest.approx(0.07, abs=0.001)
    assert (ALL, "before", "lift_change") not in table.index
    assert set(table) | set(table.index.names) == set(CHANGES)


TWO = [COUNTS[0], [[90, 100], [120, 115]]]
TWO_SIZES = [SIZES[0], [[1000, 1000], [1000, 1000]]]


def test_each_place_has_its_own_change():
    table = changes(TWO, TWO_SIZES, BY_CITY)
    for place, counts, sizes in zip(("c0", "c1"), TWO, TWO_SIZES, strict=True):
        found = table.loc[(place, "after", "odds_ratio_change")]
        interaction, error = glm(counts, sizes)
        assert np.log(found["median"]) == pytest.approx(interaction, abs=0.05 * error)
        assert found["crude"] == pytest.approx(np.exp(interaction))
    assert table.loc[("c0", "after", "lift_change"), "above_null"] > 0.99
    assert 0.05 < table.loc[("c1", "after", "lift_change"), "above_null"] < 0.95


def test_over_all_every_period_has_the_same_mix_of_places():
    """A city's share of the contacts changes; inside the cities the lift does not."""
    counts = [[[900, 1200], [90, 120]], [[50, 60], [500, 600]]]
    sizes = [[[3000, 3000], [300, 300]], [[1000, 1000], [10000, 10000]]]
    found = changes(counts, sizes, BY_CITY).loc[(ALL, "after", "lift_change")]
    assert found["mean"] == pytest.approx(0, abs=0.01)
    assert found["crude"] < -0.03


def test_places_that_are_only_in_one_period_have_lifts_and_no_change():
    none = [[[300, 360], [420, 630]], [[90, 100], [0, 0]]]
    sizes = [SIZES[0][0:2], [[1000, 1000], [0, 0]]]
    table = changes(none, sizes, BY_CITY)
    assert ("c1", "before", "lift") in table.index
    assert ("c1", "after", "lift") not in table.index
    assert ("c1", "after", "lift_change") not in table.index
    # over all, those of the city that was there both times
    assert table.loc[(ALL, "after", "lift_change"), "mean"] == pytest.approx(0.05, abs=0.002)


def test_where_each_place_is_in_one_period_only_the_whole_is_what_each_had():
    split = [[[300, 360], [0, 0]], [[0, 0], [420, 630]]]
    sizes = [[[3000, 3000], [0, 0]], [[0, 0], [3000, 3000]]]
    table = changes(split, sizes, BY_CITY)
    assert table.loc[(ALL, "after", "lift_change"), "mean"] == pytest.approx(0.05, abs=0.001)
    assert [key for key in table.index if key[2] == "lift_change"] == [
        (ALL, "after", "lift_change")
    ]


def test_counts_of_none_and_all_give_no_crude_ratio_that_is_a_number():
    cells, strata = cells_of(COUNTS, SIZES)
    cells.loc[0, "successes"] = 0
    table = tabulate_changes(strata, OVERALL, cells, 0.89).set_index(["between", "quantity"])
    assert table.loc[("before", "odds_ratio"), "crude"] == np.inf
    assert table.loc[("after", "odds_ratio_change"), "crude"] == 0
    assert table.loc[("after", "lift_change"), "crude"] == pytest.approx(0.07 - 0.12)


def test_lifts_that_were_pooled_are_not_asked_how_they_change():
    cells, strata = cells_of(TWO, TWO_SIZES)
    pooled = pool_strata(strata, "city", 1)
    asked = (BY_CITY, cells, 0.89)
    pd.testing.assert_frame_equal(
        tabulate_changes(strata, *asked), tabulate_changes(pooled, *asked)
    )


def test_without_a_factor_between_there_is_no_change():
    cells, strata = cells_of(COUNTS, SIZES)
    table = tabulate_changes(strata, Question("offer"), cells, 0.89)
    assert table.empty
    assert list(table) == list(CHANGES)
