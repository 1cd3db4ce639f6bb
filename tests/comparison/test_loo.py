"""Leave-one-out from cells, against every contact and the exact answers."""

import numpy as np
import pandas as pd
import pytest
from arviz_stats.base import array_stats
from scipy import special, stats
from scipy.special import logit

from partialpool.cells.levels import with_levels
from partialpool.comparison.loo import (
    cell_log_likelihoods,
    contact_log_likelihoods,
    psis_loo,
    score_contacts,
    score_sets,
    score_units,
    trustworthy_k,
)
from partialpool.model.likelihood import Likelihood

from ..factories.draws import given
from ..factories.draws import in_chunks as chunks_of

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


def every_contact(eta, phi, likelihood):
    """Log-likelihoods of one row per contact; of a beta-binomial given the rest of its cell."""
    for cell, (y, n) in enumerate(CELLS.to_numpy()):
        for bought in [1] * y + [0] * (n - y):
            if phi is None:
                yield stats.bernoulli.logpmf(bought, 1 / (1 + np.exp(-eta[..., cell])))
                continue
            rate = 1 / (1 + np.exp(-eta[..., cell]))
            shapes = rate * phi, (1 - rate) * phi
            # of one order of the outcomes, with the contact and without it
            both, rest = (
                stats.betabinom.logpmf(s, t, *shapes) - np.log(special.comb(t, s))
                for s, t in ((y, n), (y - bought, n - 1))
            )
            yield both - rest


PHI = np.random.default_rng(6).gamma(20, 1, (2, 500))


@pytest.mark.parametrize("phi", [None, PHI], ids=["binomial", "beta_binomial"])
def test_loo_from_cells_equals_loo_from_every_contact(phi):
    log_odds = beta_draws()
    likelihood = Likelihood("binomial" if phi is None else "beta_binomial")
    likelihoods, units = contact_log_likelihoods(log_odds, CELLS, likelihood, phi)
    table = psis_loo(likelihoods)
    by_contact = table.loc[units.index.repeat(units["contacts"])].reset_index(drop=True)
    total, position = 0.0, 0
    for one in every_contact(log_odds, phi, likelihood):
        efficiency = float(array_stats.ess(np.exp(one), 0, 1, method="mean")) / one.size
        elpd, k, p = array_stats.loo(one, 0, 1, r_eff=min(efficiency, 1.0))
        assert by_contact.loc[position, "elpd"] == pytest.approx(float(elpd), rel=1e-9)
        assert by_contact.loc[position, "p_loo"] == pytest.approx(float(p), rel=1e-6)
        assert by_contact.loc[position, "pareto_k"] == pytest.approx(float(k), rel=1e-6, abs=1e-6)
        total += float(elpd)
        position += 1
    assert position == CELLS["trials"].sum()
    assert units["contacts"] @ table["elpd"] == pytest.approx(total, rel=1e-12)


def test_the_monte_carlo_error_is_the_spread_of_repeated_scores():
    found = []
    for seed in range(60):
        cells = CELLS.iloc[[0]]
        found.append(psis_loo(contact_log_likelihoods(beta_draws(cells, seed=seed), cells)[0]))
    elpd, mcse = (np.stack([table[name] for table in found]) for name in ("elpd", "mcse"))
    np.testing.assert_allclose(mcse.mean(axis=0), elpd.std(axis=0), rtol=0.3)


def test_a_pareto_k_is_trusted_as_far_as_so_many_draws_allow():
    assert trustworthy_k(0.7, 20_000) == 0.7
    assert trustworthy_k(0.7, 1000) == pytest.approx(1 - 1 / 3)
    assert trustworthy_k(0.5, 20_000) == 0.5


def test_loo_per_contact_is_near_the_exact_answer():
    likelihoods, units = contact_log_likelihoods(beta_draws(chains=4, draws=4000), CELLS)
    table = psis_loo(likelihoods)
    y, n = CELLS["successes"].to_numpy(), CELLS["trials"].to_numpy()
    success, failure = y / (n + 1), (n - y) / (n + 1)  # of one contact, given all the others
    exact = np.log(np.where(units["outcome"] == 1, success[units["cell"]], failure[units["cell"]]))
    np.testing.assert_allclose(table["elpd"], exact, atol=0.01)
    assert (table["pareto_k"] < 0.7).all()


def in_chunks(eta, size):
    """Draws, chain after chain, of some cells at once."""
    return chunks_of(eta.reshape(-1, eta.shape[-1]), size)


