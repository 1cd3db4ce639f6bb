"""All that is said of the arms, from joint draws of their rates."""

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.question import ALL, Question
from partialpool.decision.strata import Strata, reweigh, write_strata
from partialpool.decision.weighed import COLUMNS
from partialpool.decision.weighing import weigh_answer, weigh_arms, weigh_levels
from partialpool.settings import Decision

from ..factories.strata import simulate, strata_of

QUESTION = Question("offer", "shop")
ONE = {"contacts": [100]}
"""One experiment, where what it is worth is not looked at."""


def strata(seed=1, draws=4000):
    """Two shops: the new offer is better in x and worse in y."""
    counts = np.array([[[30, 60], [90, 45]]])
    rates = np.random.default_rng(seed).beta(counts, 300 - counts, (draws, 2, 2))
    levels = pd.DataFrame({"shop": ["x", "y"], "trials": [600, 200], "weight": [600, 200]})
    return Strata(levels, ("old", "new"), np.log(rates), np.log1p(-rates))


def weighed(of=None, **settings):
    return weigh_arms(of or strata(), QUESTION, Decision(**settings), 0.89, 7)


def test_every_place_and_all_have_their_advice():
    advice = {row["within"]: row for row in weighed().facts["advice"]}
    assert {place: row["leader"] for place, row in advice.items()} == {
        "x": "new",
        "y": "old",
        ALL: "new",
    }
    assert advice["x"]["advice"] == "best"


def test_tables_have_the_columns_that_are_declared():
    tables = weighed(value=10.0, campaign=1000).tables
    assert set(tables) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert set(tables[name]) == set(columns), name


def test_what_pays_best_may_not_be_what_sells_best():
    cheap = weighed(value=10.0, cost={"offer": {"old": 0.0, "new": 5.0}})
    advice = {row["within"]: row["leader"] for row in cheap.facts["advice"]}
    assert advice == {"x": "old", "y": "old", ALL: "old"}
    money = cheap.tables["money"].set_index(["within", "treatment"])
    rates = cheap.tables["arms"].set_index(["within", "treatment"])
    assert money.loc[("x", "new"), "mean"] == pytest.approx(
        10 * rates.loc[("x", "new"), "mean"] - 5
    )
    assert cheap.facts["policy"]["one"]["treatment"] == "old"


def test_a_target_mix_stands_beside_the_observed_and_an_equal_one():
    tables = weighed(reweigh(strata(), np.array([100.0, 900.0]))).tables
    mixes = tables["mixes"].set_index(["mix", "treatment"])["mean"]
    arms = tables["arms"].set_index(["within", "treatment"])["mean"]
    for mix, share in {"observed": 0.75, "equal": 0.5, "target": 0.1}.items():
        expected = share * arms["x", "new"] + (1 - share) * arms["y", "new"]
        assert mixes[mix, "new"] == pytest.approx(expected)
    assert arms[ALL, "new"] == pytest.approx(mixes["target", "new"])


def test_what_may_not_be_chosen_is_compared_and_never_advised():
    levels = pd.DataFrame({"trials": [900], "weight": [900]})
    rates = np.random.default_rng(1).beta([[[90, 30, 45]]], [[[210, 270, 255]]], (4000, 1, 3))
    three = Strata(levels, ("none", "a", "b"), np.log(rates), np.log1p(-rates))
    found = weigh_arms(three, Question("offer"), Decision(candidates=("a", "b")), 0.89, 1)
    assert found.facts["advice"][0]["leader"] == "b"
    assert found.tables["arms"]["treatment"].tolist() == ["a", "b"]
    assert set(found.tables["pairs"]["reference"]) == {"none", "a"}


def test_experiments_are_those_asked_for_or_multiples_of_the_contacts():
    asked = weighed(experiment={"contacts": [50, 500]}).tables
    assert asked["experiments"]["contacts"].tolist() == [50, 500]
    sums = asked["allocations"].groupby("experiment")["contacts"].sum()
    assert sums.to_dict() == {50: 50, 500: 500}
    assert weighed().tables["experiments"]["contacts"].tolist() == [200, 400, 800, 1600, 3200]


def test_where_no_model_answers_the_tables_are_empty(tmp_path):
    nothing = weigh_answer(None, {}, QUESTION, Decision(), 0.89, 1)
    assert all(table.empty for table in nothing.tables.values())
    expected = {"advice": [], "policy": None, "terms": {}, "segments": [], "pooled": False}
    assert nothing.facts == expected
    write_strata(strata(), tmp_path / "rates.nc")
    rates = {"one": tmp_path / "rates.nc"}
    assert weigh_answer("one", rates, QUESTION, Decision(), 0.89, 1).facts["advice"]


def test_of_many_lifts_that_stand_alone_the_pooled_ones_advise():
    """Fifty places of 2 x 400 contacts without any effect: five pieces of advice, or none."""
    null = strata_of(simulate(1)[0], 400, draws=500)
    asked = QUESTION, Decision(experiment=ONE), 0.89, 7
    raw, pooled = weigh_arms(null, *asked), weigh_arms(null, *asked, alone=True)

    def sure(found):
        rows = found.facts["advice"]
        return sum(row["advice"] == "best" for row in rows if row["within"] != ALL)

    assert sure(raw) == pooled.facts["segments"][0]["chance"]["made"] >= 2
    assert sure(pooled) == 0
    assert pooled.facts["pooled"]
    assert not raw.facts["pooled"]
    overall = [
        found.tables["arms"].query("within == @ALL").reset_index(drop=True)
        for found in (raw, pooled)
    ]
    pd.testing.assert_frame_equal(*overall)


