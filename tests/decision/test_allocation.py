"""Where further contacts go, and what experiments of several sizes bring."""

import numpy as np
import pytest

from partialpool.decision.allocation import allocate, plan_experiments, round_contacts

from .test_learning import choice_of, noise_of


def test_more_contacts_are_worth_more_and_never_more_than_knowing():
    choice = choice_of((13, 15, 14), (91, 89, 90))
    table, _ = plan_experiments(choice, [50, 200, 800, 100_000], None, 0.0, 1)
    assert table["value"].is_monotonic_increasing
    assert table["of_perfect"].iloc[-1] == pytest.approx(1, abs=0.03)
    assert (table["value"] >= table["value_even"]).all()
    assert (table["value"] <= choice.perfect * 1.03).all()


def test_contacts_go_to_the_arms_between_which_it_is_open():
    choice = choice_of((1012, 1108, 1031, 1170), (11398, 11282, 11424, 11232))
    where = allocate(choice, 40_000, noise_of(choice))[0]
    assert where.sum() == pytest.approx(40_000)
    assert where[[1, 3]].sum() > 0.9 * 40_000


def test_a_campaign_says_when_more_contacts_cost_more_than_they_bring():
    choice = choice_of((13, 15), (91, 89), value=np.full((1, 2), 30.0))
    table, _ = plan_experiments(choice, [100, 1000, 100_000], 50_000, 0.5, 1)
    assert table["net"].iloc[0] > 0 > table["net"].iloc[-1]
    np.testing.assert_allclose(table["net"], table["brings"] - table["cost"])


def test_whole_contacts_keep_their_sum():
    whole = round_contacts(np.array([[33.4, 33.3], [33.3, 0.0]]))
    assert whole.sum() == 100
    assert whole.tolist() == [[34, 33], [33, 0]]
