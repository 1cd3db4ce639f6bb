"""What is left out, and why it is that, in words that fit the data."""

from dataclasses import replace

import pandas as pd
import pytest

from partialpool.report.comparison.units import (
    are_alike,
    explain_group,
    explain_units,
    name_unit,
    name_units,
)

from ...factories.labels import labels_of

UNITS = {
    "decisive": "contact",
    "available": ["contact", "cell", "group"],
    "grouping": "channel",
    "from": "within",
    "takes": {"one": "fixed", "two": "varying"},
}
CHANNELS = ["Mail", "Park", "Email"]


def cells(trials, promos=("NoBundle", "Bundle")):
    rows = [(promo, channel) for promo in promos for channel in CHANNELS][: len(trials)]
    return pd.DataFrame(rows, columns=["promo", "channel"]).assign(trials=trials)


SEASON = cells([637, 333, 512, 691, 862, 121])


@pytest.mark.parametrize(
    ("unit", "one", "several"),
    [
        ("contact", "contact", "contacts"),
        ("cell", "cell", "cells"),
        ("group", "level of age group", "levels of age group"),
    ],
)
def test_units_have_names(unit, one, several, made):
    assert name_unit(unit, "age_group", made.labels) == one
    assert name_units(unit, "age_group", made.labels) == several


def test_the_default_is_explained_by_the_contacts_that_there_are(made):
    text = explain_units(UNITS, SEASON, made.labels)
    assert "The decision rests on the comparison per contact." in text
    assert "within channel, whose 3 levels are all in the data: 6 cells of 121 to 862" in text
    assert "574 in the middle" in text
    assert "combination that it has seen" in text
    assert "a new channel" in text
    assert "never tried." in text


def test_another_unit_is_the_configurations(made):
    text = explain_units(UNITS | {"decisive": "group"}, SEASON, made.labels)
    assert "rests on the comparison per level of channel, as the configuration asks" in text
    assert "Otherwise it would be per contact: the treatment is compared within channel" in text


@pytest.mark.parametrize(
    ("tried", "said"),
    [(5, "1 combination of promo and channel was never tried; for that one"), (4, "for those")],
)
def test_combinations_that_were_never_tried_are_counted(made, tried, said):
    assert said in explain_units(UNITS, cells([100] * tried), made.labels)


def test_cells_of_equal_size_have_no_range(made):
    text = explain_units(UNITS, cells([100] * 6), made.labels)
    assert "6 cells of 100 contacts each." in text


def test_cells_of_a_contact_are_all_but_contacts(made):
    text = explain_units(UNITS, cells([1, 1, 1, 1, 1, 9]), made.labels)
    assert "With 1 contact in a middling cell, though, leaving out a contact is nearly" in text


def test_an_ab_test_has_no_levels_to_leave_out(made):
    units = {"decisive": "contact", "available": ["contact", "cell"], "grouping": None}
    units |= {"from": None, "takes": {"simple": "absent"}}
    table = pd.DataFrame({"offer": ["none", "voucher"], "trials": [6000, 6000]})
    text = explain_units(units, table, made.ab)
    assert "compared over all contacts together: 2 cells of 6\u202f000 contacts each." in text
    assert "not available here" in text
    assert "no level is left out" in explain_group(units, made.ab)
    assert "None" not in text


def test_what_a_new_level_is_to_each_model_is_told(made):
    labels = replace(made.labels, models=["one", "two", "three"])
    text = explain_group(UNITS | {"takes": UNITS["takes"] | {"three": "absent"}}, labels)
    assert "In two, the effects of a level of channel that is left out come from" in text
    assert "In one, nothing but its own contacts tells the coefficients" in text
    assert "fall back to their priors" in text
    assert "In three, channel does not occur" in text


def test_a_beta_binomial_predicts_a_contact_given_its_cell(made):
    labels = replace(made.labels, families={"one": "beta_binomial"})
    assert "given the others of its cell" in explain_units(UNITS, SEASON, labels)
    assert "given the others" not in explain_units(UNITS, SEASON, made.labels)


@pytest.mark.parametrize(("cells", "alike"), [([1, 1], True), ([1, 2], False)])
def test_levels_that_are_all_one_cell_are_told_with_the_cells(made, cells, alike):
    scores = {"cell": pd.DataFrame({"cells": [1, 1]}), "group": pd.DataFrame({"cells": cells})}
    assert are_alike(scores) is alike
    assert not are_alike({"cell": scores["cell"]})
    units = {"grouping": "shop", "takes": {"one": "varying", "two": "absent"}}
    said = explain_group(units, made.labels, alike)
    assert ("leaving out a level is leaving out a cell" in said) is alike


def test_where_levels_are_ranked_nothing_is_said_of_a_treatment(made):
    labels = replace(made.labels, treatment="channel", within=None, treatment_is="level")
    said = explain_units(UNITS, SEASON, labels)
    assert "whose levels are ranked" in said
    assert "where those levels stand" in said
    assert "treatment" not in said
    assert "treated" not in said


def test_along_a_number_no_levels_are_ranked():
    kind = {"treatment": "dose", "treatment_is": "level", "along": "offer", "apart": "channel"}
    dose = labels_of({"channel": CHANNELS}, within=None, **kind)
    text = explain_units(UNITS, SEASON, dose)
    assert "told along dose, at values that are in the data" in text
    assert "ranked" not in text
