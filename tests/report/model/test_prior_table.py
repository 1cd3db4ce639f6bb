"""Priors as they are stated, and as distributions."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit

from partialpool.model.beliefs import ModelPriors
from partialpool.report.labels import Labels
from partialpool.report.model.prior_table import central, tabulate_priors
from partialpool.sampling.stan_data import tabulate_rows
from partialpool.settings import Priors
from partialpool.settings.priors import parse_prior

from ...factories.names import named, term

LABELS = Labels(
    {"promo": ["No", "Yes"], "shop": ["A", "B"]}, {}, "promo", "shop", "v", "n", ["m"], 0.89
)
TERM = term("shop", ["A", "B"], "Intercept")
PARAMETERS = ("promo[Yes]", "sd_shop[Intercept]")
PRIORS = {
    "intercept": "normal(0, 1)",
    "slope": "normal(0, 1)",
    "sd": "normal(0, 1)",
    "correlation": "lkj(1)",
    "phi": "cauchy(0, 100)",
    "coefficients": {},
}


def table(labels=LABELS, phi=False, program=None, link="logit", spreads=(1, 1), **priors):
    settings = {"priors": PRIORS | priors, "link": link, "program": program}
    names = named(["Intercept", "promo[Yes]"], TERM, phi=phi)
    return tabulate_priors(settings, names, design_of(settings["priors"], spreads), labels, "m")


def design_of(priors, spreads=(1, 1)):
    """What Stan's data say of priors: of a slope and of a standard deviation, in so many units."""
    stated = ModelPriors(Priors(**priors), spreads=dict(zip(PARAMETERS, spreads, strict=True)))
    of = zip(("slope", "sd"), PARAMETERS, strict=True)
    tables = {f"{kind}_prior": tabulate_rows([stated.prior(kind, name)]) for kind, name in of}
    return {"coefs": [2], **tables}


def test_only_the_priors_that_a_model_has_are_shown():
    assert list(table().frame.index) == ["intercept", "slope", "sd"]
    assert ("", "stated as") not in table().frame


def test_a_belief_stands_beside_the_distribution_that_it_became():
    frame = table(intercept="rate(0.05, 0.2)", slope="odds_ratio(3)", sd="lift(0.1)").frame
    assert frame["", "stated as"].tolist() == ["rate(0.05, 0.2)", "odds_ratio(3)", "lift(0.1)"]
    assert frame.loc["slope", ("", "distribution")] == "normal(0, 0.561)"
    assert frame.loc["intercept", ("89% interval", "from")] < -2


def test_a_coefficient_with_a_prior_of_its_own_has_a_row_by_its_name():
    own = {"promo[Yes]": "normal(1, 0.5)", "Intercept": "student_t(3, 0, 2)"}
    frame = table(coefficients=own).frame
    assert list(frame.index) == ["intercept", "slope", "sd", "promo[Yes]"]
    assert frame.loc["intercept", ("", "distribution")] == "student_t(3, 0, 2)"
    assert frame.loc["promo[Yes]", ("", "distribution")] == "normal(1, 0.5)"


def test_a_slope_of_a_number_has_the_prior_as_written_and_on_its_own_scale():
    shown = table(slope="normal(0, 2.5)", spreads=(0.01, 100))
    frame = shown.frame
    assert list(frame.index) == ["intercept", "slope", "sd", *PARAMETERS]
    assert frame["", "stated as"].tolist()[1:4] == [
        "normal(0, 2.5)",
        "normal(0, 1)",
        "normal(0, 2.5)",
    ]
    assert frame.loc["promo[Yes]", ("", "distribution")] == "normal(0, 250)"
    assert frame.loc["sd_shop[Intercept]", ("", "distribution")] == "normal(0, 0.01)"
    assert "one SD is 0.01" in frame.loc["promo[Yes]", ("", "of what")]
    assert "standard deviation (SD) of it over contacts" in frame.loc["slope", ("", "of what")]
    assert ">0.00069<" in shown._repr_html_()


def test_a_slope_of_a_number_with_a_prior_by_its_name_is_told_on_its_own_scale():
    frame = table(coefficients={"promo[Yes]": "normal(0, 3)"}, spreads=(0.01, 1)).frame
    assert list(frame.index) == ["intercept", "slope", "sd", "promo[Yes]"]
    assert frame.loc["promo[Yes]", ("", "distribution")] == "normal(0, 3)"
    assert "SD" not in "".join(frame["", "of what"])


def test_a_flat_prior_has_no_interval():
    html = table(slope="flat")._repr_html_()
    assert html.count('class="none"') == 4
    assert "nan" not in html


def test_the_scale_of_a_link_is_named():
    labels = Labels(**vars(LABELS) | {"links": {"m": "probit"}})
    shown = table(labels=labels, link="probit")
    assert shown.note == "On the probit scale."
    assert "log-odds" not in shown._repr_html_()


def test_what_priors_mean_is_told_as_rates():
    """Of an intercept the rate itself, of all else what the base rate becomes by as much."""
    shown = table(intercept="rate(0.1, 0.3, 0.89)", slope="normal(0, 1)", sd="normal(0, 1)")
    base = expit((logit(0.1) + logit(0.3)) / 2)
    edge = stats.norm.ppf(0.945)
    rates = shown.frame[f"as rates, from {100 * base:.1f}%"]
    assert rates.loc["intercept"].tolist() == pytest.approx([0.1, 0.3])
    low, high = expit(logit(base) - edge), expit(logit(base) + edge)
    assert rates.loc["slope"].tolist() == pytest.approx([low, high])
    ends = stats.halfnorm.ppf([0.055, 0.945])
    assert rates.loc["sd"].tolist() == pytest.approx(expit(logit(base) + ends))
    assert table(phi=True).frame["as rates, from 50.0%"].loc["phi"].isna().all()


def test_they_are_told_on_the_scale_of_the_link():
    rates = table(link="probit", intercept="flat").frame["as rates, from 50.0%"]
    assert rates.loc["intercept"].isna().all()
    edge = stats.norm.ppf(0.945)
    assert rates.loc["slope"].tolist() == pytest.approx(
        [stats.norm.cdf(-edge), stats.norm.cdf(edge)]
    )


def test_a_precision_has_a_prior_too():
    frame = table(phi=True).frame
    low, high = frame.loc["phi", "89% interval"]
    assert stats.halfcauchy(scale=100).cdf([low, high]) == pytest.approx([0.055, 0.945])


def test_a_program_of_ones_own_is_said_to_need_none_of_them():
    assert "own program need not use them" in table(program="mine.stan").note


def test_the_interval_of_each_prior_is_that_of_its_distribution():
    inside = {"normal(1, 2)": ("slope", 1.0), "student_t(3, 0, 2.5)": ("slope", 0.0)}
    for text, (of, centre) in inside.items():
        low, high = central(parse_prior(text, of), of, 0.89, 0)
        assert (low + high) / 2 == pytest.approx(centre)
    low, high = central(parse_prior("normal(0, 2)", "sd"), "sd", 0.9, 0)
    assert stats.halfnorm(scale=2).cdf([low, high]) == pytest.approx([0.05, 0.95])
    assert central(parse_prior("lkj(1)", "correlation"), "correlation", 0.8, 2) == pytest.approx(
        (-0.8, 0.8)
    )
    low, high = central(parse_prior("exponential(2)", "sd"), "sd", 0.9, 0)
    assert 1 - np.exp(-2 * np.array([low, high])) == pytest.approx([0.05, 0.95])
    low, high = central(parse_prior("cauchy(0, 1)", "slope"), "slope", 0.5, 0)
    assert (low, high) == pytest.approx((-1, 1))
