"""Leaving out whole cells, against the beta-binomial's exact answers."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln, gammaln, logit

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
