"""Whether lifts differ between places: contrasts, spread, calls."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.question import Question
from partialpool.decision.pooling import pool_strata
from partialpool.decision.segments import (
    MOST_PAIRED,
    OTHERS,
    call_lifts,
    compare_places,
    contrast_places,
    measure_spread,
)
from partialpool.decision.strata import Strata, average
from partialpool.decision.weighed import SEGMENTS

from ..factories.strata import simulate, strata_of

QUESTION = Question("offer", "shop")


def compared(strata, alone=False, needed=0.95):
    return compare_places(strata, QUESTION, needed, 0.89, alone)


def fixed(rates, trials=None):
    """Draws that are all the same: places x arms."""
    rates = np.array(rates)
    trials = [100] * len(rates) if trials is None else trials
    names = [f"a{i}" for i in range(len(rates))]
    levels = pd.DataFrame({"shop": names, "trials": trials, "weight": trials})
    logs = (np.repeat(f(rates)[None], 3, axis=0) for f in (np.log, np.log1p))
    success = next(logs)
    return Strata(levels, ("old", "new"), success, np.log1p(-np.exp(success)))


def test_lifts_of_two_places_are_contrasted_in_points_and_as_a_ratio():
    table, _ = compared(fixed([[0.2, 0.5], [0.5, 0.6]]))
    rows = table.set_index("quantity")
    assert list(table) == list(SEGMENTS)
    assert set(zip(table["within"], table["versus"], strict=True)) == {("a1", "a0")}
    assert rows.loc["lift_difference", "mean"] == pytest.approx(0.1 - 0.3)
    assert rows.loc["odds_ratio_ratio", "mean"] == pytest.approx(1.5 / 4)
    assert rows["above_null"].tolist() == [0, 0]


def test_few_places_are_compared_in_pairs_and_many_with_all_others():
    for places in (2, 3, MOST_PAIRED):
        table, facts = compared(strata_of(simulate(1, places)[0], 400, draws=50))
        assert facts[0]["pairs"] == places * (places - 1) / 2 == len(table) / 2
    table, facts = compared(strata_of(simulate(1, MOST_PAIRED + 1)[0], 400, draws=50))
    assert facts[0]["pairs"] == MOST_PAIRED + 1
    assert set(table["versus"]) == {OTHERS}


def test_all_others_are_weighed_by_their_contacts():
    rates = np.full((13, 2), 0.1)
    rates[:3] = [[0.2, 0.5], [0.5, 0.6], [0.3, 0.3]]
    trials = np.full(13, 50)
    trials[:3] = [100, 300, 700]
    first = contrast_places(average(fixed(rates, trials), "shop"), 1)[0]
    weights = trials[1:] / trials[1:].sum()
    old, new = weights @ rates[1:, 0], weights @ rates[1:, 1]
    assert first.difference[0] == pytest.approx(0.3 - (new - old))
    ratio = new / (1 - new) / (old / (1 - old))
    assert first.log_ratio[0] == pytest.approx(np.log(4 / ratio))


def test_a_place_with_every_contact_is_compared_with_nobody():
    trials = [500] + [0] * 13
    names = [
        c.within for c in contrast_places(average(fixed([[0.2, 0.5]] * 14, trials), "shop"), 1)
    ]
    assert names == [f"a{i}" for i in range(1, 14)]


def test_places_with_another_lift_are_told_apart_and_places_alike_are_not():
    apart = compared(strata_of([[40, 80], [80, 40]], 400))[1][0]
    assert apart["differ"]
    assert apart["differ_odds_ratio"]
    assert apart["probable"] == 1
    assert apart["widest"]["within"] == "a1"
    assert apart["widest"]["mean"] == pytest.approx(-0.2, abs=0.005)
    assert apart["widest"]["above_null"] < 0.001
    alike = compared(strata_of([[40, 60], [80, 104]], 400))[1][0]
    assert not alike["differ"]
    assert alike["probable"] == 0


def test_lifts_may_differ_in_points_where_odds_ratios_do_not():
    """The same odds ratio, 2, from rates of 2% and of 40%."""
    facts = compared(strata_of([[400, 784], [8000, 11428]], 20000))[1][0]
    assert facts["differ"]
    assert not facts["differ_odds_ratio"]


def test_what_differs_by_rounding_does_not_differ():
    strata = fixed([[0.1, 0.3], [0.3, 0.5], [0.1 + 1e-16, 0.3]])
    table, facts = compared(strata)
    in_points = table[table["quantity"] == "lift_difference"]
    assert in_points["above_null"].tolist() == [0.5] * 3
    assert in_points["mean"].tolist() == [0] * 3
    assert not facts[0]["differ"]


def test_contrasts_of_lifts_that_stand_alone_need_more_the_more_there_are():
    strata = strata_of([[40, 62], [40, 40], [40, 45], [40, 44]], 400)
    assert compared(strata)[1][0]["differ"]
    alone = compared(strata, alone=True)[1][0]
    assert alone["needed"] == pytest.approx(1 - 0.05 / 6)
    assert not alone["differ"]
    two = compared(strata_of([[40, 80], [80, 40]], 400), alone=True)[1][0]
    assert two["needed"] == pytest.approx(0.95)


def test_the_spread_is_the_standard_deviation_over_contacts():
    strata = fixed([[0.1, 0.2], [0.1, 0.4]], [100, 300])
    spread = measure_spread(average(strata, "shop"), 1)
    np.testing.assert_allclose(spread, 0.2 * np.sqrt(0.25 * 0.75))


def test_every_place_is_called_by_its_probability():
    places = average(strata_of([[40, 80], [80, 40], [60, 60]], 400), "shop")
    rows = call_lifts(places, 1, 0.95, 0.89)
    assert [row["call"] for row in rows] == ["gain", "loss", "open"]
    assert rows[0]["lift"]["mean"] == pytest.approx(0.1, abs=0.005)


def test_fifty_places_without_an_effect_are_told_from_chance_and_not_called():
    strata = strata_of(simulate(1)[0], 400)
    alone = compared(strata, alone=True)[1][0]
    assert alone["chance"]["least"] <= alone["chance"]["made"] <= alone["chance"]["most"]
    assert alone["chance"]["made"] == sum(row["call"] != "open" for row in alone["calls"]) > 0
    pooled = compared(pool_strata(strata, "shop", 1), alone=True)[1][0]
    assert pooled["pooled"]
    assert pooled["chance"] == alone["chance"]
    assert [row["call"] for row in pooled["calls"]] == ["open"] * 50
    made = sum(row["call_alone"] != "open" for row in pooled["calls"])
    assert made == pooled["chance"]["made"]
    assert not pooled["differ"]
    assert pooled["spread"]["mean"] < alone["spread"]["mean"] / 2


def test_every_arm_is_held_to_the_reference():
    table, facts = compared(strata_of([[40, 80, 40], [80, 40, 80]], 400))
    assert [(row["treatment"], row["reference"]) for row in facts] == [
        ("new", "old"),
        ("third", "old"),
    ]
    assert [row["differ"] for row in facts] == [True, False]
    assert table["treatment"].tolist() == ["new", "new", "third", "third"]


def test_one_place_and_no_place_have_no_contrast():
    table, facts = compared(strata_of([[40, 80]], 400))
    assert table.empty
    assert facts[0]["pairs"] == 0
    assert facts[0]["widest"] is None
    assert not facts[0]["differ"]
    table, facts = compare_places(strata_of([[40, 80]], 400), Question("offer"), 0.95, 0.89, False)
    assert table.empty
    assert facts == []
