"""Pictures that set models side by side: every model told apart, words from the numbers."""

import re
from dataclasses import replace

import pandas as pd

from partialpool.report.colours import LIGHT
from partialpool.report.comparison.figures import draw_effects, draw_rates
from partialpool.report.comparison.score_figures import draw_elpd

from ...factories.labels import labels_of

ODD = '<script>"C" & 🎟</script>'


def labels(levels=("A", "B", ODD), models=("one", "two"), treatments=("No", "Yes")):
    return labels_of({"promo": list(treatments), "shop": list(levels)}, models=models)


def effects_for(words, shift=0.0):
    rows = []
    for place, level in enumerate([*words.factors["shop"], ""]):
        for treatment in words.factors["promo"]:
            quantity = "log_odds" if treatment == words.reference else "log_odds_ratio"
            mean = place / 4 + shift
            row = {"within": level, "treatment": treatment, "quantity": quantity}
            rows.append({**row, "mean": mean, "lower": mean - 0.3, "upper": mean + 0.3})
    return pd.DataFrame(rows)


def predictions(cells):
    rows = []
    for cell in cells:
        for quantity, scale in (("rate", 1), ("future_successes", 100)):
            row = {"mean": 0.3 * scale, "lower": 0.2 * scale, "upper": 0.4 * scale}
            rows.append({"cell": cell, "quantity": quantity, **row})
    return pd.DataFrame(rows)


def scores(**differences):
    return pd.DataFrame(
        [
            {"model": m, "difference": value, "difference_se": error, "units": 1000}
            for m, (value, error) in differences.items()
        ]
    )


def test_a_model_that_failed_is_marked_where_scores_are_drawn():
    table = scores(one=(0.0, 0.0), two=(-1.5, 0.8))
    drawn = draw_elpd({"contact": table}, replace(labels(), failed=["two"]))
    assert "two (failed)" in drawn.svg
    assert "one (failed)" not in drawn.svg


def test_differences_of_elpd_are_described_with_their_errors():
    table = scores(one=(0.0, 0.0), two=(-0.47, 0.79))
    figure = draw_elpd(dict.fromkeys(["contact", "cell"], table), labels())
    assert (
        "Per contact: one 0.00 (standard error 0.00), two −0.47 (standard error 0.79)."
        in figure.alt
    )
    assert "Per cell:" in figure.alt


def test_every_unit_has_a_panel_and_noise_reaches_farther_where_units_are_few():
    table = scores(one=(0.0, 0.0), two=(-5.0, 2.0))
    many = draw_elpd({"level of shop": table}, labels())
    few = draw_elpd({"level of shop": table.assign(units=3)}, labels())
    assert "per level of shop" in many.svg
    assert many.svg != few.svg
    assert "or more where units are few" in few.caption


def test_a_model_far_behind_is_an_arrow_with_its_number_and_the_others_stay_readable():
    models = ["one", "two", "three"]
    table = scores(one=(0.0, 0.0), two=(-0.47, 0.79), three=(-471.9, 26.1))
    svg = draw_elpd(dict.fromkeys(["contact", "cell"], table), labels(models=models)).svg
    assert "−471.9 (standard error 26.1)" in svg
    assert "−0.47 (standard error" not in svg.split("</desc>")[1]
    assert ">−400<" not in svg
    grounds = re.findall(r'fill: var\(--paper, [^"]*" /></g><text[^>]*>([^<]*)', svg)
    assert grounds == ["−471.9 (standard error 26.1)"] * 2


def test_a_single_model_is_not_drawn_as_behind_itself():
    table = scores(one=(0.0, 0.0))
    assert draw_elpd(dict.fromkeys(["contact", "cell"], table), labels(models=["one"])) is None


def test_every_model_is_told_by_colour_and_named():
    words = labels()
    both = {"one": effects_for(words), "two": effects_for(words, 0.1)}
    figure = draw_effects(both, words)
    assert LIGHT["model-1"] in figure.svg
    assert LIGHT["model-2"] in figure.svg
    assert "A: one 0.00, two 0.10; B: one 0.25, two 0.35" in figure.alt
    assert "overall: one 0.75, two 0.85" in figure.alt
    assert "<script" not in figure._repr_html_()


def test_each_treatment_has_a_panel():
    words = labels(treatments=("No", "Small", "Large"))
    svg = draw_effects(dict.fromkeys(words.models, effects_for(words)), words).svg
    assert "log odds ratio, Small to No" in svg
    assert "log odds ratio, Large to No" in svg


def test_a_model_that_failed_is_drawn_hollow_and_the_caption_says_so():
    words = labels()
    both = dict.fromkeys(words.models, effects_for(words))
    assert "Hollow: failed" in draw_effects(both, replace(words, failed=["two"])).caption
    assert "Hollow" not in draw_effects(both, words).caption


def test_of_many_levels_some_are_drawn_and_the_rest_counted():
    words = labels(levels=[f"store {i}" for i in range(60)], models=[f"m{i}" for i in range(8)])
    figure = draw_effects(dict.fromkeys(words.models, effects_for(words)), words)
    assert "Not shown: 36 more levels of shop" in figure.caption
    assert "m7" in figure.svg


def test_rates_and_outcomes_are_drawn_on_one_scale():
    words = labels()
    both = dict.fromkeys(words.models, predictions(["No, A", f"Yes, {ODD}"]))
    figure = draw_rates(both, words, 100)
    assert "No, A: one 30.0%, two 30.0%" in figure.alt
    assert "share of 100 future contacts" in figure.svg
    assert "<script" not in figure._repr_html_()


def test_a_picture_is_the_same_twice_to_the_byte():
    words = labels()
    both = dict.fromkeys(words.models, effects_for(words))
    assert draw_effects(both, words).svg == draw_effects(both, words).svg


def test_models_of_an_ab_test_are_drawn_in_one_row():
    words = labels(levels=())
    words = replace(words, within=None, factors={"promo": ["No", "Yes"]})
    rows = effects_for(words_of_nothing(words))
    figure = draw_effects(dict.fromkeys(words.models, rows), words)
    assert ">all contacts<" in figure.svg
    assert "by" not in figure.caption.partition(":")[0]
    assert "Not shown" not in figure.caption


def words_of_nothing(words):
    """The same words, with a factor without levels where the fixture of effects wants one."""
    return replace(words, factors=words.factors | {"shop": []}, within="shop")


def test_of_very_many_cells_those_on_which_models_differ_are_drawn():
    words = labels()
    one, other = (predictions([f"c{i}" for i in range(3000)]) for _ in range(2))
    other.loc[(other["cell"] == "c2500") & (other["quantity"] == "rate"), "mean"] = 0.9
    figure = draw_rates({"one": one, "two": other}, words, 100)
    assert ">c2500<" in figure.svg
    assert "Not shown: 2\u202f976 more cells that are more alike" in figure.caption
    assert len(figure.svg) < 200_000


def test_numbers_that_are_not_finite_break_no_picture():
    words = labels()
    rows = effects_for(words)
    rows.loc[0, ["mean", "upper"]] = [float("inf"), float("nan")]
    assert "one ∞" in draw_effects(dict.fromkeys(words.models, rows), words).alt
    table = scores(one=(0.0, 0.0), two=(float("nan"), float("nan")))
    assert "two undefined" in draw_elpd(dict.fromkeys(["contact", "cell"], table), words).alt
