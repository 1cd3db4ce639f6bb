"""What an answer is weakened by: margins that its model misses, lifts that lean on priors."""

import pandas as pd

from partialpool.checks.support import weigh_support

from ..factories.fitted import judged


def lift(within, diagnosis):
    names = {"kind": "lift", "parameter": "", "treatment": "Bundle", "within": within}
    return names | {"to_prior": 0.1, "to_likelihood": 0.1, "diagnosis": diagnosis}


def test_support_is_weighed_by_the_levels_that_are_told():
    rows = [lift("Mail", "conflict"), lift("Email", ""), lift("", "weak")]
    tests = pd.DataFrame([judged(), judged(kind="prior"), judged("", missed=False)])
    facts = weigh_support(tests, pd.DataFrame(rows))
    assert facts["missed"] == ["channel"]
    assert [row["within"] for row in facts["leaning"]] == ["Mail"]
    assert weigh_support(tests, pd.DataFrame(rows[2:]))["leaning"] == [
        {"within": "", "treatment": "Bundle", "diagnosis": "weak"}
    ]
