"""What a prior means depends on no unit, no number of cells, no column that no formula names.

Posteriors are worked out without Stan; the values that they are held to are maximum likelihood's
and Jeffreys', worked out here.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from partialpool.cells.levels import with_levels
from partialpool.checks.oracle.density import Density
from partialpool.checks.oracle.importance import sample
from partialpool.model.design import learn_design
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.settings import Model

MODEL = Model(formula="1")
"""A model that says nothing but its formula."""


def cells_of(contacts, *by):
    """Contacts counted by some columns, those of text being factors."""
    counted = contacts.groupby([*by])["success"].agg(successes="sum", trials="size").reset_index()
    factors = [name for name in by if not pd.api.types.is_numeric_dtype(contacts[name])]
    return with_levels(counted, {name: sorted(set(contacts[name])) for name in factors})


def posterior(formula, cells, draws=4096):
    """The design, and weighted points of the coefficients, under the default priors."""
    design = learn_design(formula, cells)
    data = assemble_stan_data(design, cells, MODEL.priors, MODEL.intercept_prior_at, "auto")
    points = sample(Density(data), draws, 1)
    assert points.pareto_k < 0.5
    return design, points


def moments(formula, cells):
    """Posterior mean and sd of each coefficient."""
    design, points = posterior(formula, cells)
    values = points.parameters["population"]
    mean = points.weights @ values
    sd = np.sqrt(points.weights @ np.square(values - mean))
    return {n: (m, s) for n, m, s in zip(design.coefficients, mean, sd, strict=True)}


def expected_curve(formula, cells, rows):
    """Posterior mean of the log-odds of some rows."""
    design, points = posterior(formula, cells)
    return design.matrices(rows).population @ (points.weights @ points.parameters["population"])


def likeliest_curve(formula, cells, rows):
    """The log-odds of some rows at the maximum of the likelihood, and their standard errors."""
    design = learn_design(formula, cells)
    wide, X = design.matrices(rows).population, design.matrices(cells).population
    scale = np.abs(X).max(axis=0)
    X, s, n = X / scale, cells["successes"].to_numpy(), cells["trials"].to_numpy()
    found = optimize.minimize(
        lambda b: (n * np.logaddexp(0, X @ b) - s * (X @ b)).sum(),
        np.zeros(X.shape[1]),
        jac=lambda b: X.T @ (n / (1 + np.exp(-X @ b)) - s),
        method="BFGS",
        options={"gtol": 1e-6},
    ).x
    p = 1 / (1 + np.exp(-X @ found))
    covariance = np.linalg.inv((X.T * (n * p * (1 - p))) @ X)
    wide = wide / scale
    return wide @ found, np.sqrt(np.einsum("ij,jk,ik->i", wide, covariance, wide))


def answers(numbers, log_odds, seed=1, **more):
    """Contacts with some numbers that succeed at some log-odds."""
    random = np.random.default_rng(seed)
    success = random.random(len(numbers)) < 1 / (1 + np.exp(-log_odds))
    return pd.DataFrame({"x": numbers, "success": success.astype(int), **more})


def test_a_number_in_a_small_unit_has_the_slope_that_the_data_give_it():
    x = np.random.default_rng(2).integers(0, 101, 5000) / 1e4
    cells = cells_of(answers(x, 203 * x - 1), "x")
    mean, sd = moments("x", cells)["x"]
    (at_0, at_1), _ = likeliest_curve("x", cells, pd.DataFrame({"x": [0.0, 0.01]}))
    assert mean == pytest.approx((at_1 - at_0) / 0.01, abs=0.1 * sd)
    assert mean == pytest.approx(203, abs=3 * sd)
    assert sd < 12


@pytest.mark.parametrize("formula", ["x", "offer * x", "x + I(x^2)", "poly(x, 2)", "bs(x, df=4)"])
@pytest.mark.parametrize("unit", [1000, 1 / 1000])
def test_the_unit_of_a_number_changes_nothing(formula, unit):
    random = np.random.default_rng(3)
    x = random.integers(0, 21, 600) / 10
    contacts = answers(x, x - 1.5, offer=random.choice(["a", "b"], 600))
    cells = cells_of(contacts, "offer", "x")
    rows = cells.iloc[::5]
    here = expected_curve(formula, cells, rows)
    there = expected_curve(formula, *(c.assign(x=c["x"] * unit) for c in (cells, rows)))
    np.testing.assert_allclose(here, there, atol=1e-6)


def test_a_curve_is_the_same_however_many_cells_its_contacts_lie_in():
    random = np.random.default_rng(4)
    age = random.integers(20, 40, 5000).astype(float)
    extra = {"shop": random.choice(list("abcdefghij"), 5000), "row": np.arange(5000).astype(str)}
    contacts = answers(age, np.square((age - 28) / 8) - 1.5, **extra)
    rows = pd.DataFrame({"x": np.arange(20.0, 40.0)})
    by = (["x"], ["x", "shop"], ["x", "row"])
    cells = [cells_of(contacts, *names) for names in by]
    assert [len(of) for of in cells] == [20, 200, 5000]
    curves = [expected_curve("poly(x, 2)", of, rows) for of in cells]
    np.testing.assert_allclose(curves[0], curves[1], atol=1e-6)
    np.testing.assert_allclose(curves[0], curves[2], atol=1e-6)
    likeliest, error = likeliest_curve("poly(x, 2)", cells[0], rows)
    assert (np.abs(curves[0] - likeliest) < 0.05 * error).all()


@pytest.mark.parametrize("formula", ["offer", "offer * x", "poly(x, 2) + (1 + x | offer)"])
def test_a_column_that_no_formula_names_changes_no_prior(formula):
    random = np.random.default_rng(5)
    x = random.integers(1, 9, 900).astype(float)
    more = {
        "offer": np.sort(random.choice(list("abc"), 900)),
        "unused": random.choice(["1", "2"], 900),
    }
    contacts = answers(x, 0.2 * x - 1, **more)

    def told(*by):
        cells = cells_of(contacts, *by)
        design = learn_design(formula, cells)
        given = MODEL.priors, MODEL.intercept_prior_at, "auto"
        return assemble_stan_data(design, cells, *given)

    few, many = told("offer", "x"), told("offer", "x", "unused")
    assert many.cells > few.cells
    np.testing.assert_allclose(few.prior_at, many.prior_at, rtol=1e-12, atol=1e-12)
    for kind in ("intercept", "slope", "sd"):
        pair = (getattr(of.priors, kind) for of in (few, many))
        np.testing.assert_allclose(*pair, rtol=1e-12)


@pytest.mark.parametrize("formula", ["poly(x, 4)", "bs(x, df=6)"])
def test_contacts_by_the_minute_of_the_day_keep_their_curve(formula):
    minute = np.random.default_rng(6).integers(0, 1440, 5000).astype(float)
    cells = cells_of(answers(minute, 1.5 * np.sin(minute / 1440 * 2 * np.pi) - 1), "x")
    assert len(cells) > 1300
    rows = pd.DataFrame({"x": np.arange(60.0, 1440, 60)})
    curve = expected_curve(formula, cells, rows)
    likeliest, error = likeliest_curve(formula, cells, rows)
    assert (np.abs(curve - likeliest) < 0.3 * error).all()
    assert np.ptp(curve) == pytest.approx(np.ptp(likeliest), rel=0.03)


ARMS = {
    "one in ten thousand": ((100_000, 100_000), (3, 12)),
    "one in a million": ((10**6, 10**6), (2, 9)),
    "one in a thousand": ((10_000, 10_000), (10, 25)),
    "one in fifty": ((2_000, 2_000), (40, 62)),
    "one in four": ((500, 500), (100, 130)),
    "nearly all": ((2_000, 2_000), (1_980, 1_995)),
}


@pytest.mark.parametrize(("trials", "successes"), ARMS.values(), ids=ARMS)
def test_the_default_priors_know_no_base_rate(trials, successes):
    frame = pd.DataFrame({"arm": ["a", "b"], "trials": trials, "successes": successes})
    design, points = posterior("arm", with_levels(frame, {"arm": ["a", "b"]}))
    eta = points.parameters["population"] @ design.matrices(frame).population.T
    low, high = (1 / (1 + np.exp(-eta))).T
    order = np.argsort(high / low)
    cumulated = np.cumsum(points.weights[order])
    ratio = (high / low)[order][np.searchsorted(cumulated, [0.055, 0.5, 0.945])]
    jeffreys = [stats.beta(s + 0.5, n - s + 0.5) for s, n in zip(successes, trials, strict=True)]
    random = np.random.default_rng(1)
    a, b = (of.rvs(200_000, random_state=random) for of in jeffreys)
    for rates, of in ((low, jeffreys[0]), (high, jeffreys[1])):
        assert points.weights @ rates == pytest.approx(of.mean(), abs=0.2 * of.std())
    np.testing.assert_allclose(ratio, np.quantile(b / a, [0.055, 0.5, 0.945]), rtol=0.09)
    assert points.weights @ (high > low) == pytest.approx((b > a).mean(), abs=0.004)
