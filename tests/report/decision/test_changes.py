"""How lifts change, in words and a table."""

import pandas as pd

from partialpool.cells.question import Question
from partialpool.decision.strata import Strata
from partialpool.decision.weighing import weigh_arms
from partialpool.report.decision.changes import tabulate_changes, tell_changes
from partialpool.settings import Decision

from ...decision.test_changes import COUNTS, SIZES, TWO, TWO_SIZES, cells_of
from ...factories.labels import labels_of
from ...factories.weighed import NOTHING
from ..sentences import says

LABELS = labels_of({"offer": ["old", "new"], "city": ["c0", "c1"]}, "city", treatment="offer")
ALONE = labels_of({"offer": ["old", "new"]}, None, treatment="offer")


def weighed_of(successes, trials, within=None):
    cells, strata = cells_of(successes, trials)
    question = Question("offer", within, "period")
    settings = Decision(experiment={"contacts": [100]})
    return weigh_arms(strata, question, settings, 0.89, 1, cells)


def test_the_change_over_all_is_told_beside_that_of_the_counts():
    said = tell_changes(weighed_of(COUNTS, SIZES), ALONE)
    assert says(said, "From before to after", "offer new", "+5.0 points", "89% interval")
    assert says(said, "counts alone", "+5.0")
    assert "difference in differences" in said


def test_every_place_has_its_rows():
    html = tabulate_changes(weighed_of(TWO, TWO_SIZES, "city"), LABELS)._repr_html_()
    for text in ("c0", "c1", "before", "after", "all, same mix", "ratio of odds ratios"):
        assert text in html
    assert html.count("<tr>") == 2 + 6


def test_a_model_that_lets_nothing_change_is_said_to():
    cells, strata = cells_of(COUNTS, SIZES)
    same = [logs[:, [0, 0]] for logs in (strata.log_success, strata.log_failure)]
    constant = Strata(strata.levels, strata.arms, *same)
    asked = Question("offer", None, "period"), Decision(experiment={"contacts": [100]})
    said = tell_changes(weigh_arms(constant, *asked, 0.89, 1, cells), ALONE)
    assert says(said, "In the model that answers", "the same at before and after")


def test_without_a_factor_between_nothing_is_said():
    for weighed in (
        NOTHING,
        weigh_arms(
            cells_of(COUNTS, SIZES)[1],
            Question("offer"),
            Decision(experiment={"contacts": [100]}),
            0.89,
            1,
        ),
    ):
        assert tell_changes(weighed, ALONE) == ""
        assert tabulate_changes(weighed, ALONE) is None


def test_a_table_without_rows_shows_nothing():
    weighed = weighed_of(COUNTS, SIZES)
    weighed.tables["changes"] = pd.DataFrame(columns=weighed.tables["changes"].columns)
    assert tabulate_changes(weighed, ALONE) is None
