"""Power scaling: a wrong tight prior is seen to conflict, and data that settle it not to."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from arviz_stats import psense_summary
from scipy import stats

from partialpool.cells.question import Question
from partialpool.checks.oracle.density import Density
from partialpool.checks.oracle.importance import sample
from partialpool.checks.sensitivity import diagnose, log_likelihood, log_prior, measure_sensitivity
from partialpool.decision.effects import standardised_rates
from partialpool.model.design import learn_design
from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import (
    as_group,
    label_draws,
    named_parameters,
    read_log_prior,
    write_draws,
)
from partialpool.posterior.fit import Fit
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import Draws
from partialpool.settings import Priors

from ..factories.cells import crossed
from ..factories.draws import given, in_chunks
from ..factories.names import named

LEVELS = {"promo": ["none", "some"], "shop": ["a", "b", "c"]}
CHAINS, COUNT = 4, 1000


def cells_of(trials, rates=(0.3, 0.3, 0.3, 0.5, 0.5, 0.5)):
    successes = np.round(trials * np.asarray(rates)).astype(int)
    return crossed(LEVELS, trials=trials, successes=successes)


def drawn(formula, cells, priors, likelihood=LOGISTIC):
    """A fit with exact draws of the posterior, from weighted points, and Stan's data."""
    design = learn_design(formula, cells)
    data = assemble_stan_data(design, cells, priors, "cells", "auto", likelihood)
    points = sample(Density(data), 8192, 1)
    random = np.random.default_rng(1)
    chosen = random.choice(len(points.weights), (CHAINS, COUNT), p=points.weights)
    variables = {kind: values[chosen] for kind, values in points.parameters.items()}
    draws = Draws(variables, {}, {})
    tree = label_draws(draws, name_parameters(design, likelihood))
    return Fit(cells, design, likelihood, tree["posterior"].to_dataset()), data


def sensitivity_of(formula, cells, priors, likelihood=LOGISTIC):
    fit, data = drawn(formula, cells, priors, likelihood)
    rates = standardised_rates(fit, Question("promo", "shop"))
    of_prior = log_prior(data, fit.draws)
    return measure_sensitivity(fit.draws, rates, of_prior, log_likelihood(fit))


def diagnoses(table):
    rows = table.set_index(["parameter", "treatment", "within"])["diagnosis"]
    rows = rows[table["kind"].isin(["parameter", "lift"]).to_numpy()]
    return {name: rows[name, "", ""] for name in table["parameter"] if name}, {
        (treatment, within): found for (_, treatment, within), found in rows.items() if treatment
    }


def test_a_tight_prior_in_the_wrong_place_conflicts():
    priors = Priors(coefficients={"promo[some]": "normal(-1.5, 0.25)"})
    parameters, lifts = diagnoses(sensitivity_of("1 + promo", cells_of(60), priors))
    assert parameters["promo[some]"] == "conflict"
    assert lifts["some", "a"] == "conflict"


def test_nothing_leans_on_the_priors_where_data_dominate():
    parameters, lifts = diagnoses(sensitivity_of("1 + promo", cells_of(2000), Priors()))
    assert set(parameters.values()) == set(lifts.values()) == {""}
    assert len(lifts) == 4


def test_few_data_under_a_tight_prior_are_outweighed():
    priors = Priors(slope="normal(0, 0.1)")
    parameters, lifts = diagnoses(sensitivity_of("1 + promo", cells_of(10), priors))
    assert parameters["promo[some]"] == "weak"
    assert lifts["some", "a"] == "weak"


def test_the_spread_of_few_groups_leans_on_its_prior_and_effects_are_left_out():
    table = sensitivity_of("promo + (1 | shop)", cells_of(300), Priors(sd="exponential(2)"))
    parameters, _ = diagnoses(table)
    assert parameters["sd_shop[Intercept]"] != ""
    assert parameters["promo[some]"] == ""
    assert not any(name.startswith("r_") for name in parameters)


def test_it_is_what_arviz_measures():
    cells, priors = cells_of(40), Priors(slope="normal(1, 0.3)")
    fit, data = drawn("1 + promo", cells, priors)
    of_data, of_prior = log_likelihood(fit), log_prior(data, fit.draws)
    named = named_parameters(fit.draws)
    tree = xr.DataTree.from_dict(
        {
            "posterior": xr.Dataset({n: (("chain", "draw"), v) for n, v in named.items()}),
            "log_prior": as_group("log_prior", of_prior),
            "log_likelihood": as_group("log_likelihood", of_data),
        }
    )
    expected = psense_summary(tree, round_to=12)
    rates = standardised_rates(fit, Question("promo"))
    found = measure_sensitivity(fit.draws, rates, of_prior, of_data).set_index("parameter")
    for name in named:
        assert found.loc[name, "to_prior"] == pytest.approx(expected.loc[name, "prior"])
        assert found.loc[name, "to_likelihood"] == pytest.approx(expected.loc[name, "likelihood"])


