"""Figures: one colour language, and pictures that a page can hold."""

import itertools
import re
import subprocess
import sys

import matplotlib
import numpy as np
import pytest

from partialpool.report import colours
from partialpool.report.colours import COLOURS, LIGHT, NEUTRAL, Palette
from partialpool.report.drawing import Figure, render, style

LEVELS = {"promo": ["NoBundle", "Bundle"], "channel": ["Mail", "Park", "Email"]}


def drawn(label="Mail", caption="A caption.", alt="A line. It rises."):
    with style.canvas("column", 2) as figure:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], "o-", color=LIGHT["by-1"])
        axes.set_title(label)
        return render(figure, caption, alt)


def ids(html):
    return re.findall(r'\bid="([^"]+)"', html)


def test_a_level_keeps_its_colour_whatever_else_the_palette_holds():
    alone = Palette({"promo": LEVELS["promo"]})
    full = Palette(LEVELS, ["baseline", "multilevel"])
    assert alone.level("promo", "Bundle") == full.level("promo", "Bundle")
    assert full.level("channel", "Mail") == LIGHT["by-1"]


def test_factors_and_models_share_no_colour_even_where_they_share_a_name():
    palette = Palette({"promo": ["a", "b"], "channel": ["a", "b"]}, ["a", "b"])
    factors = [palette.level(factor, level) for factor in palette.factors for level in "ab"]
    assert len({*factors, palette.model("a"), palette.model("b")}) == 6


def test_more_levels_than_colours_are_all_neutral_and_said_to_be_so():
    palette = Palette({"promo": ["no", "yes"], "store": [f"store {i}" for i in range(40)]})
    assert set(palette.levels("store").values()) == {NEUTRAL}
    assert palette.distinct("promo")
    assert not palette.distinct("store")


def test_an_unknown_level_has_no_colour():
    with pytest.raises(KeyError, match="Fax"):
        Palette(LEVELS).level("channel", "Fax")


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_marks_stand_out_from_the_page_and_text_more_so(theme):
    paper = COLOURS["paper"][theme]
    for name, pair in COLOURS.items():
        if name not in ("paper", "wash", "rule"):
            text = name in ("ink", "soft", "link", "alarm")
            assert contrast(pair[theme], paper) >= (4.5 if text else 3), name


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("sight", ["all", "protan", "deutan"])
@pytest.mark.parametrize("family", ["treatment", "by", "model"])
def test_the_colours_of_a_family_can_be_told_apart(family, sight, theme):
    hues = [pair[theme] for name, pair in COLOURS.items() if name.startswith(family)]
    seen = [as_seen(hue, sight) for hue in hues]
    for (i, one), (j, other) in itertools.combinations(enumerate(seen), 2):
        assert np.linalg.norm(one - other) > 0.06, (hues[i], hues[j])


def test_no_two_colours_of_the_language_are_drawn_alike():
    assert len(set(LIGHT.values())) == len(LIGHT)


def test_a_figure_follows_the_colours_of_the_page():
    svg = drawn().svg
    assert f"stroke: var(--by-1, {LIGHT['by-1']})" in svg
    assert not re.search(r"(?<!, )#[0-9a-f]{6}\b", svg)


def test_the_page_sets_every_colour_for_light_and_for_dark():
    css = colours.css_variables()
    assert all(f"--{name}:{value}" in css for name, pair in COLOURS.items() for value in pair)


def test_a_figure_is_the_same_twice_to_the_byte():
    assert drawn()._repr_html_() == drawn()._repr_html_()


def test_two_figures_on_one_page_share_no_id_and_keep_their_references():
    one, two = drawn("Mail")._repr_html_(), drawn("Park")._repr_html_()
    together = ids(one + two)
    assert len(together) == len(set(together))
    referred = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', one)
    assert referred
    assert {a or b for a, b in referred} <= set(ids(one))


def test_a_figure_tells_in_words_what_it_shows():
    html = drawn()._repr_html_()
    title, desc = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', html).groups()
    assert f'<title id="{title}">A line</title>' in html
    assert f'<desc id="{desc}">It rises.</desc>' in html
    assert "<figcaption>" in html


def test_a_figure_without_an_alternative_text_is_refused():
    with pytest.raises(ValueError, match="alternative text"):
        Figure("<svg></svg>", " ", "A caption.")


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "$5 & $10", "日本 — Ü", "#123e72"])
def test_a_level_may_hold_any_characters(label):
    html = drawn(label, caption=label, alt=label)._repr_html_()
    assert "<script" not in html
    expected = label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f">{expected}</text>" in html


def test_the_words_of_a_figure_are_text_in_the_font_of_the_page():
    svg = drawn("Take rate").svg
    assert ">Take rate</text>" in svg
    assert "font-family" not in svg.split(">", 1)[1]


def test_a_wide_figure_scrolls_by_itself_and_can_be_reached_by_keyboard():
    with style.canvas("wide") as figure:
        figure.subplots(1, 3)
        html = render(figure, "Traces.", "Three traces.")._repr_html_()
    assert 'role="region" tabindex="0" aria-label="Traces."' in html


def test_the_look_ends_with_the_canvas():
    before = dict(matplotlib.rcParams)
    drawn()
    assert dict(matplotlib.rcParams) == before


def test_pyplot_is_not_needed():
    code = "import sys, partialpool.report.drawing; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_axes_say_percent_points_and_probabilities_with_true_minus_signs():
    with style.canvas("column") as figure:
        axes, other = figure.subplots(1, 2)
        style.percent_axis(axes.yaxis)
        style.points_axis(axes.xaxis)
        other.set_xlim(-3, 3)
        style.log_odds_axis(other)
        assert axes.yaxis.get_major_formatter()(0.45) == "45%"
        assert axes.xaxis.get_major_formatter()(-0.2) == "\N{MINUS SIGN}20"
        assert axes.xaxis.get_major_formatter()(0.1) == "+10"
        above = [text.get_text() for text in other.child_axes[0].get_xticklabels()]
    assert "50%" in above


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def as_seen(colour, sight):
    """Oklab coordinates, after Machado et al. (2009) for the missing cone."""
    eyes = {
        "all": np.eye(3),
        "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    }
    light = np.clip(np.array(eyes[sight]) @ linear(colour), 0, 1)
    cones = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]]
    lab = [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
    return np.array(lab) @ np.cbrt(np.array(cones) @ light)
