"""Whether lifts differ, in words and tables: one place, two, fifty, and none."""

from dataclasses import replace

import pytest

from partialpool.cells.question import Question
from partialpool.decision.weighing import weigh_arms
from partialpool.report.decision.segments import tabulate_segments, tell_chance, tell_segments
from partialpool.settings import Decision

from ...factories.labels import labels_of
from ...factories.strata import simulate, strata_of
from ...factories.weighed import NOTHING
from ..sentences import says

FIFTY = simulate(1)[0]


def labels_for(places, arms=("old", "new")):
    return labels_of(
        {"offer": list(arms), "shop": [f"a{i}" for i in range(places)]}, treatment="offer"
    )


def weighed_of(counts, trials=400, alone=False):
    settings = Decision(experiment={"contacts": [100]})
    strata = strata_of(counts, trials, draws=1000)
    return weigh_arms(strata, Question("offer", "shop"), settings, 0.89, 1, alone=alone)


def told(counts, trials=400, alone=False):
    return tell_segments(weighed_of(counts, trials, alone), labels_for(len(counts)))


def shown(counts, alone=False):
    tables = tabulate_segments(weighed_of(counts, alone=alone), labels_for(len(counts)))
    return [table._repr_html_() for table in tables]


def test_two_places_that_differ_are_told_with_size_and_probability():
    said = told([[40, 80], [80, 40]])
    assert says(said, "offer new", "differs between levels of shop")
    assert says(said, "lower", "a1", "a0", "points", "89% interval", "probability above 99.9%")
    assert "chance" not in said
    (html,) = shown([[40, 80], [80, 40]])
    assert "a1" in html
    assert "ratio of odds ratios" in html


def test_places_alike_are_said_to_be_nothing_that_is_told_apart():
    said = told([[40, 60], [80, 104]])
    assert says(said, "Nothing says that", "offer new", "differs")
    assert says(said, "probability", "95.0% is needed")
    assert "standard deviation" in said


def test_points_that_differ_by_where_rates_start_are_told_from_odds_ratios():
    said = told([[400, 784], [8000, 11428]], 20000)
    assert says(said, "differs between levels of shop")
    assert "the same odds ratio" in said
    assert "the same odds ratio" not in told([[40, 80], [80, 40]])


def test_one_place_is_not_compared_with_itself():
    assert says(told([[40, 80]]), "one level of shop")
    assert shown([[40, 80]]) == []


@pytest.mark.parametrize("within", [None, "shop"])
def test_without_places_or_an_answer_nothing_is_said(within):
    labels = replace(labels_for(2), within=within)
    assert tell_segments(NOTHING, labels) == ""
    assert tabulate_segments(NOTHING, labels) == []


def test_of_fifty_lifts_it_is_told_what_chance_calls_and_that_they_are_pooled():
    said = told(FIFTY, alone=True)
    made = weighed_of(FIFTY, alone=True).facts["segments"][0]["chance"]["made"]
    assert says(said, "chance alone", "5.0", "50", "2", "9")
    assert says(said, "Called are", str(made))
    assert says(said, "partially pooled", "none")
    assert says(said, "Nothing says that", "differs")
    assert "Bonferroni" not in said
    (html,) = shown(FIFTY, alone=True)
    assert "standing alone" in html
    assert "26 more levels of shop, with smaller lifts, which are in arms.json" in html


def test_the_answer_tells_of_chance_where_lifts_are_pooled_and_only_there():
    (said,) = tell_chance(weighed_of(FIFTY, alone=True), labels_for(50))
    assert says(said, "chance alone")
    assert says(said, "partially pooled")
    assert tell_chance(weighed_of(FIFTY), labels_for(50)) == []
    assert tell_chance(NOTHING, labels_for(50)) == []


def test_of_few_lifts_that_stand_alone_chance_is_told_and_nothing_is_pooled():
    said = told([[40, 62], [40, 40], [40, 45], [40, 44]], alone=True)
    assert says(said, "chance alone", "0.4", "4")
    assert "pooled" not in said
    assert says(said, "99.2% is needed")
    assert "Bonferroni" in said
    assert "what is chance" in said


def test_many_places_are_compared_with_all_others():
    said = told(FIFTY)
    assert "elsewhere" in said
    assert "all others" in shown(FIFTY)[0]
    assert "26 more differences, which are in segments.csv" in shown(FIFTY)[0]


def test_every_arm_is_told():
    counts = [[40, 80, 41], [80, 40, 80]]
    labels = labels_for(2, ("old", "new", "third"))
    weighed = weighed_of(counts)
    said = tell_segments(weighed, labels)
    assert says(said, "new", "differs")
    assert says(said, "Nothing says that", "third", "differs")
    assert len(tabulate_segments(weighed, labels)) == 2


def test_levels_of_any_name_are_text():
    strange = replace(labels_for(2), factors={"offer": ["old", "new"], "shop": ["<b>", "*x*"]})
    weighed = weighed_of([[40, 80], [80, 40]])
    for row in (weighed.facts["segments"][0]["widest"],):
        row |= {"within": "*x*", "versus": "<b>"}
    said = tell_segments(weighed, strange)
    assert r"\*x\*" in said
    assert "<b>" not in said.replace(r"\<b\>", "")
