"""What parameters are is told from their names, whatever levels hold."""

from dataclasses import replace

from partialpool.posterior.names import list_effects, varies_by
from partialpool.report.model.parameters import interactions, numeric_terms
from partialpool.report.selection import left_out

from ...factories.fitted import DESIGN, INDEX, LABELS


def test_effects_are_taken_apart_even_when_levels_hold_commas_and_brackets():
    effects = list_effects(INDEX, DESIGN)
    assert list(effects["level"]) == LABELS.factors["shop"] * 2
    assert list(effects["coefficient"]) == ["Intercept"] * 3 + ["promo[Yes]"] * 3
    assert list(effects["centring"]) == [1.0, 0.0, 1.0, 0.97, 1.0, 1.0]
    assert list(effects["about_population"]) == [False] * 3 + [True] * 3


def test_interactions_are_found_in_either_order():
    names = ["promo[Yes]", "promo[Yes]:shop[B, [x]]", "shop[<b>C</b>]:promo[Yes]"]
    assert interactions(names, LABELS) == {
        "promo[Yes]:shop[B, [x]]": ("Yes", "B, [x]"),
        "shop[<b>C</b>]:promo[Yes]": ("Yes", "<b>C</b>"),
    }


def test_a_model_varies_by_a_factor_also_within_combined_levels():
    assert varies_by(["sd_region:shop[Intercept]"], "shop")
    assert not varies_by(["sd_workshop[Intercept]", "promo[Yes]"], "shop")


def test_nothing_is_left_out_where_all_fits():
    assert left_out(24, "cells", "here") == ""


def test_a_level_that_is_called_like_a_number_is_none():
    labels = replace(LABELS, factors={"promo": ["No", "age"], "shop": ["A", "B"]}, numbers=["age"])
    assert numeric_terms(["promo[age]", "age", "shop[B]:age"], labels) == ["age"]
    assert numeric_terms(["age"], LABELS) == []


def test_one_thing_left_out_is_singular():
    assert left_out(25, "cells, with fewer contacts", "cells.csv") == (
        " Not shown: one more cell, with fewer contacts, which is in cells.csv."
    )
