"""The worth of further contacts in words, tables and a curve."""

from dataclasses import replace

from partialpool.report.decision.experiments import (
    draw_experiments,
    tabulate_allocation,
    tabulate_experiments,
    tell_experiments,
)

from ...factories.weighed import weigh
from .test_choices import OF_PAGES, PAGES

SETTLED = {"A": (1, 1000), "B": (900, 1000), "C": (1, 1000), "D": (1, 1000)}


def test_without_money_contacts_are_worth_successes():
    weighed = weigh(PAGES, OF_PAGES)
    said = tell_experiments(weighed, OF_PAGES)
    assert said.startswith("198\u202f628 further contacts would bring 0.1")
    assert "successes per 1\u202f000 contacts, 8" in said
    table = tabulate_experiments(weighed, OF_PAGES)
    assert table.frame.index[0] == "12\u202f414"
    assert "net" not in table.frame


def test_with_money_the_best_size_is_named_or_none_is():
    asked = {"value": 30, "campaign": 1_000_000, "illustrative": True}
    weighed = weigh(PAGES, OF_PAGES, experiment={"cost": 0.01}, **asked)
    said = tell_experiments(weighed, OF_PAGES)
    assert "further contacts pay best: after their cost they bring" in said
    assert "Values and costs are assumptions" in said
    assert "net" in tabulate_experiments(weighed, OF_PAGES).frame
    dear = weigh(PAGES, OF_PAGES, experiment={"cost": 100}, **asked)
    assert tell_experiments(dear, OF_PAGES).startswith("No experiment of these sizes brings")


def test_contacts_go_to_the_arms_that_are_open():
    table = tabulate_allocation(weigh(PAGES, OF_PAGES), OF_PAGES)
    row = table.frame.iloc[0]
    assert row[["B", "D"]].sum() > 0.9 * row.sum()
    assert table.caption.startswith("Where 99\u202f314 further contacts")


def test_the_curve_has_a_point_for_each_size():
    figure = draw_experiments(weigh(PAGES, OF_PAGES), OF_PAGES)
    assert figure.alt.count(";") == 4


def test_where_all_is_settled_nothing_is_to_be_learnt():
    weighed = weigh(SETTLED, OF_PAGES)
    assert tell_experiments(weighed, OF_PAGES).startswith("No further contacts would change")
    assert tabulate_allocation(weighed, OF_PAGES) is None
    assert draw_experiments(weighed, OF_PAGES) is None


def test_of_a_trait_no_experiment_is_told():
    labels = replace(OF_PAGES, treatment_is="trait")
    weighed = weigh(PAGES, labels)
    assert tell_experiments(weighed, labels) == ""
    assert tabulate_experiments(weighed, labels) is None


def test_worth_is_told_no_finer_than_its_monte_carlo_error():
    weighed = weigh(PAGES, OF_PAGES)
    table = tabulate_experiments(weighed, OF_PAGES)
    worth = table.frame.columns[0]
    error = 1000 * weighed.tables["experiments"]["mcse"].max()
    for shown in map(table.formats[worth], table.frame[worth]):
        digits = shown.removeprefix("below ").rstrip("0").partition(".")[2]
        assert 10.0 ** -len(digits) >= error


def test_what_is_closer_than_the_error_is_not_told_to_pay():
    asked = {"value": 30, "campaign": 1_000_000}
    free = weigh(PAGES, OF_PAGES, experiment={"contacts": [12_000]}, **asked)
    brings = free.tables["experiments"]["brings"].iloc[0]
    even = {"cost": brings / 12_000, "contacts": [12_000]}
    assert "closer than the draws can tell" in tell_experiments(
        weigh(PAGES, OF_PAGES, experiment=even, **asked), OF_PAGES
    )
