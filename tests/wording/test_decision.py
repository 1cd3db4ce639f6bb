"""What to do, what a success takes, and where to learn more, in words."""

from partialpool.wording.decision import advise, explain_choice, gather_more, weigh_costs


def test_advice_follows_the_calls(made):
    said = advise(made.decision(made.season), made.labels, 0.95)
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
