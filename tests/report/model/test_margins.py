"""What is said of margins."""

import pandas as pd

from partialpool.report.model.adequacy_tables import tabulate_margins
from partialpool.report.model.margins import name_margin, state_margins

from ...factories.fitted import judged


def check(margin, level, successes, pit, covered=True, kind="posterior", **more):
    row = {"margin": margin, "level": level, "successes": successes, "pit": pit, "kind": kind}
    row |= {"trials": 500, "covered": covered, "mean": 100.0, "sd": 8.0, "median": 100.0}
    return row | {"lower": 87.0, "upper": 113.0} | more


CHECKS = pd.DataFrame(
    [
        check("channel", "Mail", 101, 0.5),
        check("channel", "Park", 300, 1.0, covered=False),
        check("channel", "Email", 120, 0.99, covered=False),
        check("channel", "Mail", 101, 0.3, kind="prior"),
        check("channel", "Park", 300, 0.999, kind="prior"),
        check("channel", "Email", 120, 0.6, kind="prior"),
    ]
)

CELLS = pd.DataFrame([check("", "one", 5, 0.4), check("", "two", 9, 0.6)]).rename(
    columns={"level": "cell"}
)

FINE = judged("", missed=False, levels=2, covered=2, least=0, p=1.0)

TESTS = pd.DataFrame([FINE, judged(), judged(kind="prior", p=float("nan"))])


def test_a_miss_stands_out_with_the_levels_that_are_farthest_off(made):
    said = state_margins(TESTS, CHECKS, CELLS, made.labels).splitlines()
    assert said[0] == "- Cell by cell: the 89% interval holds 2 of 2 cells."
    assert said[1] == (
        "- **By channel the model misses what was observed:** the 89% interval holds 1 of 3 "
        "levels; by chance alone it would hold at least 1; farthest off: Park (300 observed, 87 "
        "to 113 predicted) and Email (120 observed, 87 to 113 predicted)."
    )


def test_a_surprise_before_the_data_names_its_levels(made):
    said = state_margins(TESTS, CHECKS, CELLS, made.labels)
    assert "the central 99% of what the prior predicts by channel Park." in said
    fine = TESTS.assign(missed=False)
    assert "Before the data: every observed count" in state_margins(
        fine, CHECKS, CELLS, made.labels
    )
    after = TESTS[TESTS["kind"] == "posterior"]
    assert "Before the data" not in state_margins(after, CHECKS, CELLS, made.labels)


def test_a_margin_of_one_level_reads_well(made):
    rows = [judged("promo", missed=False, levels=1, covered=1)]
    assert "holds the one level." in state_margins(pd.DataFrame(rows), CHECKS, CELLS, made.labels)


def test_margins_are_named_by_their_factors():
    assert name_margin("promo:age_group") == "by promo and age group"


def test_the_table_of_margins_marks_what_is_outside(made):
    shown = tabulate_margins(CHECKS, made.labels, "one")._repr_html_()
    assert shown.count("outside the interval<") == 2
    assert "Prior predictive" in shown
    assert tabulate_margins(CHECKS.head(0), made.labels, "one") is None
