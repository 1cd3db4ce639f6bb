"""Outcomes that are not welcome: gain and advice turn round, in every sentence and table."""

from dataclasses import replace

import pytest

from partialpool.report.decision.advice import (
    explain_calls,
    head_costs,
    list_advice,
    weigh_costs,
)
from partialpool.report.decision.answer import answer as open_with
from partialpool.report.decision.answer import in_sentences
from partialpool.report.decision.arms import tabulate_arms, tabulate_choices
from partialpool.report.decision.choices import (
    advise_places,
    compare_leader,
    name_best,
    tell_choice,
)
from partialpool.report.decision.experiments import tabulate_experiments, tell_experiments
from partialpool.report.decision.money import tabulate_money, tell_profit
from partialpool.report.decision.segments import tell_segments
from partialpool.report.decision.tables import tabulate_yields
from partialpool.report.decision.unwelcome import tabulate_frequency, tell_frequency

from ...factories.decisions import AB, LABELS, TRAIT, ab_test, decision, districts, level
from ...factories.labels import labels_of
from ...factories.weighed import weigh, weighed_of
from .test_choices import IN_SHOPS, OF_PAGES, PAGES, SHOPS

BAD = {"good": False, "verb": "complained", "noun": "complaints"}
PAGES_BAD, SHOPS_BAD = replace(OF_PAGES, **BAD), replace(IN_SHOPS, **BAD)
TWO = replace(labels_of({"promo": ["A", "B"], "shop": ["x", "y"]}), **BAD)
LOWER = [level("Mail", 0.56, 0.35, "gain"), level("Park", 0.74, 0.85, "loss")]
TAKES = [
    {"within": "Mail", "treatment": "Bundle", "median": 20.0, "lower": 15.0, "upper": 30.0},
    {"within": "Park", "treatment": "NoBundle", "median": 4.0, "lower": 3.0, "upper": 5.0},
]


def answer(told, weighed, labels):
    return [*open_with(told, weighed, labels), *in_sentences(told, weighed, labels)]


def advise(told, labels):
    return "\n".join([explain_calls(told, labels, 0.95), *list_advice(told, labels)])


def test_a_fall_helps_and_a_rise_hurts():
    told = decision(LOWER, reversed_=False, against=()) | {"yields": TAKES}
    labels = replace(LABELS, **BAD)
    said = " ".join(answer(told, weighed_of(told, labels), labels))
    assert said.startswith("**The bundle helps by mail and hurts in the park.**")
    assert (
        "it lowers the share that complained from 56.0% to 35.0%, **a fall of 21.0 points**" in said
    )
    assert (
        "it raises the share that complained from 74.0% to 85.0%, **a rise of 11.0 points**" in said
    )
    assert "probability of a gain above 99.9%" in said
    advice = advise(told, labels)
    assert "- **By mail**: offer the bundle." in advice
    assert "Less is better here" in advice


def test_of_a_trait_the_lower_rate_is_told_as_the_call_says():
    told = ab_test(0.2, 0.1)
    labels = replace(AB, treatment_is="trait", **BAD)
    said = " ".join(answer(told, weighed_of(told, labels), labels))
    assert said.startswith("**The rate is lower for the voucher than for no voucher.**")
    assert "10.0 points less" in said
    assert "probability of a lower rate" in said
    assert "lower for the voucher" in advise(told, labels).lower()


def test_the_page_with_the_fewest_leads_and_risks_in_the_same_direction():
    weighed = weigh(PAGES, PAGES_BAD)
    assert name_best(weighed, PAGES_BAD).startswith("**Page A is best so far, but page C")
    said = tell_choice(weighed, PAGES_BAD)
    assert "how much lower the rate of the best may be expected to be" in said
    leader = compare_leader(weighed, PAGES_BAD)
    assert "points less than with page C" in leader
    assert "better with probability" in leader
    assert float(leader.rpartition("better with probability ")[2].partition("%")[0]) > 50
    assert advise_places(weighed, PAGES_BAD) == ["- **Keep comparing page A and page C.**"]
    assert "would have less" in tabulate_arms(weighed, PAGES_BAD).note
    assert tabulate_choices(weighed, PAGES_BAD).frame.index.tolist()[0] == "A"


