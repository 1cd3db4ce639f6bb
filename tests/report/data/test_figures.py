"""Pictures of the counts: readable for any levels, and told in words."""

import re

import pandas as pd
import pytest

from partialpool.cells.exploration import cross, tabulate_margins
from partialpool.cells.levels import COUNTS
from partialpool.cells.question import Question
from partialpool.report.colours import LIGHT, VARIABLE
from partialpool.report.data.figures import draw_outcomes, draw_rates, draw_shares, draw_successes
from partialpool.report.data.mix_figures import draw_lifts, draw_mix
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN

SEASON_PASS = {
    ("NoBundle", "Mail"): (359, 637),
    ("NoBundle", "Park"): (284, 333),
    ("NoBundle", "Email"): (27, 512),
    ("Bundle", "Mail"): (242, 691),
    ("Bundle", "Park"): (639, 862),
    ("Bundle", "Email"): (38, 121),
}


def counts(cells):
    """Margins, crossing and labels of {(promo, channel): (successes, trials)}."""
    frame = pd.DataFrame(
        [(*levels, *numbers) for levels, numbers in cells.items()],
        columns=["promo", "channel", "successes", "trials"],
    )
    factors = {name: list(dict.fromkeys(frame[name])) for name in ("promo", "channel")}
    for name, levels in factors.items():
        frame[name] = pd.Categorical(frame[name], levels, ordered=True)
    labels = Labels(factors, {}, "promo", "channel", "bought", "passes", ["m"], 0.89)
    margins = tabulate_margins(frame)
    return margins, cross(frame, Question("promo", "channel")), labels


def drawn(cells):
    """Every picture of some cells, by name."""
    margins, crossing, labels = counts(cells)
    return {
        "successes": draw_successes(crossing, labels),
        "rates": draw_rates(margins, labels),
        "shares": draw_shares(crossing, labels),
        "outcomes": draw_outcomes(margins, labels),
        "lifts": draw_lifts(crossing, margins, labels),
        "mix": draw_mix(crossing, labels),
    }


@pytest.fixture(scope="module")
def season_pass():
    return drawn(SEASON_PASS)


def texts(figure):
    return re.findall(r"<text[^>]*>([^<]*)</text>", figure.svg)


def test_the_season_pass_is_labelled_as_its_tables_count_it(season_pass):
    assert {"601", "923", "65", "639"} <= set(texts(season_pass["successes"]))
    assert {"45%", "77%", "10%", "65 of 633"} <= set(texts(season_pass["rates"]))
    assert {"40%", "69%", "58%"} <= set(texts(season_pass["shares"]))
    assert {"670", "812", "919", "755", "1\u202f589"} <= set(texts(season_pass["outcomes"]))
    assert {"−21.3", "−11.2", "+26.1", "+9.7"} <= set(texts(season_pass["lifts"]))
    assert {"51%", "22%", "7%"} <= set(texts(season_pass["mix"]))


def test_alternative_texts_name_the_numbers(season_pass):
    assert "Park: NoBundle 284, Bundle 639 and total 923" in season_pass["successes"].alt
    assert "Mail: 45%; Park: 77%; Email: 10%." in season_pass["rates"].alt
    assert "Mail: NoBundle 60% and Bundle 40%" in season_pass["shares"].alt
    assert "NoBundle: bought 670 and others 812" in season_pass["outcomes"].alt
    assert "all pooled: NoBundle 45% and Bundle 55%" in season_pass["lifts"].alt
    assert "Mail: −21.3" in season_pass["lifts"].alt
    assert "Park: NoBundle 22% and Bundle 51%" in season_pass["mix"].alt


def test_a_level_has_its_colour_in_every_picture(season_pass):
    bundle, park = VARIABLE[LIGHT["treatment-2"]], VARIABLE[LIGHT["by-2"]]
    for name in ("successes", "shares", "outcomes", "lifts", "mix"):
        assert bundle in season_pass[name].svg, name
    assert park in season_pass["rates"].svg


def test_every_picture_has_the_width_of_a_phone(season_pass):
    assert {figure.width for figure in season_pass.values()} == {"column"}


@pytest.mark.parametrize("levels", [12, 40])
@pytest.mark.parametrize("treatments", [2, 6])
def test_many_levels_keep_a_row_each_and_their_ends_are_told(levels, treatments):
    cells = {
        (f"T{t}", f"store {i}"): ((7 * i + 3 * t) % 40, 50 + i)
        for t in range(treatments)
        for i in range(levels)
    }
    for name, figure in drawn(cells).items():
        if name != "outcomes":
            shown = range(max(0, levels - SHOWN), levels)  # those with the most contacts
            assert {f"store {i}" for i in shown} <= set(texts(figure)), name
            assert len(figure.alt) < 3000, name
            assert ("store 0" in texts(figure)) == (levels <= SHOWN), name
            assert ("Not shown: 16 more levels of channel" in figure.caption) == (levels == 40)
    if levels == 40:
        assert "24 rows, from" in drawn(cells)["rates"].alt


def test_any_level_name_is_text_and_long_ones_are_folded():
    names = ["<script>alert(1)</script>", "_under", '"quoted" & 🎢', "a " * 60, "$x$"]
    cells = {(t, c): (3 + i, 20) for t in ("_a", "<b>") for i, c in enumerate(names)}
    for figure in drawn(cells).values():
        assert "<script" not in figure._repr_html_()
        assert max(map(len, texts(figure))) < 60
    assert "_a" in texts(drawn(cells)["successes"])
    assert "…" in "".join(texts(drawn(cells)["rates"]))


def test_levels_without_successes_or_without_contacts_are_drawn_and_told():
    cells = {("a", "x"): (0, 10), ("a", "y"): (4, 9), ("b", "x"): (0, 12), ("b", "z"): (5, 5)}
    figures = drawn(cells)
    assert "no passes" in texts(figures["shares"])
    assert "x: a none and b none" in figures["shares"].alt
    assert "y: a 44% and b none" in figures["lifts"].alt
    assert "0%" in texts(figures["rates"])


def test_no_success_at_all_is_drawn_too():
    assert drawn({(t, c): (0, 10) for t in "ab" for c in "xy"})["successes"].alt


def test_small_rates_keep_their_digits():
    cells = {(t, c): (3 + i, 10_000) for i, (t, c) in enumerate((t, c) for t in "ab" for c in "xy")}
    assert "0.04%" in texts(drawn(cells)["rates"])


def test_an_ab_test_has_no_picture_of_levels():
    frame = pd.DataFrame([("a", 60, 600), ("b", 75, 600)], columns=["offer", *COUNTS])
    frame["offer"] = pd.Categorical(frame["offer"], ["a", "b"], ordered=True)
    labels = Labels({"offer": ["a", "b"]}, {}, "offer", None, "bought", "passes", ["m"], 0.89)
    margins, crossing = tabulate_margins(frame), cross(frame, Question("offer"))
    assert draw_successes(crossing, labels) is None
    assert draw_rates(margins, labels) is None
    assert draw_shares(crossing, labels) is None
    assert draw_lifts(crossing, margins, labels) is None
    assert draw_mix(crossing, labels) is None
    assert "a: bought 60 and others 540" in draw_outcomes(margins, labels).alt


def test_of_very_many_treatments_those_with_the_most_contacts_are_drawn():
    figure = drawn({(f"T{i}", c): (3, 20 + i) for i in range(40) for c in "xy"})["outcomes"]
    assert {"T16", "T39"} <= set(texts(figure))
    assert "T15" not in texts(figure)
    assert "Not shown: 16 more levels of promo" in figure.caption
