"""Sentences and tables that set models side by side call noise noise, and differences by name."""

import numpy as np
import pytest

from partialpool.report.comparison import text as say

from ...factories.comparisons import (
    CELL,
    CONTACT,
    LABELS,
    LEVEL,
    NAMES,
    scores,
)
from ..sentences import says


def test_a_difference_within_two_standard_errors_is_called_noise_and_a_larger_one_is_not():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5), ("c", -12.01, -2.01, 1.0))
    text = say.rank_models(table, *CONTACT)
    near, far = text.split("Clearly behind:")
    assert says(near, "**a**", "highest")
    assert says(near, "Within noise", "2", "b (", "−1.00", "0.50")
    assert says(far, "c (", "−2.01", "1.00")
    assert "rough" not in text


def test_standard_errors_from_few_units_are_said_to_be_rough():
    rows = ("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5)
    text = say.rank_models(scores(*rows, units=6), *CELL)
    assert says(text, "6", "cells", "rough", "2.6")
    assert says(text, "Within noise", "2.6", "b (")


def test_standard_errors_from_a_handful_of_levels_are_said_to_tell_nothing():
    rows = ("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5), ("c", -90.0, -80.0, 0.5)
    text = say.rank_models(scores(*rows, units=3), *LEVEL)
    assert says(text, "3", "levels of shop", "standard error", "nothing")
    assert says(text, "b (", "−1.00", "0.50", "worse in", "2", "3")
    assert says(text, "Behind", "c (")
    assert "Clearly" not in text


def test_a_model_that_failed_its_verdict_is_not_praised():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5))
    assert "highest elpd, but failed its verdict" in say.rank_models(table, *CELL, ["a"])


def test_a_single_model_has_nothing_to_be_compared_with():
    assert "one model only" in say.rank_models(scores(("a", -10.0, 0.0, 0.0)), *CONTACT)


def test_a_model_without_a_score_is_named_with_the_reason():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", np.nan, np.nan, np.nan))
    text = say.rank_models(table, *LEVEL)
    assert says(text, "level of shop", "b", "no score", "flat prior")
    assert says(text, "**a**", "highest")
    alone = say.rank_models(table.iloc[[1]], *LEVEL)
    assert says(alone, "level of shop", "b", "no score")


def test_the_multilevel_advantage_is_stated_for_every_unit():
    tables = {
        "contact": scores(("multilevel", -10.0, 0.0, 0.0), ("interaction", -10.5, -0.47, 0.79)),
        "cell": scores(("multilevel", -30.0, 0.0, 0.0), ("interaction", -39.6, -9.64, 4.65)),
        "level of shop": scores(("interaction", -30.0, 0.0, 0.0), ("multilevel", -31, -1.0, 4.65)),
    }
    text = say.compare_units(tables, NAMES, LABELS)
    contact, cell, level = text.split(";")
    assert says(contact, "contact", "multilevel", "ahead", "interaction", "0.47", "0.79", "within")
    assert says(cell, "cell", "multilevel", "ahead", "interaction", "9.64", "4.65", "beyond")
    assert says(level, "level of shop", "interaction", "ahead", "multilevel", "1.00", "within")


def test_no_advantage_is_claimed_where_all_models_are_of_one_kind():
    table = scores(("interaction", -10.0, 0.0, 0.0))
    assert (
        say.compare_units({"contact": table}, {"interaction": NAMES["interaction"]}, LABELS) == ""
    )


NONE = float("nan")


@pytest.mark.parametrize("behind", [True, False])
def test_nothing_is_said_of_a_difference_that_is_not_known(behind):
    table = scores(("a", -10.0, 0.0, 0.0), ("b", NONE, NONE, NONE), ("c", -11.0, -1.0, 0.8))
    unsure = table["model"] == "b"
    table = table.assign(high_k=3 * unsure, at_most=[-10.0, -19.5, -11.0], behind=unsure & behind)
    text = say.rank_models(table, *CELL)
    assert "**a** has the highest elpd of the 2 models that have one" in text
    assert "standard errors behind) is c (−1.00, standard error 0.80)" in text
    assert ("How well b predicts per cell is not known" in text) is not behind
    assert ("elpd is at most −19.5, and that would be behind beyond noise" in text) is behind
    assert "nan" not in text
    alone = say.rank_models(table.iloc[:2], *CELL)
    assert "**a** alone has an elpd" in alone
    for word in ("within noise", "Clearly", "highest"):
        assert word not in alone
    neither = say.rank_models(table.iloc[[1]].assign(behind=False), *CELL)
    assert "not known" in neither
    tables = {"cell": table.iloc[:2]}
    assert (
        say.compare_units(tables, {"a": NAMES["multilevel"], "b": NAMES["interaction"]}, LABELS)
        == ""
    )
