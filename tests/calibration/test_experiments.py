"""Posteriors of many experiments at once are those of quadrature, and of Stan."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from partialpool.calibration.experiments import Law, find_modes, posteriors
from partialpool.calibration.plans import law_of
from partialpool.cells.levels import with_levels
from partialpool.errors import InputError
from partialpool.model.design import learn_design
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import load_engine
from partialpool.settings import Plan, Sampling
from partialpool.settings.priors import Prior

WIDE = [Prior("student_t", 0, 2.5, df=3), Prior("normal", 0, 2.5)]
NARROW = [Prior("normal", -3, 0.2), Prior("cauchy", 0.1, 0.1)]
STEEP = [Prior("normal", -1.6, 0.1), Prior("cauchy", 0.05, 0.05)]
"""The same on the scale of a probit."""
CENTRED = np.array([[1, -0.5], [1, 0.5]])
COUNTS = [((50, 70), 1000), ((0, 3), 40), ((1, 5), 50), ((5000, 5150), 100_000), ((20, 0), 30)]


def by_quadrature(law, successes, trials):
    """Of two cells: the probability that the second is better, and the rates, on a fine grid.

    It is finest at the mode and reaches 200 standard deviations, as tails may be Cauchy's.
    """
    mode, root = find_modes(law, np.array([successes]), np.array([trials]))
    sd = np.sqrt(np.diag(np.linalg.inv(root[0] @ root[0].T)))
    even = np.linspace(-6, 6, 1201)
    axes = [mode[0, i] + sd[i] * np.sinh(even) for i in range(2)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 2)
    widths = np.outer(np.cosh(even), np.cosh(even)).ravel()
    eta, prior = points @ law.design.T, np.zeros(len(points))
    for of, values in zip(law.priors, points.T, strict=True):
        df = np.inf if of.family == "normal" else of.df
        prior += stats.t.logpdf(values, df, of.location, of.scale)
    mass = stats.binom.logpmf(successes, trials, law.likelihood.rate(eta)).sum(axis=1)
    weights = widths * np.exp(prior + mass - (prior + mass).max())
    weights /= weights.sum()
    return weights @ (eta[:, 1] > eta[:, 0]), weights @ law.likelihood.rate(eta)


@pytest.mark.parametrize(
    ("priors", "link"), [(WIDE, "logit"), (WIDE, "probit"), (NARROW, "logit"), (STEEP, "probit")]
)
@pytest.mark.parametrize(("successes", "trials"), COUNTS)
def test_a_posterior_is_that_of_quadrature(successes, trials, priors, link):
    law = Law(CENTRED, priors, link)
    given = np.array([successes]), np.full((1, 2), trials)
    (found,) = posteriors(law, *given, 8192, 1)
    chance, rates = by_quadrature(law, successes, [trials, trials])
    assert found.chances_best()[0] == pytest.approx([1 - chance, chance], abs=0.004)
    assert found.mean(law.likelihood.rate(found.eta))[0] == pytest.approx(rates, rel=0.02)


def test_experiments_are_told_in_their_order_whatever_stands_beside_them():
    law = Law(CENTRED, WIDE)
    successes = np.random.default_rng(1).binomial(500, 0.1, (150, 2))
    trials = np.full(successes.shape, 500)
    found = np.concatenate([p.chances_best() for p in posteriors(law, successes, trials, 2048, 1)])
    alone = [next(posteriors(law, successes[[i]], trials[[i]], 8192, 2)) for i in (0, 70, 149)]
    expected = [posterior.chances_best()[0] for posterior in alone]
    assert found[[0, 70, 149]] == pytest.approx(np.array(expected), abs=0.015)


def test_most_points_count_where_priors_and_counts_agree():
    law = Law(CENTRED, WIDE)
    successes = np.random.default_rng(1).binomial(500, 0.1, (100, 2))
    found = [p.ess for p in posteriors(law, successes, np.full(successes.shape, 500), 1024, 1)]
    assert np.concatenate(found).min() > 700


def test_points_without_weights_have_the_same_mean_and_spread():
    (found,) = posteriors(Law(CENTRED, WIDE), np.array([[3, 9]]), np.full((1, 2), 60), 4096, 1)
    drawn = found.resample(4000, np.random.default_rng(2))[0]
    mean = found.mean(found.eta)[0]
    spread = np.sqrt(found.mean(np.square(found.eta - mean))[0])
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.01)
    assert drawn.std(axis=0) == pytest.approx(spread, rel=0.02)


def test_coefficients_are_drawn_from_their_priors():
    drawn = Law(CENTRED, NARROW).draw(4000, np.random.default_rng(3))
    expected = [stats.norm(-3, 0.2), stats.cauchy(0.1, 0.1)]
    p = [stats.kstest(of, law.cdf).pvalue for of, law in zip(drawn.T, expected, strict=True)]
    assert min(p) > 0.001


def test_a_flat_prior_is_refused():
    with pytest.raises(InputError, match="found a flat prior, expected a proper one"):
        Law(CENTRED, [WIDE[0], Prior("flat")])


@pytest.mark.parametrize("at", ["contacts", "reference"])
def test_a_planned_experiment_has_the_posterior_of_a_model_of_its_counts(compiled, at):
    """Few contacts and priors that tell, so that a wrong law shows."""
    priors = {"intercept": "normal(-2, 0.3)", "slope": "student_t(4, 0.3, 0.4)"}
    plan = {"title": "t", "arms": ["a", "b", "c"], "rate": 0.1, "lift": 0.05}
    plan = Plan(**plan, priors=priors, intercept_prior_at=at)
    counts = pd.DataFrame({"arm": plan.names, "successes": [9, 4, 12], "trials": 60})
    cells = with_levels(counts, {"arm": plan.names})
    design = learn_design("arm", cells)
    data = assemble_stan_data(design, cells, plan.priors, at, "auto")
    short = Sampling(chains=4, warmup=300, draws=1000)
    drawn = load_engine("stanli").sample(compiled("stanli"), data, short, 5, 2).variables
    eta = drawn["population"].reshape(-1, 3) @ design.matrices(cells).population.T
    given = counts["successes"].to_numpy()[None], counts["trials"].to_numpy()[None]
    (found,) = posteriors(law_of(plan), *given, 8192, 1)
    mean = found.mean(found.eta)[0]
    sd = np.sqrt(found.mean(np.square(found.eta - mean))[0])
    assert eta.mean(axis=0) == pytest.approx(mean, abs=0.1 * sd.min())
    assert eta.std(axis=0) == pytest.approx(sd, rel=0.08)
    best = np.bincount(eta.argmax(axis=1), minlength=3) / len(eta)
    assert best == pytest.approx(found.chances_best()[0], abs=0.04)
