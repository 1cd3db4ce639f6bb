"""Leaving out whole cells, against the beta-binomial's exact answers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import betaln, expit, gammaln, logit

from partialpool.likelihood import Likelihood, log_orders
from partialpool.refits import bridge, leave_out_cells

CELLS = pd.DataFrame({"successes": [12, 0, 30, 7], "trials": [40, 9, 30, 20]})


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
        return np.repeat(logit(rate)[..., None], len(cells), axis=-1), None

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


def test_cells_of_a_beta_binomial_are_left_out_by_its_own_mass():
    """Two cells, a known rate and precision: a cell left out has the mass of a new one."""
    cells = pd.DataFrame({"successes": [9, 2], "trials": [12, 30]})
    likelihood, phi = Likelihood("beta_binomial"), np.full((2, 400), 6.0)
    random = np.random.default_rng(5)

    def fit(counts, name):
        del counts, name
        return random.normal(0.2, 1e-6, (2, 400, 2)), phi

    data = {key: cells[key].tolist() for key in ("successes", "trials")}
    table = leave_out_cells(data, fit(data, "all"), fit, likelihood)
    rate = expit(0.2)
    exact = stats.betabinom.logpmf(cells["successes"], cells["trials"], 6 * rate, 6 * (1 - rate))
    np.testing.assert_allclose(table["elpd"], exact, atol=1e-4)


def test_an_overdispersed_cell_that_takes_several_spans_is_exact():
    """Cells share a rate under a beta prior by way of its log-odds; draws by weights on a grid."""
    cells = pd.DataFrame({"successes": [40, 45, 2], "trials": [50, 50, 60]})
    likelihood, grid = Likelihood("beta_binomial"), np.linspace(-6, 6, 4001)
    random = np.random.default_rng(6)

    def log_posterior(counts):
        y, n = np.array(counts["successes"]), np.array(counts["trials"])
        eta = np.repeat(grid[:, None], len(y), axis=1)
        mass = likelihood.log_mass(eta, y, n, np.full(len(grid), 200.0)).sum(axis=1)
        return mass + stats.norm(0, 2).logpdf(grid)

    def fit(counts, name):
        del name
        weight = np.exp(log_posterior(counts) - log_posterior(counts).max())
        drawn = random.choice(grid, (4, 1000), p=weight / weight.sum())
        return np.repeat(drawn[..., None], 3, axis=-1), np.full((4, 1000), 200.0)

    data = {key: cells[key].tolist() for key in ("successes", "trials")}
    table = leave_out_cells(data, fit(data, "all"), fit, likelihood)
    whole = np.logaddexp.reduce(log_posterior(data))
    for cell, (y, n) in enumerate(cells.to_numpy()):
        rest = {key: [v for i, v in enumerate(values) if i != cell] for key, values in data.items()}
        exact = whole - np.logaddexp.reduce(log_posterior(rest)) + log_orders(y, n)
        assert abs(table["elpd"][cell] - exact) < 4 * table["mcse"][cell]
    assert table["fits"][2] > 1
