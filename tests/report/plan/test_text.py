"""What the page of a plan says: numbers, what they are of, and what they rest on."""

import pandas as pd
import pytest

from partialpool.report.plan import text as say
from partialpool.report.plan.figures import draw_power
from partialpool.report.plan.tables import tabulate_looks, tabulate_sizes
from partialpool.settings import Plan

SIZES = pd.DataFrame(
    {
        "contacts": [3000, 6400],
        "replicates": 2000,
        "called_right": [0.51, 0.803],
        "called_right_se": [0.011, 0.009],
        "called_wrong": [0.004, 0.0],
        "called_wrong_se": 0.001,
        "called_falsely": [0.096, 0.104],
        "called_falsely_se": 0.007,
        "best_ahead": [0.95, 0.99],
    }
)
LOOKS = pd.DataFrame(
    {
        "look": [1, 2],
        "contacts": [3200, 6400],
        "called_now": [0.1, 0.104],
        "called_falsely": [0.1, 0.16],
        "called_right": [0.5, 0.84],
        "called_wrong": [0.004, 0.004],
    }
)
NEEDED = {"contacts": 6380.4, "fewest": 6100.0, "most": 6800.0, "planned": 6400}
LOOKED = {
    "looks": 2,
    "falsely_once": 0.104,
    "falsely_any": 0.16,
    "expected": 4700.0,
    "expected_none": 6080.0,
    "careful": 0.97104,
    "careful_right": 0.77,
    "careful_expected": 5100.0,
}
MONEY = {"value": 30, "campaign": 100_000, "cost": 0.2, "currency": "$"}


def plan_of(**keys):
    return Plan(**{"title": "Pages", "rate": 0.05, "lift": 0.01, "arms": ["old", "new"]} | keys)


def told(text):
    """With plain spaces, for thin ones are hard to read."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_the_headline_says_how_many_contacts_find_the_lift_how_surely():
    said = told(say.headline(plan_of(), SIZES, NEEDED))
    first = (
        "**About 6 400 contacts for each arm find a lift of 1.0 points with a probability of 80%**"
    )
    assert said.startswith(first)
    assert "12 800 in all (between 6 100 and 6 800 for each arm" in said


def test_the_headline_of_several_arms_is_about_the_best():
    four = plan_of(arms=4, lift=0.0025)
    said = told(say.headline(four, SIZES, NEEDED))
    assert "find the best of 4 arms when it is 0.25 points ahead of the others with a" in said
    assert "25 600 in all" in said
    own = plan_of(rate={"old": 0.1, "new": 0.2})
    assert "find an arm that no other beats by 1.0 points or more" in say.headline(
        own, SIZES, NEEDED
    )


def test_where_no_size_is_enough_the_headline_says_so_and_names_none():
    none = NEEDED | {"contacts": None}
    said = told(say.headline(plan_of(share=0.9), SIZES, none))
    assert said.startswith("**None of the sizes that were tried is enough to find a lift")
    assert "With 6 400 contacts for each arm" in said
    assert "the probability is 80%" in said
    assert "About" not in said


def test_where_all_sizes_are_enough_the_headline_gives_a_bound():
    said = told(say.headline(plan_of(), SIZES, NEEDED | {"contacts": 0.0, "planned": 3000}))
    assert said.startswith("**At most 3 000 contacts for each arm")
    assert "between" not in said


def test_looks_and_what_they_do_to_false_calls_are_told():
    said = say.state_false_calls(LOOKED)
    assert "called all the same in 10.4% of the experiments that are looked at once" in said
    assert "Looked at 2 times and stopped at the first call, in 16.0% of them." in said
    assert "Looked" not in say.state_false_calls(LOOKED | {"looks": 1})
    same = say.state_false_calls(LOOKED | {"falsely_any": 0.104})
    assert "in no more (10.4%) of them" in same


def test_what_looks_save_is_told_with_the_care_that_they_take():
    said = told(say.state_savings(plan_of(), LOOKED, 6400))
    assert "takes 4 700 contacts for each arm on average where the lift is there" in said
    assert "and 6 080 where there is none, of 6 400 at most" in said
    # rounded up, as with less there would be more false calls
    assert "need a probability of 97.11% instead of 95%" in said
    assert "found in 77% of the experiments, after 5 100 contacts" in said
    assert "instead of" not in say.state_savings(plan_of(), LOOKED | {"careful": 0.95}, 6400)
    assert say.state_savings(plan_of(), LOOKED | {"looks": 1}, 6400) == ""


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (
            [900.0, 700.0],
            "3 000 contacts for each arm bring the most of the sizes that were tried: \\$900",
        ),
        ([-900.0, -1700.0], "At none of the sizes that were tried does the experiment bring more"),
    ],
)
def test_money_names_the_size_that_brings_most_if_any_does(net, said):
    plan = plan_of(**MONEY)
    text = told(say.state_money(plan, SIZES.assign(net=net)))
    assert said.replace("\\$", "$") in text
    assert "100 000 contacts of a campaign" in text
    assert say.state_money(plan_of(), SIZES) == ""


def test_what_is_assumed_is_said():
    assert "7% to 9% without a lift, and a lift of 1.0 points" in say.lede(
        plan_of(rate=[0.07, 0.09])
    )
    own = plan_of(rate={"old": 0.1, "new": [0.15, 0.255]})
    assert "10% for old and 15% to 25.5% for new" in say.lede(own)
    method = say.explain(plan_of(arms=["a", "b", "c_d"]))
    assert "c\\_d is better than a and b by 1.0 points, which are alike" in method
    assert "the probability that it is best reaches 95%" in method
    ranged = [say.list_doubts(plan_of(rate=rate)) for rate in (0.05, [0.04, 0.06])]
    assert len(ranged[1]) == len(ranged[0]) + 1


def test_the_priors_are_as_stated():
    own = {"slope": "normal(0, 0.2)", "coefficients": {"arm[c]": "normal(0, 1)"}}
    said = say.state_priors(plan_of(arms=["a", "b", "c"], priors=own, link="probit"))
    for part in (
        "probit",
        "`student_t(3, 0, 2.5)`",
        "`normal(0, 0.2)`",
        "`arm[c]`: `normal(0, 1)`",
    ):
        assert part in said


def test_the_tables_have_every_size_and_look():
    plan = plan_of(**MONEY)
    money = SIZES.assign(gain=30_000.0, cost=[1200.0, 2560.0], net=[28_800.0, 27_440.0])
    sizes = told(tabulate_sizes(plan, money)._repr_html_())
    for part in ("3 000", "80.3%", "10.4%", "brings, $", "27 440", "up to 1.1 points"):
        assert part in sizes
    assert "brings" not in tabulate_sizes(plan_of(), SIZES)._repr_html_()
    looks = told(tabulate_looks(plan, LOOKS)._repr_html_())
    for part in ("1 of 3 200", "2 of 6 400", "16.0%", "84.0%", "lift of 1.0 points"):
        assert part in looks


def test_the_curve_is_told_in_words():
    figure = draw_power(plan_of(), SIZES)
    assert "6 400 contacts: right 80%, wrong 0.0%, false 10.4%" in told(figure.alt)
    assert "the 80% asked for" in figure.alt
    assert figure.svg.startswith("<svg")
