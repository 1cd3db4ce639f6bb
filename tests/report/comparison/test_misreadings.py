"""Readings of an estimate that would be wrong, shown by the estimates themselves."""

from dataclasses import replace

import numpy as np

from partialpool.report.comparison import misreadings

from ...factories.comparisons import (
    ALONE_EFFECTS,
    COEFFICIENTS,
    LABELS,
    PARAMETERS,
    predictions,
)
from ...factories.names import coefficients_of
from ..sentences import says


def test_an_interaction_that_spans_0_is_not_read_as_no_effect():
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(PARAMETERS, COEFFICIENTS, both, LABELS)
    assert says(text, "interaction model", "`promo[Yes]`", "−0.80", "shop is A", "alone")
    assert says(text, "`promo[Yes]:shop[B]` spans", "0", "0.10", "89%", "−0.06", "0.26")
    assert says(text, "in B **lies below 0**", "−0.70", "above 0", "below 0.1%")


def test_a_coefficient_in_log_odds_is_not_read_as_a_factor():
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(PARAMETERS, COEFFICIENTS, both, LABELS)
    assert says(text, "ratio of two odds ratios", "13.5", "6.0", "median")


def test_without_interactions_there_is_nothing_to_misread():
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    none = dict.fromkeys(LABELS.models, COEFFICIENTS["multilevel"])
    text = misreadings.state_misreadings(PARAMETERS, none, both, LABELS)
    assert text.startswith("No model here has a coefficient")


def test_exponentiating_a_mean_and_a_standard_deviation_is_shown_to_be_wrong():
    text = misreadings.warn_of_exponentiating({"interaction": ALONE_EFFECTS}, LABELS)
    wrong, right = "0.50", f"{np.exp(0.3):.2f}"
    assert says(text, "the bundle", "in B", "interaction", wrong, right, "mean", "0.50", "0.40")


def test_the_uncertainty_of_a_rate_is_told_from_that_of_an_outcome():
    text = misreadings.compare_rate_and_outcome(predictions(), "multilevel", 100, LABELS)
    assert says(text, "multilevel", r"Yes, \<i\>C\</i\>", "30.0%", "4.0", "points")
    assert says(text, "single contact", "45.8", "points")
    assert says(text, "100", "future contacts", "30.0", "6.1")


def test_a_coefficient_of_another_link_is_no_ratio_of_odds_ratios():
    labels = replace(LABELS, links={"interaction": "probit"})
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(PARAMETERS, COEFFICIENTS, both, labels)
    assert "too, but is another number, as a log odds ratio: 1.80" in text
    assert "ratio of two odds ratios" not in text


def test_an_effect_that_depends_on_more_says_where_the_coefficient_holds():
    labels = replace(LABELS, numbers=["age"])
    of = COEFFICIENTS | {"interaction": coefficients_of("promo * shop + promo:age", labels)}
    both = dict.fromkeys(LABELS.models, ALONE_EFFECTS)
    text = misreadings.state_misreadings(PARAMETERS, of, both, labels)
    assert "alone, with every other factor at its reference level and numbers at 0, and" in text
