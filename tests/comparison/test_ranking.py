"""Comparison and stacking, against the exact answers."""

import warnings

import numpy as np
import pandas as pd
import pytest

from partialpool.comparison.ranking import (
    compare,
    gather_scores,
    noise_limit,
    rank,
)
from partialpool.comparison.weights import stack, weigh_by_bootstrap
from partialpool.errors import InputError


def pointwise(elpd, units, **more):
    columns = {"unit": "contact", "left_out": range(len(elpd)), "units": units, "elpd": elpd}
    told = {"cells": 0, "trials": 1, "successes": 1, "mcse": 0.01, "how": "importance"}
    return pd.DataFrame(columns | told | {"p_loo": 0.1, "pareto_k": 0.2} | more)


def test_models_are_ranked_and_their_errors_are_those_of_every_contact():
    random = np.random.default_rng(6)
    units = np.array([3, 17, 40, 5])
    elpd = {name: -random.gamma(2, 0.5, 4) for name in ("one", "two", "three")}
    table = compare({name: pointwise(values, units) for name, values in elpd.items()}, 1)
    expanded = {name: np.repeat(values, units) for name, values in elpd.items()}
    totals = {name: values.sum() for name, values in expanded.items()}
    assert table["model"].tolist() == sorted(totals, key=totals.get, reverse=True)
    best = expanded[table["model"].iloc[0]]
    count = units.sum()
    for row in table.itertuples():
        values = expanded[row.model]
        assert row.units == count
        assert row.elpd == pytest.approx(values.sum())
        assert row.se == pytest.approx(np.sqrt(count * values.var(ddof=1)))
        assert row.difference == pytest.approx((values - best).sum())
        assert row.difference_se == pytest.approx(np.sqrt(count * (values - best).var(ddof=1)))
        assert row.worse_in == (values < best).sum()
        assert row.p_loo == pytest.approx(0.1 * count)
        assert row.mcse == pytest.approx(0.01 * np.sqrt(np.square(units).sum()))
    assert table["difference"].iloc[0] == table["difference_se"].iloc[0] == 0
    assert table[["stacking", "pseudo_bma"]].sum().tolist() == pytest.approx([1, 1])


def test_what_scores_rest_on_is_counted():
    how = {"a": ["refit", "refit"], "b": ["importance", "high_k"], "c": ["failed", "refit"]}
    largest = {"a": 0.9, "b": 0.3, "c": 0.5}
    scores = {
        n: pointwise([-1, -2], [1, 1], pareto_k=[0.1, k], how=how[n]) for n, k in largest.items()
    }
    table = rank(scores).set_index("model")
    assert table["largest_k"].to_dict() == largest
    assert table["refitted"].to_dict() == {"a": 2, "b": 0, "c": 1}
    assert table["high_k"].to_dict() == {"a": 0, "b": 1, "c": 1}


@pytest.mark.parametrize(
    ("units", "limit"), [(1000, 2.0), (6, 2.57), (3, 4.30), (2, 12.71), (1, np.inf)]
)
def test_the_fewer_units_the_farther_noise_reaches(units, limit):
    assert noise_limit(units) == pytest.approx(limit, abs=0.01)


@pytest.mark.parametrize(
    ("behind", "noise"),
    [
        pytest.param([-0.1, 0.4, -0.6], True, id="here better, there worse"),
        pytest.param([-1, -3, -2], True, id="two or so everywhere"),
        pytest.param([-2.0, -2.1, -2.2], False, id="much the same everywhere"),
        pytest.param([-20, -300, -150], False, id="hopeless everywhere, by how much differs"),
        pytest.param([-20, -300, 3], True, id="hopeless in most places"),
    ],
)
def test_few_units_tell_models_apart_when_all_of_them_do(behind, noise):
    best = np.array([-10.0, -11.0, -12.0])
    table = rank({"a": pointwise(best, 1), "b": pointwise(best + behind, 1)}).set_index("model")
    assert bool(table.loc["b", "within_noise"]) is noise


def test_models_scored_on_different_data_are_refused_with_both_counts():
    one = pointwise([-1, -2, -3], [4, 5, 6], successes=[1, 0, 1], left_out=[0, 0, 1])
    fewer = pointwise([-1, -2], [4, 5], successes=[1, 0], left_out=[0, 0])
    said = (
        "comparison: models were scored on different data, one: 2 cells, 15 contacts, 10 "
        "successes; other: 1 cells, 9 contacts, 4 successes; expected the same cells and outcomes"
    )
    with pytest.raises(InputError) as error:
        compare({"one": one, "other": fewer}, 1)
    assert str(error.value) == said
    for other in (one.assign(units=[4, 5, 7]), one.assign(left_out=[1, 0, 0])):
        with pytest.raises(InputError, match="different data, one: 2 cells, 15 contacts"):
            rank({"one": one, "other": other})


