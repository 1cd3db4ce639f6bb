"""Rates averaged and contrasted draw by draw, on logarithms that lose neither end."""

import numpy as np

from partialpool.model.likelihood import LOGISTIC
from partialpool.posterior.rates import contrast, standardise

from ..factories.draws import rate_of


def test_contrasts_are_computed_draw_by_draw():
    treated, reference = rate_of([0.5, 0.8]), rate_of([0.25, 0.5])
    found = contrast(treated, reference)
    np.testing.assert_allclose(found["lift"], [0.25, 0.3])
    np.testing.assert_allclose(found["odds_ratio"], [3, 4])
    np.testing.assert_allclose(found["log_odds_ratio"], np.log([3, 4]))
    np.testing.assert_allclose(found["relative_rate"], [2, 1.6])


def test_rows_are_averaged_by_their_weights_whatever_the_chunks():
    eta = np.log([[0.25, 1.0, 3.0], [1.0, 1.0, 4.0]])
    rate = np.exp(eta) / (1 + np.exp(eta))
    weights = np.array([1, 2, 5])
    chunks = [(slice(0, 1), eta[:, :1]), (slice(1, 3), eta[:, 1:])]
    found = standardise(chunks, weights, LOGISTIC)
    np.testing.assert_allclose(found.value, rate @ weights / 8)
    np.testing.assert_allclose(np.exp(found.log_failure), 1 - found.value)


def test_neither_a_rate_nor_its_complement_is_lost_where_it_is_small():
    found = standardise([(slice(0, 1), np.array([[-800.0], [800.0]]))], np.array([3]), LOGISTIC)
    np.testing.assert_allclose(found.log_odds, [-800, 800])