def test_places_have_their_lowest_arm_and_how_far_below_the_next_it_is():
    table = tabulate_choices(weigh(SHOPS, SHOPS_BAD), SHOPS_BAD)
    frame = table.frame
    assert frame.loc["z", "best"] == "C"
    assert str(frame.loc["z", "difference, points"]).startswith("−")
    assert not [name for name in frame if "lift" in name]
    assert "how probably it is, and its difference from" in table.caption


def test_one_complaint_comes_from_so_many_contacts_and_nothing_is_a_bargain():
    labels = replace(LABELS, **BAD)
    told = decision(LOWER) | {"yields": TAKES}
    said = weigh_costs(told, labels)
    assert said == (
        "About one contact in 20.0 by mail with the bundle and in 4.0 in the park with NoBundle "
        "complained."
    )
    assert "bargain" not in said
    assert "cost" not in said
    table = tabulate_yields(TAKES, labels)
    assert "break-even cost" not in table.frame
    assert "contacts to one" in table.frame
    assert head_costs(labels) == "## How often it happens"
    assert head_costs(LABELS) == "## What a success takes"
    assert head_costs(TRAIT) == ""


def test_very_many_levels_are_told_by_their_ends():
    labels = replace(LABELS, **BAD)
    rows = [TAKES[0] | {"within": f"c{i}", "median": 60.0 - i} for i in range(40)]
    said = tell_frequency(rows, labels)
    assert said.startswith("Over the 40 levels of channel, about one contact in 60.0")
    assert "to in 21.0" in said
    assert tell_frequency([], labels) == "No model answers, so none is told."
    assert tabulate_frequency([], labels) is None


def test_what_a_success_costs_is_told_as_a_cost():
    weighed = weigh(PAGES, PAGES_BAD, value=10.0)
    said = tell_profit(weighed, PAGES_BAD)
    assert said.startswith("Page A for all costs 0.8")
    low, high = said.partition("interval ")[2].partition(")")[0].split(" to ")
    assert float(low) < float(high)
    assert "less the best may be expected to cost" in tell_choice(weighed, PAGES_BAD)
    assert "page A costs least" in name_best(weighed, PAGES_BAD).replace("P", "p", 1)
    money = tabulate_money(weighed, PAGES_BAD)
    row = money.frame.loc["A"]
    assert 0 < row["89% from"] < row["cost per contact"] < row["to"]
    assert row["cost per contact"] == -weighed.tables["money"]["mean"].iloc[0]
    assert not [name for name in money.frame if "profit" in name]
    assert "cost per contact" in tabulate_choices(weighed, PAGES_BAD).frame


def test_a_difference_of_lifts_below_0_is_told_without_larger_or_smaller():
    counts = {"x": {"A": (80, 1000), "B": (10, 1000)}, "y": {"A": (80, 1000), "B": (70, 1000)}}
    weighed = weigh(counts, TWO)
    said = tell_segments(weighed, TWO)
    assert "it is higher where shop is y than where shop is x" in said  # -1 against -7 points
    assert said.count("; lower is better") == 1
    assert "; lower is better" not in tell_segments(weighed, replace(TWO, good=True))


def test_experiments_bring_fewer_successes():
    weighed = weigh(PAGES, PAGES_BAD)
    assert "successes fewer per" in tell_experiments(weighed, PAGES_BAD)
    assert "how much less the arms chosen" in tell_experiments(weighed, PAGES_BAD)
    assert any("fewer" in name for name in tabulate_experiments(weighed, PAGES_BAD).frame)


@pytest.mark.parametrize("kind", ["offer", "trait"])
def test_sixty_districts_are_told_without_a_fault(kind):
    told = districts()
    labels = replace(LABELS, treatment_is=kind, **BAD)
    labels = replace(labels, factors={**LABELS.factors, "district": [str(i) for i in range(1, 61)]})
    labels = replace(labels, within="district")
    said = " ".join(answer(told, weighed_of(told, labels), labels))
    assert "nan" not in said
    assert "{" not in said