def test_cells_are_counted_as_what_is_in_them():
    sizes = {"unit": "cell", "cells": 1, "trials": [637, 2519], "successes": [359, 1230]}
    one = pointwise([-1, -2], [1, 1], **sizes)
    other = pointwise([-1, -2], [1, 1], **sizes | {"successes": [359, 1231]})
    with pytest.raises(InputError, match=r"1,589 successes; b: 2 cells, 3,156 contacts, 1,590"):
        rank({"a": one, "b": other})


def test_a_model_without_a_score_stands_last_and_gets_no_weight():
    none = pointwise([np.nan, -2], [1, 1], how=["undefined", "importance"])
    scores = {"none": none, "a": pointwise([-9, -9], 1), "b": pointwise([-8, -8.5], 1)}
    table = compare(scores, 1)
    assert table["model"].tolist() == ["b", "a", "none"]
    assert np.isnan(table.loc[2, "elpd"])
    assert table.loc[2, ["stacking", "pseudo_bma"]].tolist() == [0, 0]
    assert not table.loc[2, "within_noise"]
    assert table.loc[1, "difference"] == -1.5


def untrusted(elpd, p_loo, how):
    return pointwise(elpd, 1, unit="cell", p_loo=p_loo, how=how)


def test_nothing_is_told_of_a_difference_from_scores_that_are_not_to_be_trusted():
    """Importance sampling is off by an unknown amount where it is not to be trusted."""
    exact = pointwise([-30.0, -3.0, -4.0], 1, unit="cell", how=["refit", "importance", "refit"])
    loose = untrusted([-12.0, -3.5, -4.5], [8.0, 0.5, 0.5], ["high_k", "importance", "failed"])
    for scores in ({"a": exact, "b": loose}, {"b": loose, "a": exact}):
        table = compare(scores, 1).set_index("model")
        assert list(table.index) == ["a", "b"]
        told = ["elpd", "se", "difference", "difference_se", "mcse", "p_loo"]
        assert table.loc["b", [*told, "worse_in"]].isna().all()
        assert table[["stacking", "pseudo_bma"]].isna().all(axis=None)
        assert not table.loc["b", "within_noise"]
        assert not table.loc["b", "behind"]
        assert table.loc["a", "elpd"] == -37
        assert table.loc["b", "at_most"] == -12 - 3.5 - 4.5 + 8 + 0.5
        assert table["high_k"].tolist() == [0, 2]
    both = compare({"b": loose, "c": loose}, 1)
    assert both[[*told, "stacking"]].isna().all(axis=None)
    assert not both[["within_noise", "behind"]].any(axis=None)


def test_models_that_can_be_trusted_are_weighed_among_themselves():
    scores = {
        "a": pointwise([-1.0, -2], 1, unit="cell"),
        "b": pointwise([-2.0, -1], 1, unit="cell"),
        "c": untrusted([-0.1, -0.1], [0.1, 0.1], ["high_k", "importance"]),
    }
    table = compare(scores, 1).set_index("model")
    assert table.loc[["a", "b"], "stacking"].sum() == pytest.approx(1)
    assert np.isnan(table.loc["c", "stacking"])


def test_a_model_is_behind_where_the_best_that_its_scores_may_be_is():
    exact = pointwise(np.full(40, -3.0), 1, unit="cell")
    how = ["high_k"] + ["importance"] * 39
    for elpd, behind in ((-5.0, True), (-3.01, False)):
        loose = untrusted(np.full(40, elpd) - 0.01 * np.arange(40), 12.0, how)
        table = rank({"a": exact, "b": loose}).set_index("model")
        assert bool(table.loc["b", "behind"]) is behind
        assert np.isnan(table.loc["b", "difference"])


def test_a_model_with_a_score_is_within_noise_or_behind():
    random = np.random.default_rng(2)
    elpd = random.normal(-3, 1, (4, 60))
    elpd[1:] -= np.array([[0.0], [0.3], [4.0]])
    table = rank({str(i): pointwise(values, 1) for i, values in enumerate(elpd)})
    assert (table["within_noise"] ^ table["behind"]).all()
    assert table["behind"].any()


def test_refits_of_contacts_go_to_the_outcome_that_was_left_out():
    scores = pointwise([-1.0, -2.0, -3.0], [3, 4, 5], left_out=["0", "0", "1"], outcome=[1, 0, 1])
    scores = scores.assign(how=["importance", "high_k", "high_k"])
    told = {"elpd": [-2.5], "mcse": 0.01, "fits": 1, "divergent": 0, "model": "m"}
    refits = pd.DataFrame({"unit": "contact", "left_out": ["0"], "outcome": [0.0], **told})
    found = gather_scores({"m": scores}, [refits], "contact")["m"]
    assert found["elpd"].tolist() == [-1, -2.5, -3]
    assert found["how"].tolist() == ["importance", "refit", "high_k"]


