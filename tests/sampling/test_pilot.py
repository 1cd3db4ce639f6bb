"""A quick fit before sampling: the mode, the spread of effects, and what cells tell of each."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.sampling.pilot import run_pilot

from ..factories.shops import data_of


def test_what_the_cells_tell_of_a_level_is_the_curvature_of_their_likelihood():
    """By finite differences of the log likelihood of a shop's intercept and promo."""
    data = data_of([300, 80, 10], formula="promo + (1 + promo | shop)", coefficient=0.4)
    pilot = run_pilot(data)
    promo, shop = data.predictors[:, 0], data.terms[0].level
    successes, trials = data.successes, data.trials
    coefficients = pilot.population + pilot.terms[0].effect
    for number, c in enumerate(coefficients):
        own = shop == number

        def log_likelihood(c, own=own):
            log_odds = c[0] + c[1] * promo[own]
            return successes[own] @ log_odds - trials[own] @ np.logaddexp(0, log_odds)

        steps = 1e-3 * np.eye(2)
        slopes = [(log_likelihood(c + h) - log_likelihood(c - h)) / 2e-3 for h in steps]
        curvature = [
            [
                (log_likelihood(c + h + k) - log_likelihood(c + h - k))
                - (log_likelihood(c - h + k) - log_likelihood(c - h - k))
                for k in steps
            ]
            for h in steps
        ]
        information, score = pilot.information[0][number], pilot.score[0][number]
        np.testing.assert_allclose(information, -np.array(curvature) / 4e-6, rtol=1e-3)
        np.testing.assert_allclose(score - information @ c, slopes, atol=1e-4)


def test_the_pilot_finds_the_spread_that_the_data_have():
    data = data_of([400] * 200, spread=0.7, formula="promo + (1 | shop)", coefficient=0.5)
    term = run_pilot(data).terms[0]
    assert term.variance[0, 0] == pytest.approx(0.49, rel=0.25)


def test_the_pilot_is_at_the_mode_of_the_penalised_likelihood():
    data = data_of([40, 3, 200, 15], formula="promo + (1 | shop)", coefficient=0.8)
    term = run_pilot(data).terms[0]
    promo, shop = data.predictors[:, 0], data.terms[0].level
    successes, trials = data.successes, data.trials

    def negative(parameters):
        fixed, effects = parameters[:2], parameters[2:]
        log_odds = fixed[0] + fixed[1] * promo + effects[shop]
        likelihood = successes @ log_odds - trials @ np.logaddexp(0, log_odds)
        return fixed @ fixed / 2 + effects @ effects / (2 * term.variance[0, 0]) - likelihood

    mode = minimize(negative, np.zeros(6), method="BFGS", options={"gtol": 1e-8}).x
    np.testing.assert_allclose(term.effect[:, 0], mode[2:], atol=1e-3)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
@pytest.mark.parametrize("phi", [None, 20.0])
def test_the_pilot_finds_the_spread_on_the_scale_of_the_link(link, phi):
    likelihood = Likelihood("beta_binomial" if phi else "binomial", link)
    given = {"spread": 0.7, "formula": "promo + (1 | shop)", "coefficient": -0.5}
    data = data_of([400] * 200, likelihood=likelihood, phi=phi, **given)
    assert run_pilot(data).terms[0].variance[0, 0] == pytest.approx(0.49, rel=0.3)


def test_effects_of_overdispersed_cells_are_known_less_well():
    """Each cell tells as much as phi + 1 contacts at most, however many it has."""
    given = {"spread": 0.7, "formula": "promo + (1 | shop)"}
    overdispersed = Likelihood("beta_binomial")
    variances = [
        run_pilot(data_of([2000] * 100, likelihood=likelihood, phi=phi, **given))
        .terms[0]
        .posterior.mean()
        for likelihood, phi in ((LOGISTIC, None), (overdispersed, 30.0))
    ]
    assert variances[1] > 10 * variances[0]


def test_cells_that_are_left_out_tell_the_pilot_nothing():
    given = {"likelihood": Likelihood("beta_binomial"), "phi": 20.0}
    data = data_of([40] * 12, **given)
    left_out = replace(data, trials=data.trials.copy(), successes=data.successes.copy())
    left_out.trials[0] = left_out.successes[0] = 0
    whole, part = (np.ravel(run_pilot(d).information[0]) for d in (data, left_out))
    assert np.isfinite(part).all()
    assert part[0] == pytest.approx(whole[0] / 2, rel=0.2)
    np.testing.assert_allclose(part[1:], whole[1:], rtol=0.2)
