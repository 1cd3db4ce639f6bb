"""The sentence on what changed says what moved, by how much, and with what; and no more."""

from dataclasses import replace

import pytest

from partialpool.report.since.headline import headline, name_run

from ...factories.decisions import AB, LABELS, TRAIT
from ...factories.since import FELL, LIFTS, facts, step_of, tables


def said(given=None, tables_=None, labels=LABELS, **more):
    return headline(given or facts(**more), tables_ or tables(), labels)


def test_a_lift_that_moved_by_more_than_chance_is_told_with_its_place_size_and_probability():
    assert said() == (
        "Since October 2026, the lift of the bundle where channel is Email fell from 24.7 to 21.3 "
        "points, more than chance (probability 96.0%)."
    )


def test_the_same_contacts_under_the_same_settings_are_one_line():
    assert said(changed=[], same=True) == "Nothing changed since October 2026."


def test_of_several_lifts_the_clearest_is_named_and_the_others_counted():
    both = [step_of("Mail", "data", -0.06, "beyond", 0.999), *FELL[1:]]
    found = said(tables_=tables(both, LIFTS | {"Mail": (-0.21, -0.27)}))
    assert "by mail fell from \N{MINUS SIGN}21.0 to \N{MINUS SIGN}27.0 points" in found
    assert found.endswith("; so did one other lift.")


def test_where_chance_explains_all_nothing_is_named():
    none = [step_of(place, "data", 0.01, "chance", 0.7) for place in LIFTS]
    assert said(tables_=tables(none)) == "Since October 2026, no lift moved by more than chance."


def test_what_a_prior_moved_is_not_put_on_the_contacts():
    moved = [
        *(step_of(place, "data", 0.001, "chance", 0.55) for place in LIFTS),
        step_of("Email", "priors", -0.035, "moved"),
    ]
    found = said(tables_=tables(moved), changed=["data", "priors"])
    assert "\N{MINUS SIGN}3.5 points of it with other priors" in found
    assert found.endswith("with the data, no lift moved by more than chance.")


def test_where_the_priors_alone_changed_no_chance_is_spoken_of():
    moved = [step_of("Email", "priors", -0.034, "moved")]
    found = said(tables_=tables(moved), changed=["priors"], relation="same")
    assert found.endswith("fell from 24.7 to 21.3 points with other priors.")
    assert "chance" not in found


def test_a_change_that_moved_nothing_says_so():
    still = [step_of(place, "priors", 0.0001, "same") for place in LIFTS]
    found = said(tables_=tables(still), changed=["priors"])
    assert found == "Since October 2026, no lift moved by more than its Monte Carlo error."


def test_other_results_of_the_same_run_are_no_change():
    assert "differ by more than their Monte Carlo error" in said(changed=[], same=False)


def test_what_cannot_be_told_apart_is_not():
    found = said(changed=["data", "priors"], reason="no")
    assert found.endswith("moved with other data and other priors, which cannot be told apart.")


@pytest.mark.parametrize(
    ("models", "why"),
    [
        ([None, "m"], "no model answered then"),
        (["m", None], "no model answers now"),
        ([None, None], "no model answered then or answers now"),
    ],
)
def test_without_an_answer_nothing_is_compared(models, why):
    found = said(models=models)
    assert found == f"Since October 2026, nothing can be compared, because {why}."


def test_a_trait_has_a_difference_and_a_comparison_of_all_no_place():
    assert "the difference of women from men" in said(labels=TRAIT)
    whole = [step_of("", "data", -0.034, "beyond", 0.96)]
    found = said(tables_=tables(whole, {"": (0.247, 0.213)}), labels=AB)
    assert "overall" not in found


def test_a_small_move_is_told_in_as_many_decimals_as_show_it():
    small = [step_of("Email", "data", -0.0004, "beyond", 0.96, chance=0.0002)]
    found = said(tables_=tables(small, {"Email": (0.0124, 0.012)}))
    assert "fell from 1.24 to 1.20 points" in found


def test_along_a_number_rates_are_told():
    dose = replace(LABELS, treatment="dose", within=None, along="offer", treatment_is="level")
    rate = {**FELL[1], "within": "", "treatment": "12", "quantity": "rate"}
    given = tables([rate], {"": (0.247, 0.213)})
    moves = given["moves"].assign(treatment="12", quantity="rate")
    found = said(tables_=given | {"moves": moves}, labels=dose)
    assert "fell from 24.7% to 21.3%, more than chance" in found


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("2026-10", "October 2026"),
        ("2026-10-31", "31 October 2026"),
        ("2026-13", "the run kept as 2026-13"),
        ("v1_a", "the run kept as v1\\_a"),
    ],
)
def test_a_label_that_is_a_date_is_told_as_one(label, name):
    assert name_run(label) == name
