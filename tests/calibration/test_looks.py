"""What looks into an experiment do to wrong calls."""

import numpy as np
import pytest
from scipy.special import ndtri

from partialpool.calibration.looks import weigh_looks
from partialpool.settings import Plan

COUNT = 1500


def plan_of(**keys):
    given = {"title": "Pages", "rate": 0.2, "lift": 0.04, "replicates": COUNT}
    return Plan(**given | keys)


def share_ever_beyond(looks, probability):
    """Of random walks looked at so often, those ever beyond a limit in standard errors."""
    steps = np.random.default_rng(1).standard_normal((200_000, looks))
    walks = np.cumsum(steps, axis=1) / np.sqrt(np.arange(1, looks + 1))
    return (np.abs(walks).max(axis=1) >= ndtri(probability)).mean()


@pytest.mark.parametrize(("looks", "probability"), [(1, 0.95), (5, 0.95), (8, 0.975)])
def test_false_calls_grow_with_looks_as_those_of_a_random_walk(looks, probability):
    _, facts = weigh_looks(plan_of(looks=looks, probability=probability), 2000)
    expected = share_ever_beyond(looks, probability)
    error = np.sqrt(expected * (1 - expected) / COUNT)
    assert facts["falsely_any"] == pytest.approx(expected, abs=4 * error + 0.01)
    assert facts["falsely_once"] == pytest.approx(2 * (1 - probability), abs=0.03)


def test_calls_add_up_and_the_last_look_has_all_contacts():
    table, facts = weigh_looks(plan_of(looks=4, replicates=500), 1001)
    assert list(table["contacts"]) == [251, 501, 751, 1001]
    for column in ("called_falsely", "called_right", "called_wrong"):
        assert table[column].is_monotonic_increasing
    assert (table["called_right"] + table["called_wrong"]).max() <= 1
    assert table["called_falsely"].iloc[-1] == facts["falsely_any"]
    assert table["called_now"].iloc[0] == table["called_falsely"].iloc[0]
    assert table["called_now"].iloc[-1] == facts["falsely_once"]


def test_stopping_early_saves_contacts_where_the_lift_is_there_and_few_where_it_is_not():
    _, facts = weigh_looks(plan_of(looks=8, replicates=500), 2000)
    assert facts["expected"] < 0.7 * 2000
    assert facts["expected"] < facts["expected_none"] < 2000


def test_a_careful_call_is_false_no_more_often_than_at_one_look():
    plan = plan_of(looks=5)
    _, facts = weigh_looks(plan, 2000)
    assert 0.97 < facts["careful"] < 0.99
    _, kept = weigh_looks(plan.model_copy(update={"probability": facts["careful"]}), 2000)
    assert kept["falsely_any"] <= facts["falsely_once"]
    assert kept["falsely_any"] == pytest.approx(facts["falsely_once"], abs=0.002)
    assert kept["expected"] == facts["careful_expected"]
    assert 0.5 < facts["careful_right"] < 1


def test_there_are_no_more_looks_than_contacts():
    table, facts = weigh_looks(plan_of(looks=20, replicates=100), 3)
    assert list(table["contacts"]) == [1, 2, 3]
    assert facts["looks"] == 3
