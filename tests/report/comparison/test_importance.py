"""Where importance sampling can be trusted, and what was done where it cannot."""

import numpy as np
import pandas as pd
import pytest

from partialpool.report.comparison.importance import explain_contacts, explain_scores

from ...factories.comparisons import CELL, LABELS, LEVEL, left_out
from ..sentences import says


def test_what_was_refitted_is_counted_and_so_is_what_importance_sampling_would_miss():
    table = pd.concat(
        [left_out("a", ["importance", "refit"]), left_out("b", ["refit", "refit"], psis=-2.0)]
    )
    text = explain_scores(table, *CELL, 30, LABELS)
    assert says(text, "Pareto k", "0.70", "1", "4", "pairs of cell and model")
    assert says(text, "3", "refitted", "1.0", "6.0", "by model")
    assert "trusted**" not in text


def test_scores_that_could_all_be_trusted_are_not_said_to_be_refitted():
    text = explain_scores(left_out("a", ["importance"] * 9, k=0.2), *LEVEL, 30, LABELS)
    assert says(text, "9", "9", "pairs of level of shop")
    assert "refit" not in text


def test_scores_that_were_kept_because_there_are_too_many_are_never_called_exact():
    table = pd.concat(
        [
            left_out("a", ["importance"] * 60 + ["high_k"] * 40),
            left_out("b", ["importance"] * 99 + ["refit"]),
        ]
    )
    text = explain_scores(table, *CELL, 30, LABELS)
    assert "in 159 of 200 pairs" in text
    assert "For one of the others, the model was refitted" in text
    assert "In a (40 cells) there are more such cells than the 30 up to which a model" in text
    assert "**the elpd of a is not known**, nor how far it is from the others" in text


def test_a_few_scores_that_cannot_be_trusted_leave_the_elpd_unknown():
    table = left_out("a", ["importance"] * 98 + ["failed"] * 2, k=np.nan)
    text = explain_scores(table, *CELL, 30, LABELS)
    assert "2 refits failed, because the program does not run" in text
    assert "**the elpd of a is not known**" in text


def test_refits_that_are_switched_off_are_said_to_be():
    text = explain_scores(left_out("a", ["high_k"] * 6), *CELL, 0, LABELS)
    assert "The configuration allows no refits" in text


@pytest.mark.parametrize(("bad", "said"), [(0, "0.90, so it can be trusted"), (1, "for 7 of 700")])
def test_importance_sampling_of_contacts_is_trusted_or_not(bad, said):
    table = left_out("a", ["importance"] * (100 - bad) + ["high_k"] * bad).assign(units=7)
    assert said in explain_contacts(table, LABELS)


def test_contacts_that_were_refitted_are_counted():
    table = left_out("a", ["importance"] * 90 + ["refit"] * 10).assign(units=7)
    text = explain_contacts(table, LABELS, 30)
    assert "cannot be trusted for 70 of 700" in text
    assert "For 70 of these, the model was refitted" in text
    assert "not known" not in text
    many = left_out("b", ["importance"] * 9 + ["high_k"] * 41).assign(units=2)
    left = explain_contacts(many, LABELS, 30)
    assert "b (41 kinds of contacts) there are more such kinds of contacts than the 30" in left
    assert "elpd of b is not known" in left
