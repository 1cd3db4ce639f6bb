"""One line for each check of a model."""

import pandas as pd
import pytest

from partialpool.report.model import summaries as sums

CHECK = {"check": "rhat", "found": 1.0, "limit": 1.01, "worst": "", "passed": True}
TESTS = pd.DataFrame(
    {"kind": ["prior", "posterior", "posterior"], "margin": ["channel", "", "channel"]}
)
LEANING = pd.DataFrame(
    {
        "kind": ["parameter", "lift", "lift"],
        "within": ["", "Mail", ""],
        "diagnosis": ["", "", ""],
    }
)


@pytest.mark.parametrize(
    ("failed", "said"),
    [(0, "converged: 3 of 3 checks passed"), (2, "**failed: 1 of 3 checks passed**")],
)
def test_a_verdict_is_told_by_its_checks(failed, said):
    checks = [CHECK | {"passed": place >= failed} for place in range(3)]
    assert sums.sum_up_verdict({"checks": checks}) == said


def test_the_margins_that_are_missed_are_named():
    assert (
        sums.sum_up_margins(TESTS.assign(missed=[True, False, False])) == "fits cells and margins"
    )
    assert (
        sums.sum_up_margins(TESTS.assign(missed=[False, True, True]))
        == "**misses the counts cell by cell and by channel**"
    )


def test_of_what_leans_on_priors_that_counts_which_is_compared(made):
    def said(*diagnoses):
        return sums.sum_up_sensitivity(LEANING.assign(diagnosis=diagnoses), made.labels)

    assert said("", "", "") == "does not lean on its priors"
    assert said("weak", "", "") == "parameters lean on their priors, what it compares does not"
    assert said("", "", "conflict") == "parameters lean on their priors, what it compares does not"
    assert said("", "conflict", "") == "**what it compares depends on its priors**"
    assert "not measured" in sums.sum_up_sensitivity(LEANING[:0], made.labels)


def test_cells_inside_their_intervals_are_counted(made):
    predictive = pd.DataFrame(
        {"kind": ["posterior"] * 3 + ["prior"], "covered": [True, True, False, True]}
    )
    assert sums.sum_up_cells(predictive, made.labels) == "2 of 3 inside their 89% intervals"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"checked": True, "agreed": True}, "agrees"),
        ({"checked": True, "agreed": False}, "**disagrees**"),
        ({"checked": False}, "there is none"),
    ],
)
def test_a_second_computation_agrees_or_not(facts, said):
    assert sums.sum_up_oracle(facts) == said


def test_cells_and_levels_at_an_end_of_the_scale_are_counted():
    table = pd.DataFrame({"kind": ["", "", "channel"]})
    assert sums.sum_up_separation(table) == "2 cells and 1 level"


def test_a_model_is_summed_up_in_one_sentence(made):
    said = sums.sum_up_model(
        {"checks": [CHECK]}, TESTS.assign(missed=[False] * 3), LEANING, made.labels
    )
    assert said == (
        "converged: 1 of 1 checks passed; fits cells and margins; does not lean on its priors."
    )
