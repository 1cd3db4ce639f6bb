"""Comparison: what importance sampling, bridges and stacking give, against the exact answers."""

import warnings

import numpy as np
import pandas as pd
import pytest
from arviz_stats.base import array_stats
from scipy import stats
from scipy.special import betaln, gammaln, logit

from partialpool.comparison import (
    bridge,
    cell_log_likelihoods,
    compare,
    contact_log_likelihoods,
    leave_out_cells,
    psis_loo,
    stack,
)

CELLS = pd.DataFrame({"successes": [12, 0, 30, 7], "trials": [40, 9, 30, 20]})


def beta_draws(cells=CELLS, chains=2, draws=500, seed=1):
    """Exact posterior log-odds of independent cells under a uniform prior."""
    random = np.random.default_rng(seed)
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    return logit(random.beta(1 + y, 1 + n - y, (chains, draws, len(cells))))


def test_units_are_the_outcomes_that_occur_with_their_contacts():
    likelihoods, units = contact_log_likelihoods(beta_draws(), CELLS)
    assert units.to_numpy().tolist() == [
        [0, 1, 12],
        [0, 0, 28],
        [1, 0, 9],
        [2, 1, 30],
        [3, 1, 7],
        [3, 0, 13],
    ]
    assert likelihoods.shape == (2, 500, 6)


def test_contacts_have_the_likelihood_of_their_outcome():
    log_odds = logit(np.array([[[0.2, 0.5, 0.9, 0.7]]]))
    likelihoods, _ = contact_log_likelihoods(log_odds, CELLS)
    np.testing.assert_allclose(np.exp(likelihoods[0, 0]), [0.2, 0.8, 0.5, 0.9, 0.7, 0.3])


def test_cells_have_the_binomials_likelihood():
    rates = np.array([[0.2, 0.5, 0.9, 0.7], [0.3, 0.1, 0.99, 0.4]])
    expected = stats.binom.logpmf(CELLS["successes"], CELLS["trials"], rates)
    np.testing.assert_allclose(cell_log_likelihoods(logit(rates), CELLS), expected)


def test_likelihoods_stay_finite_far_out():
    far = np.array([[[800.0, -800.0, 800.0, -800.0]]])
    assert np.isfinite(cell_log_likelihoods(far, CELLS)).all()
    assert np.isfinite(contact_log_likelihoods(far, CELLS)[0]).all()


def test_loo_from_cells_equals_loo_from_every_contact():
    log_odds = beta_draws()
    likelihoods, units = contact_log_likelihoods(log_odds, CELLS)
    table = psis_loo(likelihoods)
    by_contact = table.loc[units.index.repeat(units["contacts"])].reset_index(drop=True)
    position = 0
    total = 0.0
    for cell, (y, n) in enumerate(CELLS.to_numpy()):
        for bought in [1] * y + [0] * (n - y):
            one = stats.bernoulli.logpmf(bought, 1 / (1 + np.exp(-log_odds[..., cell])))
            efficiency = float(array_stats.ess(np.exp(one), 0, 1, method="mean")) / one.size
            elpd, k, _ = array_stats.loo(one, 0, 1, r_eff=min(efficiency, 1.0))
            assert by_contact.loc[position, "elpd"] == pytest.approx(float(elpd), rel=1e-9)
            assert by_contact.loc[position, "pareto_k"] == pytest.approx(float(k), rel=1e-6)
            total += float(elpd)
            position += 1
    assert position == CELLS["trials"].sum()
    assert units["contacts"] @ table["elpd"] == pytest.approx(total, rel=1e-12)


def test_loo_per_contact_is_near_the_exact_answer():
    likelihoods, units = contact_log_likelihoods(beta_draws(chains=4, draws=4000), CELLS)
    table = psis_loo(likelihoods)
    y, n = CELLS["successes"].to_numpy(), CELLS["trials"].to_numpy()
    success, failure = y / (n + 1), (n - y) / (n + 1)  # of one contact, given all the others
    exact = np.log(np.where(units["outcome"] == 1, success[units["cell"]], failure[units["cell"]]))
    np.testing.assert_allclose(table["elpd"], exact, atol=0.01)
    assert (table["pareto_k"] < 0.7).all()


@pytest.mark.parametrize(
    ("before", "seen", "tolerance"),
    [
        pytest.param((1, 1), (12, 28), 0.05, id="vague before, data after"),
        pytest.param((30, 30), (6, 4), 0.01, id="hardly moved"),
        pytest.param((40, 10), (5, 15), 0.05, id="moved far"),
    ],
)
def test_a_bridge_gives_the_beta_binomials_probability(before, seen, tolerance):
    random = np.random.default_rng(2)
    after = np.add(before, seen)
    exact = betaln(*after) - betaln(*before)

    def likelihood(rate):
        return seen[0] * np.log(rate) + seen[1] * np.log1p(-rate)

    draws = [likelihood(random.beta(*shape, (4, 2000))) for shape in (before, after)]
    value, error = bridge(*draws)
    assert value == pytest.approx(exact, abs=tolerance)
    assert abs(value - exact) < 4 * error
    assert 0 < error < tolerance


def test_the_bridges_error_is_the_spread_of_repeated_bridges():
    random = np.random.default_rng(3)
    values, errors = [], []
    for _ in range(100):
        draws = [random.beta(*shape, (2, 500)) for shape in ((2, 2), (12, 7))]
        value, error = bridge(*(10 * np.log(rate) + 5 * np.log1p(-rate) for rate in draws))
        values.append(value)
        errors.append(error)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.3)
    exact = betaln(12, 7) - betaln(2, 2)
    assert np.mean(values) == pytest.approx(exact, abs=4 * np.std(values) / 10)


def leave_out_pooled(cells, prior=(1, 1), draws=1000):
    """Leave-one-cell-out of a common rate with a beta prior, its refits drawn exactly."""
    random = np.random.default_rng(4)
    asked = []

    def fit(counts, name):
        asked.append(name)
        y, n = sum(counts["successes"]), sum(counts["trials"])
        rate = random.beta(prior[0] + y, prior[1] + n - y, (4, draws))
        return np.repeat(logit(rate)[..., None], len(cells), axis=-1)

    data = {key: cells[key].tolist() for key in ("successes", "trials")}
    before = {key: list(values) for key, values in data.items()}
    table = leave_out_cells(data, fit(data, "all"), fit)
    assert data == before
    return table, asked[1:]


def exact_pooled(cells, prior=(1, 1)):
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    a, b = prior[0] + y.sum(), prior[1] + (n - y).sum()
    choose = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
    return choose + betaln(a, b) - betaln(a - y, b - (n - y))


def test_leaving_out_a_cell_gives_the_beta_binomials_probability():
    table, asked = leave_out_pooled(CELLS)
    exact = exact_pooled(CELLS)
    np.testing.assert_array_less(np.abs(table["elpd"] - exact), 4 * table["mcse"] + 1e-9)
    assert table["elpd"].sum() == pytest.approx(exact.sum(), abs=0.3)
    assert table["fits"].sum() == len(asked) == len(set(asked))


def test_a_cell_that_lies_far_off_is_reached_in_several_spans():
    far = pd.DataFrame({"successes": [500, 480, 20], "trials": [1000, 1000, 600]})
    table, _ = leave_out_pooled(far)
    exact = exact_pooled(far)
    assert exact[2] < -100
    assert table["fits"].tolist()[2] > 1
    np.testing.assert_array_less(np.abs(table["elpd"] - exact), 4 * table["mcse"])
    assert table["elpd"].iloc[2] == pytest.approx(exact[2], abs=0.5)


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
