"""The Stan program against NumPy, against itself and, where CmdStan is there, between engines."""

import json
import re
import subprocess
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import stanli
from arviz_stats.base import array_stats
from scipy import stats
from scipy.special import expit

from partialpool.cells.levels import with_levels
from partialpool.checks.oracle.density import Density
from partialpool.checks.oracle.laplace import log_joint
from partialpool.model.design import Design
from partialpool.model.formula import parse_formula
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.sampling.assembly import assemble_stan_data, prior_only
from partialpool.sampling.centring import fix_centring
from partialpool.sampling.engines import load_engine
from partialpool.sampling.stan_data import write_stan_data
from partialpool.settings import Priors, Sampling

from . import density

LEVELS = {"promo": ["none", "some", "lots"], "shop": ["a", "b", "c", "d"], "week": ["1", "2"]}
HEAVY = Priors(
    intercept="student_t(3, 0.5, 2)",
    slope="normal(0.2, 0.7)",
    sd="student_t(4, 0, 1.5)",
    correlation="lkj(2)",
)
LIGHT = Priors(slope="student_t(5, 0, 1)", sd="exponential(2)", correlation="lkj(1)")
MIXED = Priors(
    intercept="flat",
    slope="cauchy(0, 2.5)",
    sd="cauchy(0, 1)",
    phi="exponential(0.1)",
    coefficients={
        "promo[some]": "normal(-0.5, 0.1)",
        "promo[lots]": "flat",
        "sd_shop[promo[lots]]": "exponential(3)",
        "cor_shop": "lkj(4)",
    },
)
SHAPED = Priors(
    sd="gamma(2.5, 4)",
    phi="inv_gamma(3, 40)",
    coefficients={
        "sd_shop[Intercept]": "uniform(0.2, 3)",
        "sd_shop[promo[lots]]": "constant(0.7)",
        "sd_week:promo[Intercept]": "lognormal(-0.5, 0.8)",
        "sd_week:promo[week[2]]": "inv_gamma(2, 0.4)",
    },
)


def cells(seed=1):
    random = np.random.default_rng(seed)
    grid = pd.MultiIndex.from_product(LEVELS.values(), names=LEVELS).to_frame(index=False)
    trials = random.integers(1, 60, len(grid))
    return with_levels(grid.assign(trials=trials, successes=random.binomial(trials, 0.4)), LEVELS)


def data_of(formula, centring="non-centred", priors=HEAVY, likelihood=LOGISTIC, at="contacts"):
    design = Design(parse_formula(formula, LEVELS), cells())
    return assemble_stan_data(design, cells(), priors, at, centring, likelihood)


CASES = {
    "population only": ("promo * shop", "auto", HEAVY),
    "no intercept": ("0 + promo", "auto", LIGHT),
    "intercept only": ("1", "auto", LIGHT),
    "one term": ("0 + (1 + promo | shop)", "auto", HEAVY),
    "one term, non-centred": ("0 + (1 + promo | shop)", "non-centred", HEAVY),
    "one term, centred": ("0 + (1 + promo | shop)", "centred", HEAVY),
    "population_coefficients": ("promo + (1 + promo | shop)", "auto", LIGHT),
    "population_coefficients, non-centred": ("promo + (1 + promo | shop)", "non-centred", HEAVY),
    "population_coefficients, centred": ("promo + (1 + promo | shop)", "centred", HEAVY),
    "two crossed terms": ("promo + (1 + promo | shop) + (1 + week | week:promo)", "auto", HEAVY),
    "uncorrelated": ("promo + (1 + promo || shop) + (1 | week)", "auto", LIGHT),
    "nested": ("(1 | shop/week)", "auto", LIGHT),
    "priors of their own": ("promo + (1 + promo | shop) + (1 + week | week:promo)", "auto", MIXED),
    "priors of every shape": (
        "promo + (1 + promo | shop) + (1 + week | week:promo)",
        "auto",
        SHAPED,
        Likelihood("beta_binomial"),
    ),
    "a constant alone": ("promo + (1 | shop)", "auto", Priors(sd="constant(0.4)")),
    "bounds alone": ("(1 | shop)", "centred", Priors(sd="uniform(0, 2)")),
    "index coding": ("0 + index(promo) + index(shop)", "auto", LIGHT),
    "index coding about an intercept": ("index(promo) + promo:week + (1 | shop)", "auto", HEAVY),
    "beta-binomial": ("promo + (1 + promo | shop)", "auto", HEAVY, Likelihood("beta_binomial")),
    "probit": ("promo + (1 | shop)", "auto", LIGHT, Likelihood(link="probit")),
    "probit beta-binomial": ("promo", "auto", MIXED, Likelihood("beta_binomial", "probit")),
    "cloglog": ("0 + (1 + promo | shop)", "non-centred", LIGHT, Likelihood(link="cloglog")),
    "cloglog beta-binomial": (
        "(1 | shop)",
        "centred",
        LIGHT,
        Likelihood("beta_binomial", "cloglog"),
    ),
}


