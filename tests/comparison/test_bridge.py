"""A bridge spans two posteriors that differ by one likelihood, against exact answers."""

import numpy as np
import pytest
from scipy.special import betaln

from partialpool.comparison.bridge import bridge


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
    found = bridge(*draws)
    assert found.value == pytest.approx(exact, abs=tolerance)
    assert abs(found.value - exact) < 4 * found.error
    assert 0 < found.error < tolerance


def test_the_bridges_error_is_the_spread_of_repeated_bridges():
    random = np.random.default_rng(3)
    values, errors = [], []
    for _ in range(100):
        draws = [random.beta(*shape, (2, 500)) for shape in ((2, 2), (12, 7))]
        found = bridge(*(10 * np.log(rate) + 5 * np.log1p(-rate) for rate in draws))
        values.append(found.value)
        errors.append(found.error)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.3)
    exact = betaln(12, 7) - betaln(2, 2)
    assert np.mean(values) == pytest.approx(exact, abs=4 * np.std(values) / 10)


def test_posteriors_that_hardly_meet_are_bridged_without_overflow():
    far = np.linspace(-3000, -2900, 200).reshape(2, 100)
    found = bridge(far, far + 2500)
    assert -3000 < found.value < -400
    assert np.isfinite([found.value, found.error]).all()
