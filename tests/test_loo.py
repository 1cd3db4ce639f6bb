"""Leave-one-out from cells, against every contact and the exact answers."""

import numpy as np
import pandas as pd
import pytest
from arviz_stats.base import array_stats
from scipy import stats
from scipy.special import logit

from partialpool.loo import cell_log_likelihoods, contact_log_likelihoods, psis_loo

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