def test_the_log_prior_is_of_what_has_a_prior_of_its_own():
    priors = Priors(
        intercept="student_t(3, 0, 2)",
        slope="normal(0.5, 0.7)",
        sd="exponential(1)",
        correlation="lkj(3)",
        phi="normal(0, 50)",
    )
    formula, family = "promo + (1 + promo | shop)", Likelihood("beta_binomial")
    fit, data = drawn(formula, cells_of(30), priors, family)
    named = named_parameters(fit.draws)
    expected = (
        stats.t(3, 0, 2).logpdf(named["Intercept"] + data.prior_at[0] * named["promo[some]"])
        + stats.norm(0.5, 0.7).logpdf(named["promo[some]"])
        + stats.expon().logpdf(named["sd_shop[Intercept]"])
        + stats.expon().logpdf(named["sd_shop[promo[some]]"])
        + 2 * np.log(1 - named["cor_shop[Intercept, promo[some]]"] ** 2)
        + stats.norm(0, 50).logpdf(named["phi"])
    )
    found = log_prior(data, fit.draws)
    assert found.shape == (CHAINS, COUNT)
    np.testing.assert_allclose(found - found[0, 0], expected - expected[0, 0], atol=1e-8)


def test_the_log_likelihood_is_that_of_all_cells():
    cells = cells_of(30)
    fit, _ = drawn("promo + (1 | shop)", cells, Priors())
    ((_, whole),) = fit.predict(cells)
    parts = given(cells, lambda _: in_chunks(whole, 2), size=(CHAINS, COUNT))
    mass = stats.binom.logpmf(cells["successes"], cells["trials"], LOGISTIC.rate(whole)).sum(axis=1)
    found = log_likelihood(parts).ravel()
    np.testing.assert_allclose(found - found[0], mass - mass[0], atol=1e-8)


def test_flat_priors_have_no_pull():
    priors = Priors(intercept="flat", slope="flat")
    table = sensitivity_of("1 + promo", cells_of(50), priors)
    assert (table["to_prior"] == 0).all()
    assert (table["to_likelihood"] > 0.05).all()


@pytest.mark.parametrize(
    ("prior", "likelihood", "said"),
    [(0.2, 0.2, "conflict"), (0.2, 0.01, "weak"), (0.01, 0.2, ""), (0.01, 0.01, "")],
)
def test_two_sensitivities_give_a_diagnosis(prior, likelihood, said):
    assert diagnose(prior, likelihood) == said


def offered(tmp_path, variables):
    """Draws of a program of one's own, written and read again."""
    shape = (2, 5, 1)
    population = {"population": np.zeros(shape)}
    tree = label_draws(Draws(population | variables, {}, {}), named(["Intercept"]))
    write_draws(tree, tmp_path / "draws.nc")
    return tree["posterior"].to_dataset(), read_log_prior(tmp_path / "draws.nc")


def test_a_program_of_ones_own_may_tell_its_log_prior(tmp_path):
    values = np.random.default_rng(1).normal(size=(2, 5, 1))
    draws, prior = offered(tmp_path, {"log_prior": values})
    np.testing.assert_array_equal(prior, values[..., 0])
    assert list(named_parameters(draws)) == ["Intercept"]


def test_one_that_does_not_has_no_sensitivity_to_it(tmp_path):
    draws, prior = offered(tmp_path, {})
    assert prior is None
    assert measure_sensitivity(draws, {}, None, np.zeros((2, 5))).empty


def rare(priors, link="logit"):
    """Sensitivities of two arms with 3 and 12 successes among 100,000 contacts each."""
    cells = crossed({"arm": ["a", "b"]}, trials=100_000, successes=np.array([3, 12]))
    fit, data = drawn("1 + arm", cells, priors, Likelihood(link=link))
    rates = standardised_rates(fit, Question("arm"))
    return measure_sensitivity(fit.draws, rates, log_prior(data, fit.draws), log_likelihood(fit))


def test_rates_and_their_ratio_may_lean_where_the_lift_does_not():
    found = rare(Priors(intercept="normal(0, 1)", slope="normal(0, 1)"))
    diagnosis = found.set_index(["kind", "treatment"])["diagnosis"]
    assert diagnosis["lift", "b"] == ""
    assert diagnosis["rate", "a"] == diagnosis["rate", "b"] == diagnosis["ratio", "b"] == "conflict"


def test_no_rate_of_a_rare_event_leans_on_the_priors_that_are_the_default():
    assert (rare(Priors())["diagnosis"] == "").all()


def test_a_rate_is_measured_as_a_cost_is_by_its_logarithm():
    found = sensitivity_of("1 + promo", cells_of(60), Priors())
    kinds = found.groupby("kind").size().to_dict()
    assert kinds == {"parameter": 2, "lift": 4, "rate": 8, "ratio": 4}
    fit, data = drawn("1 + promo", cells_of(60), Priors())
    rates = standardised_rates(fit, Question("promo", "shop"))
    inverted = {key: replace(rate, log_success=-rate.log_success) for key, rate in rates.items()}
    of_costs = measure_sensitivity(
        fit.draws, inverted, log_prior(data, fit.draws), log_likelihood(fit)
    )
    of_rates = found[found["kind"] == "rate"]["to_prior"]
    np.testing.assert_allclose(of_costs[of_costs["kind"] == "rate"]["to_prior"], of_rates)


def test_of_ranked_levels_the_rates_alone_are_told():
    cells = crossed({"arm": ["a", "b"]}, trials=100, successes=np.array([3, 12]))
    fit, data = drawn("1 + arm", cells, Priors())
    given_to = standardised_rates(fit, Question("arm"))
    densities = log_prior(data, fit.draws), log_likelihood(fit)
    found = measure_sensitivity(fit.draws, given_to, *densities, contrasted=False)
    assert set(found["kind"]) == {"parameter", "rate"}
    assert found[found["kind"] == "rate"]["treatment"].tolist() == ["a", "b"]