def test_money_is_weighed_by_pooled_lifts_too_and_over_all_by_the_model():
    null = strata_of(simulate(1)[0], 400, draws=500)
    asked = QUESTION, Decision(value=10.0, experiment=ONE), 0.89, 7
    raw, pooled = weigh_arms(null, *asked), weigh_arms(null, *asked, alone=True)
    before, after = (
        found.tables["money"].set_index(["within", "treatment"])["mean"] for found in (raw, pooled)
    )
    assert after[ALL].tolist() == before[ALL].tolist()
    gains = [
        (of.xs("new", level=1) - of.xs("old", level=1)).drop(ALL).std() for of in (before, after)
    ]
    assert gains[1] < gains[0] / 2
    rates = pooled.tables["arms"].set_index(["within", "treatment"])["mean"]
    np.testing.assert_allclose(after, 10 * rates[after.index], rtol=1e-6)


def test_few_lifts_that_stand_alone_advise_as_they_are():
    found = weigh_arms(strata(), QUESTION, Decision(), 0.89, 7, alone=True)
    assert not found.facts["pooled"]
    pd.testing.assert_frame_equal(found.tables["arms"], weighed().tables["arms"])
    assert found.facts["segments"][0]["chance"]["expected"] == pytest.approx(0.2)


def test_the_model_that_answers_says_whether_lifts_stand_alone(tmp_path):
    write_strata(strata_of(simulate(1)[0], 400, draws=300), tmp_path / "rates.nc")
    rates = {"one": tmp_path / "rates.nc"}
    asked = rates, QUESTION, Decision(experiment=ONE), 0.89, 1
    assert weigh_answer("one", *asked, alone=["one", "two"]).facts["pooled"]
    assert not weigh_answer("one", *asked, alone=["two"]).facts["pooled"]


def mirrored(of):
    """The same experiment with success and failure swapped."""
    return Strata(of.levels, of.arms, of.log_failure, of.log_success)


@pytest.mark.parametrize("settings", [{}, {"worthwhile": 0.02}, {"probability": 0.999}])
def test_the_failures_of_an_outcome_that_is_not_welcome_are_answered_as_its_successes(settings):
    good = weigh_arms(strata(), QUESTION, Decision(**settings), 0.89, 7)
    turned = Question("offer", "shop", good=False)
    bad = weigh_arms(mirrored(strata()), turned, Decision(**settings), 0.89, 7)
    for one, other in zip(good.facts["advice"], bad.facts["advice"], strict=True):
        assert (one["within"], one["leader"], one["advice"]) == (
            other["within"], other["leader"], other["advice"]
        )  # fmt: skip
        assert one["among"] == other["among"]
        assert (one["best"], one["loss"]) == pytest.approx((other["best"], other["loss"]))
    arms = [found.tables["arms"] for found in (good, bad)]
    for column in ("best", "expected_rank", "loss"):
        np.testing.assert_allclose(arms[0][column], arms[1][column])
    np.testing.assert_allclose(arms[0]["mean"], 1 - arms[1]["mean"])
    lifts = [f.tables["pairs"].query("quantity == 'lift'") for f in (good, bad)]
    np.testing.assert_allclose(lifts[0]["mean"], -lifts[1]["mean"])
    np.testing.assert_allclose(lifts[0]["above_worthwhile"], lifts[1]["above_worthwhile"])


def test_knowing_all_is_worth_as_much_where_success_and_failure_are_swapped():
    rates = np.random.default_rng(2).beta([[[30, 36]]], [[[270, 264]]], (4000, 1, 2))
    levels = pd.DataFrame({"trials": [600], "weight": [600]})
    near = Strata(levels, ("old", "new"), np.log(rates), np.log1p(-rates))
    good = weigh_arms(near, Question("offer"), Decision(), 0.89, 7)
    bad = weigh_arms(mirrored(near), Question("offer", good=False), Decision(), 0.89, 7)
    worth = [found.tables["experiments"] for found in (good, bad)]
    perfect = [table["value"] / table["of_perfect"] for table in worth]
    np.testing.assert_allclose(*perfect)


def test_what_a_success_costs_is_a_loss_and_the_lowest_rate_pays_best():
    turned = Question("offer", "shop", good=False)
    costly = weigh_arms(strata(), turned, Decision(value=10.0, cost=1.0), 0.89, 7)
    assert {row["within"]: row["leader"] for row in costly.facts["advice"]} == {
        "x": "old",
        "y": "new",
        ALL: "old",
    }
    money, rates = (costly.tables[name]["mean"] for name in ("money", "arms"))
    np.testing.assert_allclose(money, -10 * rates - 1)


def test_levels_are_ranked_where_nothing_is_chosen():
    found = weigh_levels(strata(), Question("offer", ranked=True), Decision(), 0.89)
    levels = found.tables["levels"]
    assert set(levels) == set(COLUMNS["levels"])
    assert all(found.tables[name].empty for name in COLUMNS if name != "levels")
    assert found.facts["levels"]["count"] == 2
    assert found.facts["advice"] == []
