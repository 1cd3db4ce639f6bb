"""Pictures of scales: the curve from log-odds to rates, and priors."""

import re

import pandas as pd
import pytest

from partialpool.cells.exploration import tabulate_margins
from partialpool.decision.log_odds import bridge
from partialpool.model.prior_scales import SCALES, list_priors, summarise_priors, tabulate_densities
from partialpool.report.labels import Labels
from partialpool.report.log_odds.figures import draw_curve, draw_priors

PRIORS = list_priors(["student_t(3, 0, 2.5)"])


def labels_of(treatments):
    factors = {"promo": treatments, "channel": ["Mail", "Park"]}
    return Labels(factors, {}, "promo", "channel", "bought", "passes", ["m"], 0.89)


def curve(counts):
    """The curve of {treatment: (successes, trials)}."""
    labels = labels_of(list(counts))
    cells = pd.DataFrame(
        [(t, c, *n) for t, n in counts.items() for c in ("Mail", "Park")],
        columns=["promo", "channel", "successes", "trials"],
    )
    for name, levels in labels.factors.items():
        cells[name] = pd.Categorical(cells[name], list(levels), ordered=True)
    margins = tabulate_margins(cells)
    return draw_curve(bridge(margins, None, "promo", list(counts)), labels)


def texts(figure):
    return re.findall(r"<text[^>]*>([^<]*)</text>", figure.svg)


@pytest.fixture(scope="module")
def priors():
    densities, summaries = tabulate_densities(PRIORS), summarise_priors(PRIORS, 0.89)
    return {s: draw_priors(densities, summaries, s, labels_of(["a", "b"])) for s in SCALES}


def test_the_curve_marks_each_rate_and_the_example():
    figure = curve({"NoBundle": (670, 1482), "Bundle": (919, 1674)})
    assert {"NoBundle", "−0.19 is 45.2%", "0.20 is 54.9%", "4 to 1", "is 80%"} <= set(texts(figure))
    assert "NoBundle, counts: −0.19 is 45.2%; Bundle, counts: 0.20 is 54.9%" in figure.alt
    assert "pooled model" not in figure.alt


@pytest.mark.parametrize("successes", [0, 20])
def test_rates_at_the_ends_of_the_scale_are_named_though_they_cannot_be_marked(successes):
    figure = curve({"a": (successes, 20), "b": (5, 20)})
    assert "∞" in figure.alt


def test_many_treatments_with_odd_names_are_all_named():
    names = ["_a", "<b>", "🎁", "a very long name of an offer that goes on", "e", "f"]
    figure = curve({name: (3 + i, 20) for i, name in enumerate(names)})
    shown = " ".join(texts(figure))
    assert all(name in shown for name in ("_a", "&lt;b&gt;", "a very l…", "e: ", "f: "))


def test_rare_successes_stay_on_the_curve():
    figure = curve({"a": (3, 10_000), "b": (2, 10_000)})
    assert "0.030%" in " ".join(texts(figure))


def test_priors_are_named_on_every_scale_and_told_with_their_masses(priors):
    for figure in priors.values():
        assert {"normal(0, 1)", "normal(0, 5)"} <= set(texts(figure))
        assert "student_t(3, 0, 2.5): 89% from" in figure.alt
    assert "normal(0, 1): 89% from −1.6 to 1.6, 98.8% within 2.5 of 0" in priors["log_odds"].alt
    assert "35.8% below 1% or above 99%" in priors["rate"].alt
    assert "89% from −30.5 to +30.5" in priors["lift"].alt


def test_captions_say_what_shade_bar_and_dot_are(priors):
    assert "within 2.5 log-odds" in priors["log_odds"].caption
    assert "89% intervals" in priors["lift"].caption


def test_the_log_odds_of_priors_are_also_read_as_probabilities(priors):
    assert "as a probability" in texts(priors["log_odds"])
    assert "50%" in texts(priors["log_odds"])
