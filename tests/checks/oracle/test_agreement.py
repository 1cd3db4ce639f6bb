"""The oracle finds posteriors that are known, agrees with right draws, and catches wrong ones."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from arviz_stats.base import array_stats
from scipy import stats
from scipy.special import log_expit

from partialpool.cells.levels import with_levels
from partialpool.checks.oracle import agreement as oracle
from partialpool.checks.oracle.agreement import as_check, compare, consult, judge
from partialpool.checks.oracle.density import Density
from partialpool.checks.oracle.importance import sample
from partialpool.model.design import learn_design
from partialpool.model.distributions import as_distribution
from partialpool.model.likelihood import LOGISTIC, Likelihood, log_orders
from partialpool.model.parameters import name_parameters, of_kind
from partialpool.posterior.draws import label_draws
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import load_engine
from partialpool.settings import Oracle, Priors, Sampling
from partialpool.settings.priors import parse_prior

from ...factories.priors import NARROW

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "season_pass.json").read_text(encoding="utf-8")
)
FORMULAS = {
    "baseline": "1 + promo",
    "interaction": "promo * channel",
    "multilevel": "0 + (1 + promo | channel)",
}
WRONG = Priors(slope="normal(0, 0.5)")


def data_of(formula, cells, priors=None, likelihood=LOGISTIC):
    design = learn_design(formula, cells)
    data = assemble_stan_data(design, cells, priors or NARROW, "cells", "auto", likelihood)
    return data, name_parameters(design, likelihood)


def few_cells(successes=(1, 6, 3), trials=(8, 9, 5)):
    shops = list("abcdefgh")[: len(trials)]
    frame = pd.DataFrame({"shop": shops, "successes": successes, "trials": trials})
    return with_levels(frame, {"shop": shops})


def expected_of(name):
    """Means and sds of the season pass by the names of parameters here."""
    if name == "multilevel":
        exact = REFERENCE["multilevel"]
        of = {
            "sd_channel[Intercept]": exact["sd_Intercept"],
            "sd_channel[promo[Bundle]]": exact["sd_promoBundle"],
            "cor_channel[Intercept, promo[Bundle]]": exact["cor"],
        }
        for channel, effects in exact["r"].items():
            of[f"r_channel[{channel}, Intercept]"] = effects["Intercept"]
            of[f"r_channel[{channel}, promo[Bundle]]"] = effects["promoBundle"]
        return of
    exact = REFERENCE[f"{name}_brms"]
    renamed = {"promoBundle": "promo[Bundle]"}
    renamed |= {f"channel{level}": f"channel[{level}]" for level in ("Park", "Email")}
    return {
        ":".join(renamed.get(part, part) for part in key[2:].split(":")): value
        for key, value in exact.items()
        if key.startswith("b_")
    }


@pytest.mark.parametrize("name", FORMULAS)
def test_the_season_pass_has_its_posterior(season_cells, name):
    data, names = data_of(FORMULAS[name], season_cells)
    points = sample(Density(data), 8192, 1)
    assert points.pareto_k < 0.4
    expected = expected_of(name)
    found = {
        parameter: points.parameters[kind][:, i]
        for kind in names["kind"].unique()
        for i, parameter in enumerate(of_kind(names, kind))
    }
    assert set(found) == set(expected)
    for parameter, (mean, sd) in expected.items():
        value, error = points.mean(found[parameter])
        assert abs(value - mean) < 4 * error + 1e-4, parameter
        assert np.sqrt(points.mean((found[parameter] - value) ** 2)[0]) == pytest.approx(
            sd, rel=0.025
        ), parameter


def by_quadrature(log_density, grids):
    """Means and sds of each coordinate of a density on a grid."""
    axes = np.meshgrid(*grids, indexing="ij")
    weight = np.exp(log_density(*axes) - log_density(*axes).max())
    weight /= weight.sum()
    means = [float((weight * axis).sum()) for axis in axes]
    spreads = [(weight * (axis - m) ** 2).sum() for axis, m in zip(axes, means, strict=True)]
    return means, np.sqrt(spreads)


def assert_moments(points, found, means, sds):
    """Means within 4 Monte Carlo errors and sds within 3%; `found` is points x quantities."""
    for values, mean, sd in zip(found.T, means, sds, strict=True):
        value, error = points.mean(values)
        assert abs(value - mean) < 4 * error + 1e-3
        assert np.sqrt(points.mean((values - value) ** 2)[0]) == pytest.approx(sd, rel=0.03)


@pytest.mark.parametrize("link", ["probit", "cloglog"])
def test_a_link_and_a_group_term_have_the_posterior_of_quadrature(link):
    likelihood, cells = Likelihood(link=link), few_cells((2, 7), (9, 10))
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    data, _ = data_of("0 + (1 | shop)", cells, Priors(sd="exponential(1)"), likelihood)

    def log_density(log_sd, first, second):
        sd = np.exp(log_sd)
        prior = -sd + log_sd - (first**2 + second**2) / 2
        eta = sd[..., None] * np.stack([first, second], axis=-1)
        return prior + likelihood.log_mass(eta, y, n, None).sum(axis=-1)

    standard = np.linspace(-6, 6, 100)
    means, sds = by_quadrature(log_density, (np.linspace(-9, 2.5, 150), standard, standard))
    points = sample(Density(data), 8192, 2)
    log_sd = np.log(points.parameters["sd"])
    found = np.column_stack([log_sd, points.parameters["effect"] / np.exp(log_sd)])
    assert_moments(points, found, means, sds)


SHOPS = {"successes": (2, 7, 1), "trials": (9, 10, 12)}


def of_three_shops(text):
    """Moments of the sd and the three effects of `0 + (1 | shop)`, by quadrature over the sd."""
    y, n = (np.array(SHOPS[name]) for name in ("successes", "trials"))
    effect = np.linspace(-9, 9, 3001)[:, None]
    likelihood = np.exp(y * log_expit(effect) + (n - y) * log_expit(-effect))
    prior = as_distribution(parse_prior(text, "sd"), "sd")
    sds = prior.ppf((np.arange(2000) + 0.5) / 2000)  # equal weights of the prior
    moments, evidence = np.zeros((2, 3)), np.zeros(len(sds))
    for at, sd in enumerate(sds):
        of = stats.norm.pdf(effect, 0, sd) * likelihood
        whole = of.sum(axis=0)
        evidence[at] = whole.prod()
        moments += evidence[at] * np.array([(of * effect**k).sum(axis=0) / whole for k in (1, 2)])
    mean, square = moments / evidence.sum()
    weight = evidence / evidence.sum()
    of_sd = weight @ sds, np.sqrt(max(weight @ sds**2 - (weight @ sds) ** 2, 0.0))
    return [of_sd[0], *mean], [of_sd[1], *np.sqrt(square - mean**2)]


SDS = ("uniform(0.3, 1.2)", "gamma(2, 3)", "inv_gamma(5, 2)", "lognormal(-1, 0.5)", "constant(0.6)")


@pytest.mark.parametrize("text", SDS)
def test_a_prior_of_a_standard_deviation_has_the_posterior_of_quadrature(text, fitted):
    cells, priors = few_cells(**SHOPS), Priors(sd=text)
    means, sds = of_three_shops(text)
    data, names = data_of("0 + (1 | shop)", cells, priors)
    points = sample(Density(data), 8192, 2)
    found = np.column_stack([points.parameters["sd"], points.parameters["effect"]])
    draws = fitted("0 + (1 | shop)", priors, cells)
    ours = np.concatenate([draws["sd"].values, draws["effect"].values], axis=-1)
    first = int(text.startswith("constant"))
    if first:
        assert (found[:, 0] == 0.6).all()
        assert (ours[..., 0] == 0.6).all()
    assert_moments(points, found[:, first:], means[first:], sds[first:])
    for values, mean, sd in zip(
        np.moveaxis(ours, -1, 0)[first:], means[first:], sds[first:], strict=True
    ):
        assert abs(values.mean() - mean) < 4 * array_stats.mcse(values, 0, 1, method="mean")
        assert values.std() == pytest.approx(sd, rel=0.06)
    table, facts = consult(data, names, draws, Oracle(), 1)
    assert facts["agreed"]
    assert ("sd_shop[Intercept]" in set(table["parameter"])) != bool(first)


def test_a_beta_binomial_has_the_posterior_of_quadrature():
    likelihood, cells = Likelihood("beta_binomial"), few_cells((2, 17, 9), (20, 25, 15))
    y, n = cells["successes"].to_numpy(), cells["trials"].to_numpy()
    priors = Priors(intercept="student_t(3, 0, 1)", phi="exponential(0.1)")
    data, _ = data_of("1", cells, priors, likelihood)

    def log_density(log_phi, intercept):
        eta, phi = np.repeat(intercept[..., None], 3, axis=-1), np.exp(log_phi)
        prior = -0.1 * phi + log_phi - 2 * np.log1p(intercept**2 / 3)
        return prior + likelihood.log_mass(eta, y, n, phi).sum(axis=-1) + log_orders(y, n).sum()

    means, sds = by_quadrature(log_density, (np.linspace(-7, 6, 800), np.linspace(-6, 6, 800)))
    points = sample(Density(data), 8192, 3)
    log_phi, intercept = np.log(points.parameters["phi"]), points.parameters["population"]
    assert_moments(points, np.column_stack([log_phi, intercept]), means, sds)


@pytest.fixture(scope="module")
def fitted(compiled, season_cells):
    """Draws by Stan of the model of a formula under some priors, a short fit."""

    def draws(formula, priors=None, cells=season_cells, likelihood=LOGISTIC):
        data, names = data_of(formula, cells, priors, likelihood)
        sampling = Sampling(warmup=500, draws=1000, adapt_delta=0.95)
        found = load_engine("stanli").sample(compiled("stanli"), data, sampling, 7, 2)
        return label_draws(found, names)["posterior"].to_dataset()

    return draws


def test_it_agrees_with_stan(fitted, season_cells):
    formula = FORMULAS["multilevel"]
    table, facts = consult(*data_of(formula, season_cells), fitted(formula), Oracle(), 1)
    assert facts["checked"]
    assert facts["agreed"]
    assert facts["dimensions"] == len(table) == 9
    assert facts["comparisons"] == 18
    near = (table["mean"] - table["oracle_mean"]).abs()
    assert (near < 5 * np.hypot(table["mean_error"], table["oracle_mean_error"])).all()
    assert as_check(facts)[0]["passed"]


def test_it_agrees_with_stan_on_an_overdispersed_model(fitted):
    likelihood, cells = Likelihood("beta_binomial", "probit"), few_cells((2, 17, 9), (20, 25, 15))
    draws = fitted("1", None, cells, likelihood)
    _, facts = consult(*data_of("1", cells, None, likelihood), draws, Oracle(), 1)
    assert facts["agreed"]


def test_it_catches_draws_under_another_prior(fitted, season_cells):
    formula = FORMULAS["interaction"]
    table, facts = consult(*data_of(formula, season_cells), fitted(formula, WRONG), Oracle(), 1)
    assert facts["checked"]
    assert not facts["agreed"]
    assert facts["apart"] > facts["limit"]
    worst = table.set_index("parameter").loc[facts["worst"]]
    assert max(abs(worst["location"]), abs(worst["spread"])) == facts["apart"]
    check = as_check(facts)[0]
    assert (check["check"], check["passed"], check["worst"]) == ("oracle", False, facts["worst"])


def independent_draws(points, seed, scale=1.0):
    """Draws of two coefficients from weighted points, as many chains of Stan would have them."""
    random = np.random.default_rng(seed)
    chosen = random.choice(len(points.weights), (4, 500), p=points.weights)
    values = points.parameters["population"]
    values = values.mean(axis=0) + scale * (values - values.mean(axis=0))
    coordinates = {"population_name": ["Intercept", "promo[Bundle]"]}
    return xr.Dataset(
        {"population": (("chain", "draw", *coordinates), values[chosen])}, coordinates
    )


@pytest.fixture(scope="module")
def baseline(season_cells):
    """Weighted points of the baseline, and the names of its parameters."""
    data, names = data_of(FORMULAS["baseline"], season_cells)
    return sample(Density(data), 8192, 5), names


def test_differences_of_right_draws_are_standard_normal(baseline):
    points, names = baseline
    tables = [compare(independent_draws(points, seed), points, names) for seed in range(50)]
    apart = np.concatenate([table[["location", "spread"]].to_numpy() for table in tables])
    assert np.sqrt(np.square(apart).mean(axis=0)) == pytest.approx([1, 1], abs=0.2)
    assert all(judge(table, 0.001)["agreed"] for table in tables)


def test_draws_that_scatter_too_little_differ_in_spread_alone(baseline):
    points, names = baseline
    table = compare(independent_draws(points, 1, scale=0.8), points, names)
    assert (table["spread"] < -5).all()
    assert (table["location"].abs() < 4).all()


def test_draws_that_are_no_numbers_do_not_agree(baseline):
    points, names = baseline
    table = compare(independent_draws(points, 1), points, names)
    table.loc[1, "location"] = np.nan
    facts = judge(table, 0.001)
    assert (facts["agreed"], facts["worst"]) == (False, "promo[Bundle]")


def test_the_same_seed_gives_the_same_numbers(season_cells):
    data, _ = data_of(FORMULAS["multilevel"], season_cells)
    one, two, other = (sample(Density(data), 1024, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.log_weights, two.log_weights)
    assert not np.array_equal(one.log_weights, other.log_weights)


EMPTY = xr.Dataset()
MANY = few_cells([3] * 8, [10] * 8)
SEPARATED = few_cells((0, 5), (5, 5))


@pytest.mark.parametrize(
    ("reason", "formula", "cells", "priors", "settings", "own"),
    [
        ("dimensions", "1 + (1 | shop)", MANY, NARROW, Oracle(dimensions=9), False),
        ("off", "1", MANY, NARROW, Oracle(dimensions=0), False),
        ("program", "1", MANY, NARROW, Oracle(), True),
        ("weights", "shop", SEPARATED, Priors(intercept="flat", slope="flat"), Oracle(), False),
    ],
)
def test_it_says_why_it_does_not_speak(reason, formula, cells, priors, settings, own):
    table, facts = consult(*data_of(formula, cells, priors), EMPTY, settings, 1, own)
    assert table.empty
    assert (facts["checked"], facts["agreed"], facts["reason"]) == (False, None, reason)
    assert as_check(facts) == []


def test_it_does_not_speak_of_too_many_cells(monkeypatch):
    monkeypatch.setattr(oracle, "MOST_VALUES", 8000)
    _, facts = consult(*data_of("1 + (1 | shop)", MANY), EMPTY, Oracle(), 1)
    assert facts["reason"] == "cells"


def test_flat_priors_do_where_the_data_settle_the_matter():
    flat, cells = Priors(intercept="flat", slope="flat"), few_cells((40, 60), (100, 100))
    data, _ = data_of("shop", cells, flat)
    points = sample(Density(data), 4096, 1)
    assert points.pareto_k < 0.4
    slope, error = points.mean(points.parameters["population"][:, 1])
    log_odds = 2 * np.log(60.0 / 40.0)
    assert slope == pytest.approx(log_odds, abs=0.02 + 4 * error)
