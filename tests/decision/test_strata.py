"""Joint draws of rates by stratum, averaged by mixes, written and read."""

import numpy as np
import pytest
from scipy.special import expit

from partialpool.cells.question import ALL
from partialpool.decision.strata import (
    average,
    places_of,
    read_strata,
    reweigh,
    stratify,
    stratify_own,
    write_strata,
)

from ..factories.draws import given
from .test_effects import LEVELS, RATES, cells, predict


def strata(factors=("channel", "age")):
    return stratify(given(cells(), predict), "promo", list(factors))


def test_a_stratum_has_the_rate_of_every_arm_in_every_draw():
    found = strata()
    assert found.arms == ("none", "some")
    assert found.rates.shape == (2, 4, 2)
    assert found.levels["trials"].tolist() == [120, 380, 550, 250]
    row = found.levels.query("channel == 'shop' and age == 'old'").index[0]
    assert found.rates[0, row, 1] == pytest.approx(RATES["some", "shop", "old"])
    np.testing.assert_allclose(found.log_failure, np.log1p(-found.rates))


def test_finer_strata_average_to_the_same_places():
    fine, coarse = average(strata(), "channel"), average(strata(["channel"]), "channel")
    assert fine.names == coarse.names == ["mail", "shop", ALL]
    np.testing.assert_allclose(fine.rates, coarse.rates)
    np.testing.assert_allclose(fine.log_odds, coarse.log_odds)
    np.testing.assert_allclose(fine.shares, [500 / 1300, 800 / 1300, 1])


def test_another_mix_moves_the_average_and_not_the_strata():
    found = reweigh(strata(), np.array([0.0, 5, 0, 5]))
    places = average(found, "channel")
    old = [RATES["none", channel, "old"] for channel in LEVELS["channel"]]
    np.testing.assert_allclose(places.rates[0, :2, 0], old)
    assert places.rates[0, 2, 0] == pytest.approx(np.mean(old))


def test_a_place_that_nobody_asks_about_keeps_its_own_rate():
    found = reweigh(strata(), np.array([1.0, 1, 0, 0]))
    places = average(found, "channel")
    np.testing.assert_allclose(places.rates[:, 1], average(strata(), "channel").rates[:, 1])
    np.testing.assert_allclose(places.rates[:, 2], places.rates[:, 0])
    assert places.shares.tolist() == [1, 0, 1]


def test_without_a_factor_all_contacts_are_one_stratum():
    found = strata([])
    assert len(found.levels) == 1
    assert list(places_of(found.levels, None)) == [ALL]
    assert average(found, None).names == [ALL]


def test_strata_come_back_as_they_were_written(tmp_path):
    write_strata(strata(), tmp_path / "rates.nc")
    read = read_strata(tmp_path / "rates.nc")
    assert read.arms == strata().arms
    assert read.levels.to_dict() == strata().levels.to_dict()
    np.testing.assert_array_equal(read.log_success, strata().log_success)


def test_rare_rates_keep_their_odds():
    def rare(rows):
        yield slice(0, len(rows)), np.full((2, len(rows)), -40.0)

    found = average(stratify(given(cells(), rare), "promo", ["channel"]), "channel")
    np.testing.assert_allclose(found.log_odds, -40)
    np.testing.assert_allclose(found.rates, expit(-40))


def test_over_its_own_contacts_an_arm_has_the_rate_of_those_that_it_had():
    found = stratify_own(given(cells(), predict), "promo")
    trials = cells().groupby("promo", observed=True)["trials"].sum()
    for at, promo in enumerate(LEVELS["promo"]):
        mine = cells()[cells()["promo"] == promo]
        known = [RATES[tuple(row)] for row in mine[list(LEVELS)].astype(str).to_numpy()]
        by_hand = np.average(known, weights=mine["trials"])
        assert found.rates[0, 0, at] == pytest.approx(by_hand)
    assert found.levels["trials"].tolist() == [trials.sum()]
    assert found.rates.shape == (2, 1, 2)


def test_a_level_without_contacts_has_no_rate_of_its_own():
    here = cells()
    few = here[here["promo"] != "none"]
    assert stratify_own(given(few, predict), "promo").arms == ("some",)
