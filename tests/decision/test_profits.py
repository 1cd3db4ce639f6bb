"""Profits by place, and the experiments that are weighed."""

import numpy as np

from partialpool.cells.question import Question
from partialpool.decision.profits import candidates, plan_further, weigh_money
from partialpool.decision.strata import average
from partialpool.decision.weighed import COLUMNS
from partialpool.settings import Decision

from ..factories.strata import strata_of

QUESTION = Question("offer", "shop")
STRATA = strata_of([[40, 80], [80, 60]], [[400, 400], [100, 100]], draws=500)


def test_without_a_value_nothing_is_weighed_in_money():
    table, policy, profits = weigh_money(STRATA, QUESTION, Decision(), 0.89, 1)
    assert list(table) == list(COLUMNS["money"])
    assert table.empty
    assert policy is None
    assert profits is None


def test_a_profit_is_the_value_of_successes_less_the_cost():
    settings = Decision(value=20.0, cost={"offer": {"old": 0.5, "new": 1.5}})
    _, _, profits = weigh_money(STRATA, QUESTION, settings, 0.89, 1)
    rates = average(STRATA, "shop").rates
    np.testing.assert_allclose(profits, 20 * rates - np.array([0.5, 1.5]), rtol=1e-9)


def test_what_may_not_be_chosen_is_no_candidate():
    arms = ("none", "a", "b")
    assert candidates(arms, Decision()) == [0, 1, 2]
    assert candidates(arms, Decision(candidates=("b", "a"))) == [1, 2]


def test_experiments_are_multiples_of_the_contacts_where_none_are_named():
    close = strata_of([[40, 44], [80, 78]], [[400, 400], [100, 100]], draws=500)
    asked = close, average(close, "shop"), QUESTION, Decision(), 1
    table, allocations = plan_further(*asked)
    assert table["contacts"].tolist() == [250, 500, 1000, 2000, 4000]
    assert (
        allocations.groupby("experiment")["contacts"].sum().tolist() == table["contacts"].tolist()
    )
    assert (np.diff(table["value"]) > 0).all()
    assert 0 < table["of_perfect"].max() < 1
