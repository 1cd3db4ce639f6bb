"""What an answer is weakened by: margins that its model misses, priors that move or surprise."""

import pandas as pd
import pytest

from partialpool.checks.support import weigh_support

from ..factories.fitted import judged

FINE = pd.DataFrame([judged("", missed=False)])


def compared(within, diagnosis, kind="lift", treatment="Bundle"):
    names = {"kind": kind, "parameter": "", "treatment": treatment, "within": within}
    return names | {"to_prior": 0.1, "to_likelihood": 0.1, "diagnosis": diagnosis}


def leaning(*rows, tests=FINE):
    return weigh_support(tests, pd.DataFrame([*rows]))["leaning"]


def test_support_is_weighed_by_the_levels_that_are_told():
    rows = [compared("Mail", "conflict"), compared("Email", ""), compared("", "weak")]
    tests = pd.DataFrame([judged(), judged(kind="prior"), judged("", missed=False)])
    facts = weigh_support(tests, pd.DataFrame(rows))
    assert facts["missed"] == ["channel"]
    assert [row["within"] for row in facts["leaning"]] == ["Mail"]
    assert leaning(rows[2]) == [
        {"kind": "lift", "within": "", "treatment": "Bundle", "diagnosis": "weak"}
    ]


def test_rates_and_ratios_lean_as_lifts_do_and_parameters_are_not_of_the_answer():
    rows = [
        compared("Mail", "", "lift"),
        compared("Mail", "conflict", "rate", "NoBundle"),
        compared("Mail", "weak", "ratio"),
        compared("", "conflict", "parameter"),
    ]
    found = [(row["kind"], row["treatment"]) for row in leaning(*rows)]
    assert found == [("rate", "NoBundle"), ("ratio", "Bundle")]


@pytest.mark.parametrize(
    ("outside", "levels", "is_surprising"),
    [(1, 1, True), (1, 5, True), (1, 6, False), (3, 15, True), (0, 3, False), (10, 1000, False)],
)
def test_a_prior_is_surprised_by_a_fifth_of_the_levels_not_by_the_one_in_a_hundred(
    outside, levels, is_surprising
):
    row = judged("arm", "prior", missed=outside > 0, levels=levels, surprising=outside)
    tests = pd.concat([FINE, pd.DataFrame([row])])
    facts = weigh_support(tests, pd.DataFrame([compared("", "")]))
    assert facts["surprising"] == (["arm"] if is_surprising else [])
    assert facts["missed"] == []
