"""The scale explained: from counts to coefficients, and what priors say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from partialpool.cells.exploration import tabulate_margins
from partialpool.decision.log_odds import bridge, pick
from partialpool.model.prior_scales import list_priors, summarise_priors
from partialpool.report.labels import Labels
from partialpool.report.log_odds.priors import (
    describe_priors,
    judge_priors,
    round_numbers,
    share,
)
from partialpool.report.log_odds.tables import tabulate_bridge, tabulate_priors
from partialpool.report.log_odds.text import (
    explain_bridge,
    explain_links,
    explain_odds,
    warn_of_ratios,
)

LABELS = Labels(
    {"promo": ["NoBundle", "Bundle"], "channel": ["Mail", "Park"]},
    {"promo": {"NoBundle": "the pass alone", "Bundle": "the bundle"}},
    "promo",
    "channel",
    "bought a season pass",
    "passes",
    ["baseline"],
    0.89,
)
OWN = {"intercept": "normal(0, 1)", "slope": "normal(0, 1)"}


def margins_of(reference, treated):
    """Margins of (successes, trials) under the two treatments."""
    rows = [("NoBundle", "Mail", *reference), ("Bundle", "Park", *treated)]
    cells = pd.DataFrame(rows, columns=["promo", "channel", "successes", "trials"])
    for name, levels in LABELS.factors.items():
        cells[name] = pd.Categorical(cells[name], list(levels), ordered=True)
    return tabulate_margins(cells)


def steps(margins, effects=None):
    return bridge(margins, effects, "promo", LABELS.factors["promo"])


@pytest.fixture
def margins():
    return margins_of((670, 1482), (919, 1674))


@pytest.fixture
def effects():
    """A pooled fit, of which only the overall rows matter."""
    found = {
        ("NoBundle", "rate"): 0.4524,
        ("NoBundle", "log_odds"): -0.1912,
        ("Bundle", "rate"): 0.5488,
        ("Bundle", "log_odds"): 0.1959,
        ("Bundle", "lift"): 0.0965,
        ("Bundle", "odds_ratio"): 1.4728,
        ("Bundle", "log_odds_ratio"): 0.3872,
        ("Bundle", "relative_rate"): 1.2132,
    }
    return pd.DataFrame(
        [
            {"within": where, "treatment": t, "quantity": q, "median": value + (where != "")}
            | {"lower": value - 0.08, "upper": value + 0.08}
            for where in ("", "Mail")
            for (t, q), value in found.items()
        ]
    )


def test_four_to_one_is_eighty_percent():
    said = explain_odds(LABELS)
    assert "Odds of 4 to 1" in said
    assert "80%" in said
    assert "1.39" in said


def test_the_bridge_meets_the_counts_by_hand(margins):
    table = steps(margins)
    assert pick(table, "NoBundle", "odds", "counts") == pytest.approx(670 / 812)
    assert pick(table, "NoBundle", "log_odds", "counts") == pytest.approx(-0.1922, abs=1e-4)
    assert pick(table, "Bundle", "odds_ratio", "counts") == pytest.approx(1.475, abs=1e-3)
    assert pick(table, "Bundle", "log_odds_ratio", "counts") == pytest.approx(0.3888, abs=1e-4)


def test_the_fit_stands_beside_the_counts_and_its_odds_are_exact_quantiles(margins, effects):
    table = steps(margins, effects)
    assert pick(table, "Bundle", "odds_ratio") == 1.4728
    assert pick(table, "NoBundle", "odds", "lower") == pytest.approx(np.exp(-0.1912 - 0.08))


def test_the_odds_are_said_to_be_higher_by_a_percentage(margins, effects):
    said = explain_bridge(steps(margins, effects), LABELS)
    assert "The odds are 47% higher with the bundle." in said
    assert "odds ratio of 1.475 in the counts and of 1.473 in the pooled model" in said
    assert "89% interval" in said


def test_without_a_pooled_model_the_counts_stand_alone(margins):
    table = steps(margins)
    assert "pooled model" not in explain_bridge(table, LABELS)
    shown = tabulate_bridge(table, margins, [], LABELS)
    assert "pooled model" not in shown.frame.columns.get_level_values(0)
    assert "only the counts" in shown.note


def test_an_odds_ratio_is_set_against_the_ratio_of_rates(margins):
    said = warn_of_ratios(steps(margins), LABELS)
    assert "the odds are 48% higher, the rate is 21% higher" in said
    assert "54.9% against 45.2%, +9.7 points" in said


def test_large_ratios_are_said_as_times_and_losses_as_lower():
    assert "6.1 times as high" in warn_of_ratios(
        steps(margins_of((5, 100), (2430, 10_000))), LABELS
    )
    assert "lower" in warn_of_ratios(steps(margins_of((50, 100), (30, 100))), LABELS)


AT_THE_ENDS = [
    ((0, 10), (5, 10)),
    ((10, 10), (5, 10)),
    ((5, 10), (0, 10)),
    ((5, 10), (10, 10)),
    ((0, 10), (0, 10)),
    ((10, 10), (10, 10)),
    ((0, 10), (10, 10)),
    ((10, 10), (0, 10)),
]


@pytest.mark.parametrize("fitted", [True, False])
@pytest.mark.parametrize(("reference", "treated"), AT_THE_ENDS)
def test_counts_of_none_or_all_are_told_in_words_that_are_true(reference, treated, fitted, effects):
    margins = margins_of(reference, treated)
    table = steps(margins, effects if fitted else None)
    said = explain_bridge(table, LABELS) + warn_of_ratios(table, LABELS)
    for word in ("nan", "∞", "undefined", "infinitely", "not to be compared"):
        assert word not in said
    shown = tabulate_bridge(table, margins, [], LABELS)
    html = shown._repr_html_()
    assert "nan" not in html
    assert "inf" not in html.replace("infinite", "")
    for word in ("inverse logit of −∞", "inverse logit of ∞", "+ ∞", "+ −∞", "÷ ∞", "÷ 0<"):
        assert word not in html
    back = shown.frame["counts", "value"]["Bundle", "rate, back again"]
    assert back == "none"  # an infinite logarithm leads nowhere
    counted = reference[0] in (0, reference[1]) or treated[0] == treated[1]
    assert ("No odds ratio can be had from the counts" in said) == (counted and not fitted)
    assert ("odds of 0 to 1, which have no finite logarithm" in said) == (
        0 in (reference[0], treated[0])
    )
    assert ("all of the contacts bought" in said) == (10 in (reference[0], treated[0]))


def test_a_rate_of_none_is_all_of_it_lower_which_is_a_ratio():
    said = explain_bridge(steps(margins_of((5, 10), (0, 10))), LABELS)
    assert "**The odds are 100% lower with the bundle.** That is an odds ratio of 0" in said


def test_the_table_ends_where_it_began_and_names_the_coefficients(margins, effects):
    names = ["Intercept", "promo[Bundle]"]
    frame = tabulate_bridge(steps(margins, effects), margins, names, LABELS).frame
    values = frame["counts", "value"]
    assert values["Bundle", "rate"] == values["Bundle", "rate, back again"] == "54.9%"
    coefficients = frame["", "coefficient"]
    assert coefficients["NoBundle", "log-odds"] == "Intercept"
    assert coefficients["Bundle", "log odds ratio"] == "promo[Bundle]"


def test_a_model_without_an_intercept_has_no_coefficient_named_for_the_slope(margins, effects):
    names = ["promo[NoBundle]", "promo[Bundle]"]
    frame = tabulate_bridge(steps(margins, effects), margins, names, LABELS).frame
    assert ("", "coefficient") not in frame


def test_the_analysis_own_prior_is_told_with_the_numbers_of_the_table():
    summaries = summarise_priors(list_priors([]), 0.89)
    said = describe_priors(summaries, OWN, LABELS)
    frame = tabulate_priors(summaries, LABELS).frame
    mass = frame.loc["normal(0, 1)", ("log-odds", "within 2.5 of 0")]
    assert share(mass) == "98.8%"
    assert "98.8%" in said
    assert "intercepts and slopes" in said


def test_different_priors_of_intercept_and_slope_are_told_apart():
    own = {"intercept": "student_t(3, 0, 2.5)", "slope": "normal(0, 2)"}
    said = describe_priors(summarise_priors(list_priors(own.values()), 0.89), own, LABELS)
    assert "**student\\_t\\(3, 0, 2.5\\)** on intercepts," in said
    assert "on slopes," in said


def test_the_widest_prior_is_said_to_be_the_least_neutral():
    said = judge_priors(summarise_priors(list_priors([]), 0.89), LABELS)
    assert "normal\\(0, 5\\) puts 35.8%" in said
    assert "normal\\(0, 1\\) under 0.1%" in said


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.0%"), (4e-6, "under 0.1%"), (0.5, "50.0%"), (0.99999, "over 99.9%"), (1, "100.0%")],
)
def test_a_probability_is_nothing_or_everything_only_where_it_is(value, text):
    assert share(value) == text


def test_models_on_another_scale_are_named():
    labels = replace(LABELS, models=["a", "b", "c"], links={"b": "probit", "c": "probit"})
    said = explain_links(labels)
    assert said.startswith("The b and c models work on the probit scale instead.")
    assert "come from their rates" in said
    assert explain_links(LABELS) == ""


def test_the_odds_of_traits_are_those_of_who_has_them(margins):
    phrases = {"promo": {"NoBundle": "men", "Bundle": "women"}}
    labels = replace(LABELS, phrases=phrases, treatment_is="trait")
    said = explain_bridge(steps(margins), labels) + warn_of_ratios(steps(margins), labels)
    assert "**The odds are 48% higher for women.**" in said
    assert "For women the odds are 48% higher" in said


def test_counts_of_zero_are_infinite_log_odds_in_the_table():
    margins = margins_of((0, 10), (10, 10))
    html = tabulate_bridge(steps(margins), margins, [], LABELS)._repr_html_()
    assert ">−∞</td>" in html
    assert ">∞</td>" in html


def test_of_many_treatments_some_are_bridged():
    levels = [f"offer {i}" for i in range(12)]
    labels = replace(LABELS, factors=LABELS.factors | {"promo": levels}, phrases={})
    rows = [(level, "Mail", 5 + i, 50) for i, level in enumerate(levels)]
    cells = pd.DataFrame(rows, columns=["promo", "channel", "successes", "trials"])
    for name, of in labels.factors.items():
        cells[name] = pd.Categorical(cells[name], list(of), ordered=True)
    table = bridge(tabulate_margins(cells), None, "promo", levels)
    assert explain_bridge(table, labels).count("**The odds are") == 6


def test_an_analysis_beliefs_are_told_with_what_they_mean():
    own = {"intercept": "rate(0.05, 0.2)", "slope": "odds_ratio(3)"}
    summaries = summarise_priors(list_priors(own.values()), 0.89)
    said = describe_priors(summaries, own, LABELS)
    assert "**rate\\(0.05, 0.2\\)**, which is normal\\(-2.17, 0.397\\), on intercepts" in said
    intercepts, slopes = said.split("**odds")
    assert "lifts" not in intercepts
    assert "of rates to be" not in slopes
    assert ("", "distribution") in tabulate_priors(summaries, LABELS).frame


def test_a_flat_prior_of_an_analysis_is_said_to_hold_nothing_implausible():
    own = {"intercept": "normal(0, 1)", "slope": "flat"}
    said = describe_priors(summarise_priors(list_priors(own.values()), 0.89), own, LABELS)
    assert "puts a **flat** prior on slopes" in said
    assert "however extreme" in said


def test_the_numbers_of_a_distribution_are_rounded():
    assert round_numbers("normal(-2.16512, 0.39721)") == "normal(-2.17, 0.397)"
    assert round_numbers("student_t(3, 0, 2.5)") == "student_t(3, 0, 2.5)"


def test_where_levels_are_ranked_there_is_no_bridge():
    labels = replace(LABELS, treatment="channel", treatment_is="level")
    nothing = pd.DataFrame()
    assert explain_bridge(nothing, labels) == warn_of_ratios(nothing, labels) == ""
    assert tabulate_bridge(nothing, nothing, [], labels) is None
