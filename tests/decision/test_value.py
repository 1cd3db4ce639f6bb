"""Money: amounts by level and range, profit, one arm for all against one for each place."""

import numpy as np
import pandas as pd
import pytest

from partialpool.decision.strata import Strata
from partialpool.decision.value import (
    draw_amounts,
    expected_amounts,
    money_table,
    weigh_policies,
)


def strata():
    levels = pd.DataFrame({"shop": ["x", "y"], "trials": [100, 300], "weight": [100, 300]})
    logs = np.log(np.full((4, 2, 2), 0.5))
    return Strata(levels, ("old", "new"), logs, logs)


def test_amounts_of_several_factors_are_added():
    amounts = {"offer": {"old": 1.0, "new": 2.0}, "shop": {"x": 10.0, "y": 20.0}}
    drawn = draw_amounts(amounts, strata(), "offer", 3, 1)
    np.testing.assert_allclose(drawn[0], [[11, 12], [21, 22]])
    np.testing.assert_allclose(expected_amounts(amounts, strata(), "offer")[0], drawn[0])


def test_a_range_is_drawn_once_for_all_that_have_it():
    drawn = draw_amounts((1.0, 3.0), strata(), "offer", 5000, 1)
    assert drawn.shape == (5000, 1, 1)
    assert 1 <= drawn.min() < 1.1 < 2.9 < drawn.max() <= 3
    by_shop = draw_amounts({"shop": {"x": (1.0, 3.0), "y": 5.0}}, strata(), "offer", 50, 1)
    np.testing.assert_allclose(by_shop[:, 0, 0], by_shop[:, 0, 1])
    assert np.unique(by_shop[:, 0, 0]).size == 50
    assert expected_amounts((1.0, 3.0), strata(), "offer")[0, 0, 0] == 2


def test_choosing_by_place_is_never_worse_than_one_arm_for_all():
    means = np.array([[1.0, 2.0], [3.0, 1.0]])
    profits = means + np.random.default_rng(1).normal(0, 0.1, (2000, 2, 2))
    policy = weigh_policies(profits, np.array([0.25, 0.75]), ["old", "new"], 0.89)
    assert policy["one"]["treatment"] == "old"
    assert policy["one"]["profit"]["mean"] == pytest.approx(0.25 * 1 + 0.75 * 3, abs=0.01)
    assert policy["by_place"]["profit"]["mean"] == pytest.approx(0.25 * 2 + 0.75 * 3, abs=0.01)
    assert policy["gain"]["mean"] == pytest.approx(0.25, abs=0.01)
    assert 0 <= policy["perfect"] < 0.01


def test_a_campaign_multiplies_what_a_contact_brings():
    one = pd.DataFrame({"within": ["x"], "mean": [2.0], "loss": [0.5]})
    table = money_table(one, 1000, {"x": 1.0})
    assert table.loc[0, ["campaign", "campaign_loss"]].tolist() == [2000, 500]
    assert money_table(one, 1000, {"x": 0.2}).loc[0, "campaign"] == 400
    assert money_table(one, None, {"x": 1.0})["campaign"].isna().all()