@pytest.fixture(params=CASES)
def case(request):
    return data_of(*CASES[request.param])


def stanli_model(compiled, data):
    mir = compiled("stanli").read_text(encoding="utf-8")
    return stanli.Model(mir=mir, data=data.variables())


def log_density(data, point):
    return density.log_density(data.variables(), point)


def points(size, count=4):
    return np.random.default_rng(3).uniform(-1.5, 1.5, (count, size))


def test_the_density_is_what_numpy_says(compiled, case):
    model = stanli_model(compiled, case)
    for point in points(model.n_unconstrained):
        assert model.log_prob_grad(point)[0] == pytest.approx(log_density(case, point), rel=1e-9)


def test_the_oracle_states_the_same_density(case):
    data = fix_centring(case, [0.0] * len(case.terms))
    oracle = Density(data)
    sizes = [oracle.fixed, oracle.sds, sum(oracle.partials)]
    sizes += [oracle.coefficients - oracle.fixed, int(data.likelihood.overdispersed)]
    points_ = points(sum(sizes))
    fixed, open_sd, open_partial, effects, log_phi = np.split(
        points_, np.cumsum(sizes)[:-1], axis=1
    )
    fixed = fixed @ data.axes.T if data.axes.size else fixed
    hyper = np.column_stack([open_sd, open_partial / 2, log_phi])
    coefficients = np.column_stack([fixed, effects])
    found = log_joint(oracle, hyper, coefficients, oracle.spread(hyper))
    expected = np.array([log_density(data, point) for point in points_])
    np.testing.assert_allclose(found - found[0], expected - expected[0], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("family", ["binomial", "beta_binomial"])
@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_the_density_is_finite_and_keeps_its_slope_far_out(compiled, family, link):
    """Rates there round to 0 or 1; the likelihood must go on falling, for the sampler to return."""
    data = data_of("1", priors=Priors(), likelihood=Likelihood(family, link))
    model = stanli_model(compiled, data)
    for intercept in (-300.0, -60.0, 60.0, 300.0):
        point = np.array([intercept, 0.0][: model.n_unconstrained])
        value, gradient = model.log_prob_grad(point)
        assert np.isfinite(value)
        assert gradient[0] * intercept < 0


def test_the_gradient_is_that_of_numpys_density(compiled, case):
    model = stanli_model(compiled, case)
    for point in points(model.n_unconstrained, 2):
        step = 1e-5 * np.eye(len(point))
        slope = [(log_density(case, point + s) - log_density(case, point - s)) / 2e-5 for s in step]
        np.testing.assert_allclose(model.log_prob_grad(point)[1], slope, rtol=1e-5, atol=1e-5)


def test_without_the_likelihood_the_counts_do_not_matter(compiled):
    data = prior_only(data_of("promo + (1 + promo | shop)"))
    other = replace(data, successes=np.zeros_like(data.successes))
    point = points(stanli_model(compiled, data).n_unconstrained)[0]
    found = [stanli_model(compiled, d).log_prob_grad(point)[0] for d in (data, other)]
    assert found[0] == found[1] == pytest.approx(log_density(data, point), rel=1e-9)


def fit(compiled, data, engine="stanli", draws=1000):
    sampling = Sampling(chains=4, warmup=500, draws=draws, adapt_delta=0.9)
    return load_engine(engine).sample(compiled(engine), data, sampling, 4, 2).variables


def moments(values):
    """Mean of every element with its Monte Carlo standard error."""
    means = values.mean(axis=(0, 1))
    columns = np.moveaxis(values, -1, 0)
    return means, np.array([float(array_stats.mcse(c, 0, 1, method="mean")) for c in columns])


def assert_same_means(one, other, names):
    for name in names:
        (mean, error), (other_mean, other_error) = moments(one[name]), moments(other[name])
        assert (np.abs(mean - other_mean) < 4 * np.hypot(error, other_error)).all(), name


KEPT = ("population", "sd", "correlation", "effect")


def test_how_effects_are_sampled_does_not_change_the_posterior(compiled):
    formula = "week + (1 + week | shop)"
    auto, centred, non_centred = (
        fit(compiled, data_of(formula, centring, HEAVY))
        for centring in ("auto", "centred", "non-centred")
    )
    assert_same_means(auto, centred, KEPT)
    assert_same_means(auto, non_centred, KEPT)
    assert not np.array_equal(auto["effect"], centred["effect"])


def test_prior_draws_have_the_priors_moments(compiled):
    priors = Priors(intercept="normal(0.5, 2)", slope="normal(-1, 0.5)", sd="normal(0, 1.5)")
    data = data_of("week + (1 + week | shop)", priors=priors)
    draws = fit(compiled, prior_only(data))
    half = stats.halfnorm(scale=1.5)
    expected = {  # mean, mean of the square
        "intercept": (0.5, 0.5**2 + 2**2),
        "slope": (-1, 1 + 0.5**2),
        "sd": (half.mean(), 1.5**2),
        "correlation": (0, 1 / 3),
        "effect": (0, 1.5**2),
    }
    for name, (mean, square) in expected.items():
        for power, value in ((1, mean), (2, square)):
            found, error = moments(draws[name] ** power)
            assert (np.abs(found - value) < 4 * error).all(), (name, power)
    at_zero = draws["intercept"] - data.prior_at[0] * draws["slope"]
    np.testing.assert_allclose(draws["population"][..., :1], at_zero)


def test_what_is_reported_follows_from_what_is_sampled(compiled):
    draws = fit(compiled, data_of("0 + (1 + promo | shop)", "centred"), draws=100)
    np.testing.assert_allclose(
        draws["effect"], draws["sampled"]
    )  # no population_coefficient, centred
    factor = np.array([density.cholesky(row, 3) for row in draws["partial"][0, :50]])
    matrices = factor @ factor.transpose(0, 2, 1)
    np.testing.assert_allclose(draws["correlation"][0, :50, 2], matrices[:, 2, 1], atol=1e-9)


PARAMETERS = ("intercept", "slope", "sd_above", "sd_share", "partial", "sampled", "phi")


def test_both_engines_have_the_same_density_at_the_draws_of_one(compiled, cmdstan, case):
    """Sixteen digits of CmdStan's lp__, where its older releases have no log_prob method."""
    short = Sampling(chains=2, warmup=200, draws=100)
    draws = load_engine("cmdstan").sample(compiled("cmdstan"), case, short, 5, 2)
    model = stanli_model(compiled, case)
    for chain, draw in ((0, 0), (0, 99), (1, 50)):
        values = {
            name: draws.variables[name][chain, draw].tolist() if name in draws.variables else []
            for name in PARAMETERS
        }
        found, _ = model.log_prob_grad(model.unconstrain(values))
        assert found == pytest.approx(draws.statistics["lp"][chain, draw], rel=1e-8, abs=1e-8)


def test_both_engines_have_the_same_gradient(compiled, cmdstan, case, tmp_path):
    """To the six digits that CmdStan's diagnose method prints.

    It also holds the gradient to its own finite differences, which are not that exact.
    """
    model = stanli_model(compiled, case)
    write_stan_data(case, tmp_path / "data.json")
    for point in points(model.n_unconstrained, 2):
        (tmp_path / "init.json").write_text(json.dumps(constrained(case, point)), encoding="utf-8")
        command = [str(compiled("cmdstan")), "diagnose", "test=gradient", "error=0.01"]
        command += ["data", "file=data.json", "init=init.json", "output", "file=output.csv"]
        printed = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout
        value, gradient = model.log_prob_grad(point)
        printed_density = float(re.search(r"Log probability=(\S+)", printed)[1])
        rows = re.findall(r"^ +\d+ +(\S+) +(\S+) +\S+ +\S+$", printed, re.MULTILINE)
        at, found = np.array(rows, float).T
        np.testing.assert_allclose(at, point, rtol=1e-5)
        assert value == pytest.approx(printed_density, rel=1e-5)
        np.testing.assert_allclose(gradient, found, rtol=1e-5, atol=1e-5)


def constrained(data, point):
    """A point as CmdStan takes it: parameters by name, on their own scales."""
    terms = data.terms
    sizes = [int(data.has_intercept), len(data.prior_at), *sd_sizes(data)]
    sizes += [sum(t.correlations for t in terms), sum(t.effects for t in terms)]
    sizes += [int(data.likelihood.overdispersed)]
    parts = dict(zip(PARAMETERS, np.split(point, np.cumsum(sizes)[:-1]), strict=True))
    for name in ("sd_above", "phi"):
        parts[name] = np.exp(parts[name])
    parts["sd_share"] = expit(parts["sd_share"])
    parts["partial"] = 2 * expit(parts["partial"]) - 1
    return {name: values.tolist() for name, values in parts.items()}


def sd_sizes(data):
    """Standard deviations that may be anything above 0, and that lie between two bounds."""
    bounded = sum(row[0] == density.UNIFORM for row in data.variables()["sd_prior"])
    return density.free_sds(data.variables()) - bounded, bounded


def test_both_engines_give_the_same_posterior(compiled, cmdstan):
    data = data_of("week + (1 + week | shop) + (1 | promo)", "auto", LIGHT)
    assert_same_means(fit(compiled, data), fit(compiled, data, "cmdstan"), KEPT)
