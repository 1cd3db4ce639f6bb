"""What to do, what a success takes, and where to learn more, in words."""

from dataclasses import replace

import pytest

from partialpool.report.decision.advice import (
    explain_calls,
    explain_choice,
    gather_more,
    list_advice,
    weigh_costs,
)
from partialpool.report.decision.figures import draw_lifts
from partialpool.report.decision.tables import tabulate_lifts, tabulate_yields


def advise(decision, labels):
    return "\n".join([explain_calls(decision, labels, 0.95), *list_advice(decision, labels)])


def test_advice_follows_the_calls(made):
    said = advise(made.decision(made.season), made.labels)
    assert "at least 95.0% probable" in said
    assert "- **Where channel is Email**: offer the bundle." in said
    assert "- **By mail and in the park**: offer NoBundle." in said


def test_costs_break_even_at_the_ratio_of_the_contacts_that_a_success_takes(made):
    yields = [
        {"within": "Park", "treatment": "NoBundle", "median": 1.2, "lower": 1.1, "upper": 1.3},
        {"within": "Mail", "treatment": "Bundle", "median": 2.4, "lower": 2.0, "upper": 3.0},
    ]
    said = weigh_costs(made.decision(made.season) | {"yields": yields}, made.labels)
    assert "1.2 contacts in the park with NoBundle and 2.4 contacts by mail with the bundle" in said
    assert "by mail at 50% of what one costs in the park" in said


def test_more_contacts_are_asked_for_where_the_lift_is_least_exact(made):
    said = gather_more(made.decision(made.season), made.labels)
    assert "most where channel is Email, where" in said
    assert "14.0 points wide" in said


def test_the_choice_says_why_and_who_else_would_do_and_who_is_barred(made):
    choice = {"model": "one", "reason": "best", "tied": ["two"], "barred": ["three"]}
    said = explain_choice(choice)
    assert "it predicts best" in said
    assert "two would do as well" in said
    assert "Barred, because a check failed: three" in said


def test_an_ab_test_is_advised_in_one_line(made):
    said = advise(made.ab_test(), made.ab)
    assert said.endswith("- **Offer the voucher.**")
    assert "- **Keep comparing the voucher with no voucher.**" in advise(
        made.ab_test(call="open"), made.ab
    )


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        (None, "- **Choose offer B.**"),
        ("the offer B", "- **Choose the offer B.**"),
        ("Offer B", "- **Choose Offer B.**"),
        ("the voucher", "- **Offer the voucher.**"),
        ("an offering", "- **Choose an offering.**"),
    ],
)
def test_nobody_is_advised_to_offer_an_offer(made, phrase, said):
    phrases = {} if phrase is None else {"offer": {"B": phrase}}
    labels = replace(made.ab, factors={"offer": ["A", "B"]}, phrases=phrases)
    facts = made.ab_test()
    named = facts | {"treatments": [facts["treatments"][0] | {"treatment": "B", "reference": "A"}]}
    assert list_advice(named, labels) == [said]


def test_an_ab_test_weighs_the_costs_of_its_treatments(made):
    said = weigh_costs(made.ab_test(), made.ab)
    assert "about 8.1 contacts with the voucher and 9.9 contacts with no voucher" in said
    assert "as long as it costs at most 1.22 times as much" in said


def test_no_part_of_the_decision_on_an_ab_test_speaks_of_levels(made):
    decision = made.ab_test()
    facts = decision["treatments"][0]
    said = [advise(decision, made.ab), weigh_costs(decision, made.ab)]
    said += [gather_more(decision, made.ab), explain_choice(decision["choice"])]
    figure = draw_lifts(facts, made.ab)
    said += [figure.caption, figure.alt, tabulate_lifts(facts, made.ab)._repr_html_()]
    said += [tabulate_yields(decision["yields"], made.ab)._repr_html_()]
    assert [word for word in made.words_of_levels if word in " ".join(said)] == []
    assert "because it is the only one" in said[3]


def test_of_60_districts_the_largest_lifts_are_drawn_and_tabled(made):
    facts = made.districts()["treatments"][0]
    figure = draw_lifts(facts, made.by_district)
    assert "Not shown: 36 more levels of district, with smaller lifts" in figure.caption
    html = tabulate_lifts(facts, made.by_district)._repr_html_()
    assert html.count("<tr") == 2 + 24 + 1
    assert "which are in decision.json" in html
    assert figure.svg.count(">16<") == 1


def test_many_places_are_advised_in_part(made):
    said = advise(made.districts(), made.by_district)
    assert "- **Where district is 1, 2, 3, 4, 5 or one of 10 more**: offer the bundle." in said


def test_a_trait_is_not_advised(made):
    decision = made.decision(made.season)
    said = advise(decision, made.trait)
    assert "A rate is called higher or lower here" in said
    assert "- **By mail and in the park**: lower for women." in said
    assert weigh_costs(decision, made.trait) == ""
    assert tabulate_yields([{"within": "Mail"}], made.trait) is None
    assert "the interval of the difference of women from men" in gather_more(decision, made.trait)


def test_levels_of_the_treatment_may_be_called_like_columns(made):
    facts = made.ab_test()["treatments"][0] | {"treatment": "call", "reference": "contacts"}
    html = tabulate_lifts(facts, made.ab)._repr_html_()
    for number in ("6\u202f000", "10.1%", "12.3%", "+2.2"):
        assert f">{number}</td>" in html


def test_levels_that_the_model_gives_one_rate_are_not_ranked(made):
    yields = [
        {"within": place, "treatment": "Bundle", "median": 2.0 + i * 4e-16, "lower": 1.8}
        | {"upper": 2.2}
        for i, place in enumerate(("Mail", "Park"))
    ]
    said = weigh_costs(made.decision(made.season) | {"yields": yields}, made.labels)
    assert said == (
        "As the model has it, one success takes about 2.0 contacts in every level of channel."
    )


def test_levels_that_the_draws_do_not_tell_apart_have_no_lowest(made):
    yields = [
        {"within": "Mail", "treatment": "Bundle", "median": 2.0, "lower": 1.5, "upper": 2.6},
        {"within": "Park", "treatment": "Bundle", "median": 2.1, "lower": 1.6, "upper": 2.7},
    ]
    said = weigh_costs(made.decision(made.season) | {"yields": yields}, made.labels)
    assert "lowest" not in said
    assert "bargain" not in said
