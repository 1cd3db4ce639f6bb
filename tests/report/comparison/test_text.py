"""Sentences and tables that set models side by side call noise noise, and differences by name."""

import numpy as np

from partialpool.report.comparison import text as say

from ...factories.comparisons import (
    CELL,
    CONTACT,
    LABELS,
    LEVEL,
    NAMES,
    scores,
)


def test_a_difference_within_two_standard_errors_is_called_noise_and_a_larger_one_is_not():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5), ("c", -12.01, -2.01, 1.0))
    text = say.rank_models(table, *CONTACT)
    near, far = text.split("Clearly behind:")
    assert "**a** has the highest elpd" in near
    assert "Within noise of it (at most 2 standard errors behind) is b (−1.00" in near
    assert "c (−2.01, standard error 1.00)" in far
    assert "rough" not in text


def test_standard_errors_from_few_units_are_said_to_be_rough():
    rows = ("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5)
    text = say.rank_models(scores(*rows, units=6), *CELL)
    assert "With 6 cells, the standard errors themselves are rough" in text
    assert "has to exceed 2.6 of them" in text
    assert "(at most 2.6 standard errors behind)" in text


def test_standard_errors_from_a_handful_of_levels_are_said_to_tell_nothing():
    rows = ("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5), ("c", -90.0, -80.0, 0.5)
    text = say.rank_models(scores(*rows, units=3), *LEVEL)
    assert "With 3 levels of shop, a standard error says next to nothing" in text
    assert "b (−1.00, standard error 0.50, worse in 2 of 3)" in text
    assert "Behind by more: c (" in text
    assert "Clearly" not in text


def test_a_model_that_failed_its_verdict_is_not_praised():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5))
    assert "highest elpd, but failed its verdict" in say.rank_models(table, *CELL, ["a"])


def test_a_single_model_has_nothing_to_be_compared_with():
    assert "one model only" in say.rank_models(scores(("a", -10.0, 0.0, 0.0)), *CONTACT)


def test_a_model_without_a_score_is_named_with_the_reason():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", np.nan, np.nan, np.nan))
    text = say.rank_models(table, *LEVEL)
    assert text.startswith("Per level of shop, b has no score: without some level of shop, a flat")
    assert "**a** has the highest" in text
    alone = say.rank_models(table.iloc[[1]], *LEVEL)
    assert alone.startswith("Per level of shop, b has no score")


def test_the_multilevel_advantage_is_stated_for_every_unit():
    tables = {
        "contact": scores(("multilevel", -10.0, 0.0, 0.0), ("interaction", -10.5, -0.47, 0.79)),
        "cell": scores(("multilevel", -30.0, 0.0, 0.0), ("interaction", -39.6, -9.64, 4.65)),
        "level of shop": scores(("interaction", -30.0, 0.0, 0.0), ("multilevel", -31, -1.0, 4.65)),
    }
    text = say.compare_units(tables, NAMES, LABELS)
    assert "per contact, multilevel is ahead of interaction by 0.47" in text
    assert "(standard error 0.79), within noise; per cell" in text
    assert "by 9.64 (standard error 4.65), beyond noise; per level of shop, interaction" in text


def test_no_advantage_is_claimed_where_all_models_are_of_one_kind():
    table = scores(("interaction", -10.0, 0.0, 0.0))
    assert (
        say.compare_units({"contact": table}, {"interaction": NAMES["interaction"]}, LABELS) == ""
    )


def test_a_ranking_that_is_not_to_be_trusted_says_so():
    table = scores(("a", -10.0, 0.0, 0.0), ("b", -11.0, -1.0, 0.5), units=100)
    for doubtful, said in ((30, True), (1, False)):
        text = say.rank_models(table.assign(doubtful=[0, doubtful]), *CELL)
        assert ("not to be trusted" in text) is said