def test_refits_take_the_place_of_the_scores_that_they_make_exact():
    scores = pointwise([-1.0, -2.0, -3.0], 1, unit="cell", left_out=["a", "b", "c"])
    scores["how"] = ["importance", "high_k", "high_k"]
    other = scores.assign(unit="group")
    refits = pd.DataFrame(
        {
            "unit": ["cell", "cell", "group"],
            "left_out": ["c", "b", "a"],
            "elpd": [-30.0, np.nan, -99.0],
            "mcse": [0.2, np.nan, 0.2],
            "fits": [4, 0, 1],
            "divergent": [1, 0, 0],
            "model": "m",
        }
    )
    table = pd.concat([scores, other], ignore_index=True)
    parts = [refits.iloc[[0, 2]], refits.iloc[[1]]]
    found = gather_scores({"m": table, "n": table}, parts, "cell")
    m = found["m"]
    assert m["left_out"].tolist() == ["a", "b", "c"]
    assert m["elpd"].tolist() == [-1, -2, -30]
    assert m["psis_elpd"].tolist() == [-1, -2, -3]
    assert m["how"].tolist() == ["importance", "failed", "refit"]
    assert m["fits"].tolist() == [0, 0, 4]
    assert m["mcse"].tolist() == [0.01, 0.01, 0.2]
    np.testing.assert_allclose(m["p_loo"], [0.1, 0.1, 27.1])  # of 3.1 nats within the sample
    assert found["n"]["how"].tolist() == ["importance", "high_k", "high_k"]
    assert gather_scores({"m": table}, [], "group")["m"]["elpd"].tolist() == [-1, -2, -3]


def test_bootstrapped_weights_are_those_of_every_contact_and_the_same_twice():
    """Of two models that differ by a normal amount, the weight is an average over that."""
    random = np.random.default_rng(3)
    values = random.normal(0.05, 1, 400)
    elpd = np.column_stack([values, np.zeros(400)])
    found = weigh_by_bootstrap(elpd, np.ones(400), 5)
    total = 400 * values.mean() + np.sqrt(400) * values.std() * random.normal(size=100_000)
    assert found[0] == pytest.approx(np.mean(1 / (1 + np.exp(-total))), abs=0.04)
    np.testing.assert_array_equal(found, weigh_by_bootstrap(elpd, np.ones(400), 5))
    joined = weigh_by_bootstrap(np.array([[1.0, 0], [-1.0, 0]]), np.array([60.0, 40.0]), 5)
    apart = np.repeat([[1.0, 0], [-1.0, 0]], [60, 40], axis=0)
    np.testing.assert_allclose(joined, weigh_by_bootstrap(apart, np.ones(100), 6), atol=0.03)


def test_a_difference_within_noise_gives_no_model_all_the_weight():
    random = np.random.default_rng(4)
    noise = random.normal(0, 1, 200)
    elpd = np.column_stack([noise - noise.mean() + 0.05, np.zeros(200)])  # 10 nats ahead
    assert 0.6 < weigh_by_bootstrap(elpd, np.ones(200), 1)[0] < 0.9


def test_stacking_weights_are_those_of_a_grid_search():
    random = np.random.default_rng(7)
    elpd = np.log(random.beta(2, 2, (12, 3)))
    counts = random.integers(1, 50, 12).astype(float)
    weights = stack(elpd, counts)
    steps = np.linspace(0, 1, 101)
    grid = np.array([(a, b, 1 - a - b) for a in steps for b in steps if a + b <= 1 + 1e-9])
    scores = counts @ np.log(np.exp(elpd) @ np.clip(grid, 0, 1).T)
    np.testing.assert_allclose(weights, grid[scores.argmax()], atol=0.011)
    assert counts @ np.log(np.exp(elpd) @ weights) >= scores.max() - 1e-6
    assert weights.sum() == pytest.approx(1)


def test_a_model_that_is_hopeless_everywhere_gets_no_weight_and_does_no_harm():
    elpd = np.array([[-3.0, -1000.0], [-7.0, -900.0], [-5.0, -5000.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(stack(elpd, np.ones(3)), [1, 0], atol=1e-6)
    np.testing.assert_array_equal(stack(elpd[:, :1], np.ones(3)), [1])


def test_equal_models_share_the_weight():
    elpd = np.repeat(-np.arange(1.0, 5)[:, None], 2, axis=1)
    np.testing.assert_allclose(stack(elpd, np.ones(4)), [0.5, 0.5])


def test_complementary_models_are_mixed():
    elpd = np.log([[0.9, 0.1], [0.1, 0.9]])
    first = 2.6 / 3.2  # where 3 log(.1 + .8 w) + log(.9 - .8 w) is largest
    np.testing.assert_allclose(stack(elpd, np.array([3.0, 1.0])), [first, 1 - first], atol=1e-6)