@pytest.mark.parametrize("phi", [None, PHI])
@pytest.mark.parametrize("size", [1, 3, 4])
def test_chunks_of_cells_give_what_all_cells_give_at_once(phi, size):
    likelihood = Likelihood("binomial" if phi is None else "beta_binomial")
    eta, flat = beta_draws(), None if phi is None else phi.ravel()
    likelihoods, units = contact_log_likelihoods(eta, CELLS, likelihood, phi)
    whole = pd.concat([units, psis_loo(likelihoods)], axis=1)
    fit = given(CELLS, lambda _: in_chunks(eta, size), likelihood, flat, eta.shape[:2])
    chunked = score_contacts(fit)
    pd.testing.assert_frame_equal(chunked, whole)
    of_cells = cell_log_likelihoods(eta, CELLS, likelihood, phi)
    for member in ([0, 1, 2, 3], [0, 0, 1, 2], [0, 1, 1, 1], [0, 0, 0, 0]):
        joint = np.stack([of_cells[..., np.equal(member, i)].sum(-1) for i in set(member)], -1)
        found = score_sets(fit, np.arange(4), np.array(member))
        pd.testing.assert_frame_equal(found, psis_loo(joint), rtol=1e-9)


def test_contacts_cells_and_levels_are_scored_with_their_names_and_counts():
    levels = {"shop": ["N", "S"], "offer": ["no", "yes"]}
    rows = pd.DataFrame({"shop": ["N", "S", "N", "S"], "offer": ["no", "no", "yes", "yes"]})
    cells, eta = with_levels(rows.join(CELLS), levels), beta_draws()

    def predict(asked):
        at = [cells.index.get_loc(i) for i in asked.index]
        yield from in_chunks(eta[..., at], 3)

    table = score_units(given(cells, predict, size=eta.shape[:2]), ("shop",))
    by_unit = {unit: part.reset_index(drop=True) for unit, part in table.groupby("unit")}
    assert by_unit["cell"]["left_out"].tolist() == ["N, no", "S, no", "N, yes", "S, yes"]
    assert by_unit["group"]["left_out"].tolist() == ["N", "S"]
    assert by_unit["group"][["cells", "trials", "successes"]].values.tolist() == [
        [2, 70, 42],
        [2, 29, 7],
    ]
    for part in by_unit.values():  # whatever is left out, it is all of the data in the end
        assert part["units"] @ part["trials"] == 99
        assert part["units"] @ part["successes"] == 49
    joint = cell_log_likelihoods(eta, cells)
    alone = psis_loo(joint)
    np.testing.assert_allclose(by_unit["cell"]["elpd"], alone["elpd"])
    both = psis_loo(np.stack([joint[..., [0, 2]].sum(-1), joint[..., [1, 3]].sum(-1)], -1))
    np.testing.assert_allclose(by_unit["group"]["pareto_k"], both["pareto_k"])


def test_contacts_of_overdispersed_cells_are_left_out_given_the_rest_of_their_cell():
    """Against the exact answer on a grid of rates and precisions, without the contact."""
    likelihood = Likelihood("beta_binomial")
    cells = pd.DataFrame({"successes": [6, 2], "trials": [10, 9]})
    grid = [np.linspace(-6, 6, 121), np.exp(np.linspace(-3, 6, 91))]
    eta, phi = (axis.ravel() for axis in np.meshgrid(*grid))

    def log_posterior(table):
        y, n = table["successes"].to_numpy(), table["trials"].to_numpy()
        prior = stats.norm(0, 1.5).logpdf(eta) + stats.norm(2, 1).logpdf(np.log(phi))
        both = np.repeat(eta[:, None], len(table), axis=1)
        return prior + likelihood.log_mass(both, y, n, phi).sum(axis=1)

    weight = np.exp(log_posterior(cells) - log_posterior(cells).max())
    at = np.random.default_rng(1).choice(len(eta), (4, 2000), p=weight / weight.sum())
    draws = np.repeat(eta[at][..., None], 2, axis=-1)
    likelihoods, units = contact_log_likelihoods(draws, cells, likelihood, phi[at])
    scores = psis_loo(likelihoods)
    total = np.logaddexp.reduce(log_posterior(cells))
    for (cell, outcome), elpd in zip(
        units[["cell", "outcome"]].to_numpy(), scores["elpd"], strict=True
    ):
        rest = cells.copy()
        rest.loc[cell] -= [outcome, 1]
        exact = total - np.logaddexp.reduce(log_posterior(rest))
        assert elpd == pytest.approx(exact, abs=0.02)
