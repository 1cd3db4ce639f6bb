"""What priors say on the scales of log-odds, rates and lifts."""

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit, logit, ndtr

from partialpool.model.prior_scales import (
    COMPARED,
    SCALES,
    distributions,
    list_priors,
    summarise_priors,
    tabulate_densities,
)
from partialpool.settings.priors import parse_prior

STUDENT = "student_t(3, 0, 2.5)"


def prior(text):
    return parse_prior(text, "slope")


def summary(text, interval=0.89):
    return summarise_priors({text: prior(text)}, interval).set_index("scale")


@pytest.mark.parametrize("sd", [1, 2, 5])
def test_masses_are_those_of_scipy(sd):
    rows = summary(f"normal(0, {sd})")
    normal = stats.norm(0, sd)
    assert rows.at["log_odds", "mass"] == pytest.approx(normal.cdf(2.5) - normal.cdf(-2.5))
    assert rows.at["rate", "mass"] == pytest.approx(2 * normal.cdf(logit(0.01)))


def test_a_wide_prior_puts_a_third_of_all_rates_at_the_ends_and_a_narrow_one_none():
    assert summary("normal(0, 1)").at["rate", "mass"] < 1e-5
    assert summary("normal(0, 5)").at["rate", "mass"] == pytest.approx(0.358, abs=0.001)


def test_intervals_of_a_rate_are_the_inverse_logits_of_those_of_log_odds():
    rows = summary("normal(-2, 1.5)", 0.8)
    quantiles = stats.norm(-2, 1.5).ppf([0.1, 0.5, 0.9])
    assert rows.loc["log_odds", ["lower", "median", "upper"]].tolist() == pytest.approx(quantiles)
    assert rows.loc["rate", ["lower", "median", "upper"]].tolist() == pytest.approx(
        expit(quantiles)
    )


@pytest.mark.parametrize("text", [*COMPARED, STUDENT, "normal(-3, 1)", "cauchy(0, 2)"])
def test_the_lift_is_what_drawing_at_random_gives(text):
    generator = np.random.default_rng(7)
    given = prior(text)
    family = stats.norm if given.family == "normal" else stats.t(given.df)
    first, second = (
        given.location + given.scale * family.rvs(size=400_000, random_state=generator)
        for _ in range(2)
    )
    lifts = expit(first + second) - expit(first)
    row = summary(text).loc["lift"]
    for column, share in (("lower", 0.055), ("median", 0.5), ("upper", 0.945)):
        below = ((lifts < row[column]).mean() + (lifts <= row[column]).mean()) / 2
        assert below == pytest.approx(share, abs=0.004)  # where both rates round to 1, lifts tie
    assert row["mass"] == pytest.approx((abs(lifts) > 0.5).mean(), abs=0.004)


def test_the_midpoint_rule_agrees_with_adaptive_quadrature():
    normal = stats.norm(0, 2)

    def below(first, lift=0.2):
        return normal.pdf(first) * normal.cdf(logit(np.clip(expit(first) + lift, 0, 1)) - first)

    exact = integrate.quad(below, -20, 20, points=[-2, 0, logit(0.8), 4], limit=400)[0]
    assert distributions(prior("normal(0, 2)"))["lift"](np.array([0.2]))[0] == pytest.approx(
        exact, abs=1e-6
    )


def test_a_prior_that_favours_no_side_has_a_lift_that_favours_none():
    row = summary("normal(0, 2)").loc["lift"]
    assert row["median"] == 0
    assert row["lower"] == pytest.approx(-row["upper"])


def test_densities_hold_all_probability_that_lies_on_their_grid():
    table = tabulate_densities({text: prior(text) for text in ("normal(0, 2)", STUDENT)})
    for (_, scale), rows in table.groupby(["prior", "scale"]):
        width = np.diff(rows["value"]).mean()
        total = (rows["density"] * width).sum()
        assert total == pytest.approx(1, abs=0.015 if scale == "log_odds" else 1e-9)
        assert (rows["density"] >= 0).all()


def test_the_density_of_a_rate_is_the_logit_normal():
    table = tabulate_densities({"normal(0, 1)": prior("normal(0, 1)")})
    rows = table[(table["scale"] == "rate") & table["value"].between(0.1, 0.9)]
    exact = stats.norm.pdf(logit(rows["value"])) / (rows["value"] * (1 - rows["value"]))
    assert rows["density"].to_numpy() == pytest.approx(exact.to_numpy(), abs=1e-3)


def test_an_analysis_own_priors_stand_beside_the_compared_ones_each_once():
    assert list(list_priors(["normal(0, 1)", STUDENT, STUDENT])) == [*COMPARED, STUDENT]


def test_every_prior_has_a_row_on_every_scale():
    table = summarise_priors(list_priors([]), 0.5)
    assert table["scale"].tolist() == [*SCALES] * len(COMPARED)


@pytest.mark.parametrize(
    ("link", "inverse"), [("probit", ndtr), ("cloglog", lambda eta: 1 - np.exp(-np.exp(eta)))]
)
def test_with_another_link_each_scale_is_what_drawing_at_random_gives(link, inverse):
    generator = np.random.default_rng(8)
    first, second = generator.normal(-1, 0.7, (2, 400_000))
    rates, lifts = inverse(first), inverse(first + second) - inverse(first)
    drawn = {"log_odds": logit(rates), "rate": rates, "lift": lifts}
    table = summarise_priors({"own": prior("normal(-1, 0.7)")}, 0.89, link).set_index("scale")
    for scale, values in drawn.items():
        for column, share in (("lower", 0.055), ("median", 0.5), ("upper", 0.945)):
            assert (values < table.at[scale, column]).mean() == pytest.approx(share, abs=0.004)
    inside = (abs(drawn["log_odds"]) < 2.5).mean()
    assert table.at["log_odds", "mass"] == pytest.approx(inside, abs=0.004)


def test_densities_hold_all_probability_whatever_the_link():
    table = tabulate_densities({"own": prior("normal(-1, 0.7)")}, "cloglog")
    for scale, rows in table.groupby("scale"):
        total = (rows["density"] * np.diff(rows["value"]).mean()).sum()
        assert total == pytest.approx(1, abs=0.015 if scale == "log_odds" else 1e-9)


def test_beliefs_are_listed_as_they_are_stated_with_the_distributions_that_they_became():
    priors = list_priors(["rate(0.05, 0.2)", "rate_ratio(3)"])
    assert list(priors) == [*COMPARED, "rate(0.05, 0.2)", "rate_ratio(3)"]
    table = summarise_priors(priors, 0.95).set_index(["prior", "scale"])
    base = table.loc[("rate(0.05, 0.2)", "rate")]
    assert [base["lower"], base["upper"]] == pytest.approx([0.05, 0.2])
    assert table.at[("rate_ratio(3)", "lift"), "distribution"].startswith("normal(0, 0.6")


def test_flat_priors_say_nothing_on_any_scale_and_are_left_out():
    assert list(list_priors(["flat", "flat"])) == [*COMPARED]
    assert list(list_priors(["flat", "odds_ratio(3)"])) == [*COMPARED, "odds_ratio(3)"]
