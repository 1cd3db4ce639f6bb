"""Comparison and stacking, against the exact answers."""

import warnings

import numpy as np
import pandas as pd
import pytest

from partialpool.comparison import compare, stack


def pointwise(elpd, contacts, **more):
    frame = pd.DataFrame({"cell": range(len(elpd)), "contacts": contacts, "elpd": elpd})
    return frame.assign(**({"p_loo": 0.1, "pareto_k": 0.2} | more))


def test_models_are_ranked_and_their_errors_are_those_of_every_contact():
    random = np.random.default_rng(6)
    contacts = np.array([3, 17, 40, 5])
    elpd = {name: -random.gamma(2, 0.5, 4) for name in ("one", "two", "three")}
    table = compare({name: pointwise(values, contacts) for name, values in elpd.items()})
    expanded = {name: np.repeat(values, contacts) for name, values in elpd.items()}
    totals = {name: values.sum() for name, values in expanded.items()}
    assert table["model"].tolist() == sorted(totals, key=totals.get, reverse=True)
    best = expanded[table["model"].iloc[0]]
    count = contacts.sum()
    for row in table.itertuples():
        values = expanded[row.model]
        assert row.elpd == pytest.approx(values.sum())
        assert row.se == pytest.approx(np.sqrt(count * values.var(ddof=1)))
        assert row.difference == pytest.approx((values - best).sum())
        assert row.difference_se == pytest.approx(np.sqrt(count * (values - best).var(ddof=1)))
        assert row.p_loo == pytest.approx(0.1 * count)
    assert table["difference"].iloc[0] == table["difference_se"].iloc[0] == 0


def test_the_largest_pareto_k_of_each_model_is_told():
    largest = {"a": 0.9, "b": 0.3}
    scores = {n: pointwise([-1, -2], [1, 1], pareto_k=[0.1, k]) for n, k in largest.items()}
    assert compare(scores).set_index("model")["largest_k"].to_dict() == largest


def test_models_scored_on_different_units_are_refused():
    one, fewer = pointwise([-1, -2], [4, 5]), pointwise([-1], [4])
    for other in (fewer, pointwise([-1, -2], [4, 6]), one.assign(cell=[1, 0])):
        with pytest.raises(ValueError, match="different units: one, other"):
            compare({"one": one, "other": other})


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
