"""Sentences, tables and pictures of calibration: verdicts first, deviations by what they mean."""

import numpy as np
import pandas as pd
import pytest

from partialpool.calibration.ranks import judge_calibration, picture_ranks, summarise_ranks
from partialpool.report.calibration import text as say
from partialpool.report.calibration.figures import draw_ecdfs, draw_histograms
from partialpool.report.calibration.tables import tabulate_ranks
from partialpool.report.labels import Labels
from partialpool.settings import Calibration

RANKED, ALARM = 99, 0.01
SHAPES = {"right": (1, 1), "narrow": (0.4, 0.4), "wide": (3, 3), "high": (1, 2), "low": (2, 1)}


def labels(made):
    return Labels(**{**made.labels.__dict__, "models": ["one", "two"]})


def study(**shapes):
    """Ranks of some quantities of given shapes: their table, the verdict, the summary."""
    generator = np.random.default_rng(2)
    parts = [
        pd.DataFrame({"parameter": name, "rank": (generator.beta(*of, 300) * 100).astype(int)})
        for name, of in shapes.items()
    ]
    ranks = pd.concat(parts)
    fits = pd.DataFrame({"failed": [0] * 300, "tries": 1, "divergent": 0, "depth_hits": 0})
    fits = fits.assign(ebfmi=1.0, ess=400.0)
    summary = summarise_ranks(ranks, RANKED, ALARM)
    return ranks, judge_calibration(summary, fits, ALARM, RANKED, 0.3), summary


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        ({}, "No model of this analysis could be calibrated"),
        ({"one": True}, "The one model is as sure as it should be"),
        ({"one": True, "two": True}, "Both models are as sure as they should be"),
        (
            {"one": True, "two": False},
            "The two model is not calibrated: its intervals cannot be taken at their word; the "
            "other is",
        ),
        (
            {"one": False, "two": False, "a_b": True, "c": True},
            "The one and two models are not calibrated: their intervals cannot be taken at their "
            "word; the other two are",
        ),
    ],
)
def test_the_page_opens_with_which_models_are_calibrated(passed, said):
    verdicts = {name: {"passed": value} for name, value in passed.items()}
    assert say.conclude(verdicts) == f"**{said}.**"


def test_a_model_that_passes_is_told_with_its_least_even_quantity():
    _, verdict, summary = study(a=SHAPES["right"], b=SHAPES["right"])
    said = say.judge_model("one", verdict, summary)
    assert "none of 4 tests of 2 quantities over 300 data sets finds a deviation" in said
    least = summary.set_index("parameter")[["histogram_p", "ecdf_p"]].min(axis=1).idxmin()
    assert f"those of `{least}`" in said


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("narrow", "the intervals are too narrow"),
        ("wide", "the intervals are too wide"),
        ("high", "the draws are too high, the truth is mostly below them"),
        ("low", "the draws are too low, the truth is mostly above them"),
    ],
)
def test_a_deviation_is_told_by_what_it_means(shape, said):
    _, verdict, summary = study(a=SHAPES["right"], bad=SHAPES[shape])
    judged = say.judge_model("one", verdict, summary)
    assert "**The one model is not calibrated:**" in judged
    assert said in judged
    assert "`a`" not in judged


def test_troubled_fits_are_told_and_kept():
    _, verdict, _ = study(a=SHAPES["right"])
    assert say.state_troubles({"one": verdict}) == []
    told = say.state_troubles({"one": verdict | {"divergent": 3, "low_ess": 1, "troubled": 4}})
    assert told == [
        "In 4 of the 300 fits of the one model the sampler had trouble in the end: 3 had "
        "divergent transitions and 1 had fewer effective draws than the truth was ranked among. "
        "Those fits are in the tests with the rest."
    ]


def test_fits_that_were_sampled_again_are_counted():
    _, verdict, summary = study(a=SHAPES["right"])
    assert "sampled again" not in say.judge_model("one", verdict, summary)
    one, more = (say.judge_model("one", verdict | {"repaired": n}, summary) for n in (1, 12))
    assert "One of the 300 fits was sampled again" in one
    assert "12 of the 300 fits were sampled again" in more


def test_models_that_were_left_out_are_told_why():
    said = say.state_left_out({"one": "flat", "two": "program"})
    assert "flat prior" in said[0]
    assert "`prior_only`" in said[1]


def test_the_false_alarm_rate_is_stated():
    verdicts = {"one": study(a=SHAPES["right"])[1]}
    assert "at most 1% of such studies" in say.state_test(verdicts)[0]
    assert say.state_test({}) == []


def test_the_explanation_counts_the_draws_of_the_settings():
    said = say.explain(Calibration(draws=400, ranked=49).model_dump())
    assert "with 2 chains of 400 draws after 500 of warm-up" in said
    assert "Of its 800 draws, 49 evenly spread ones" in said


def test_pictures_and_table_show_the_least_even_quantities(made):
    shapes = {f"p{i}": SHAPES["right"] for i in range(30)} | {"bad": SHAPES["narrow"]}
    ranks, _, summary = study(**shapes)
    bins, points = picture_ranks(ranks, ["p1", "p2", "bad"], RANKED, ALARM, len(summary))
    for draw, of in ((draw_histograms, bins), (draw_ecdfs, points)):
        figure = draw(of, summary, labels(made), "one")
        assert "of 3 quantities" in figure.alt
        assert "bad: uneven, p below 0.0001" in figure.alt
        assert "Not shown" in figure.caption
    table = tabulate_ranks(summary, "one")
    assert len(table.frame) == 24
    assert not table.frame.loc["bad", "even"]
    assert "&lt; 0.0001" in table._repr_html_()
    assert "7 more quantities" in table.note
