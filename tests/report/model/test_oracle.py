"""What is said of the second computation: that it agrees, disagrees, or was not made, and why."""

import pandas as pd
import pytest

from partialpool.report.decision.limitations import warn_of_failures
from partialpool.report.model.oracle import state_oracle, tabulate_oracle

SETTINGS = {"dimensions": 30, "draws": 8192, "alarm": 0.001}
AGREED = {
    "checked": True,
    "agreed": True,
    "reason": "",
    "dimensions": 9,
    "draws": 8192,
    "ess": 5197.7,
    "pareto_k": 0.137,
    "comparisons": 18,
    "limit": 4.03,
    "apart": 2.149,
    "worst": "r_channel[Park, promo[Bundle]]",
}
DISAGREED = AGREED | {"agreed": False, "apart": 12.34}


def test_agreement_is_told_in_standard_errors_with_its_limit():
    assert state_oracle(AGREED, SETTINGS) == (
        "A second computation of the posterior, by importance sampling without Stan, agrees with "
        "it: the largest difference is 2.1 standard errors, for `r_channel[Park, promo[Bundle]]`. "
        "It rests on 8\u202f192 weighted points in 9 dimensions, worth 5\u202f198 independent "
        "draws (Pareto k 0.14), and holds where each parameter lies and how far it scatters "
        "against Stan’s draws, 18 comparisons in all; of a right posterior the largest difference "
        "stays below 4.0 in 99.9% of cases."
    )


def test_disagreement_stands_out_and_says_what_follows():
    said = state_oracle(DISAGREED, SETTINGS)
    assert said.startswith("**A second computation")
    assert "disagrees with it: the largest difference is 12.3 standard errors" in said
    assert "nothing is decided on what two methods disagree about" in said


def test_a_disagreement_is_a_warning_above_the_answer():
    check = {"check": "oracle", "found": 12.34, "limit": 4.03, "worst": "sd", "passed": False}
    assert warn_of_failures({"one": {"checks": [check]}}) == [
        "**The one model takes no part in the answer.** Its draws cannot be relied on, because "
        "they failed agreement with the second computation, in standard errors (found 12.34 for "
        "sd, limit 4.03); it is shown below all the same."
    ]


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("dimensions", "it has 64 dimensions, more than the 30 up to which that is done"),
        ("weights", "its importance weights cannot be trusted (Pareto k 0.83, limit 0.5; worth 12"),
        ("off", "that is switched off"),
        ("program", "what the model’s own Stan program assumes, only that program says"),
        ("cells", "there are too many cells for it"),
        ("mode", "it has no peak that could be found"),
    ],
)
def test_a_posterior_that_was_not_checked_says_why(reason, why):
    facts = {"checked": False, "agreed": None, "reason": reason, "dimensions": 64}
    said = state_oracle(facts | {"pareto_k": 0.83, "ess": 12.2}, SETTINGS)
    assert why in said
    assert said.startswith("The posterior was not computed a second time")
    assert tabulate_oracle(pd.DataFrame(), facts, "one") is None


def test_the_table_marks_what_is_beyond_the_limit():
    columns = ["mean", "mean_error", "sd", "oracle_mean", "oracle_mean_error", "oracle_sd"]
    row = dict.fromkeys(columns, 0.5)
    rows = [
        {"parameter": "Intercept", **row, "location": 0.3, "spread": -12.3},
        {"parameter": "promo[some]", **row, "location": 1.2, "spread": 0.1},
    ]
    shown = tabulate_oracle(pd.DataFrame(rows), DISAGREED, "one")._repr_html_()
    assert shown.count("disagree<") == 1
    assert "−12.3" in shown
    assert "caveat" not in tabulate_oracle(pd.DataFrame(rows[1:]), AGREED, "one")._repr_html_()
