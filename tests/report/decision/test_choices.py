"""Which arm is best, how surely, and what choosing it risks: true for two arms and for twelve."""

from dataclasses import replace

from partialpool.report.decision.choices import (
    advise_places,
    compare_leader,
    name_best,
    shortfall,
    tell_choice,
)

from ...factories.labels import labels_of
from ...factories.weighed import weigh

PAGES = {"A": (1012, 12410), "B": (1108, 12390), "C": (1031, 12455), "D": (1170, 12402)}
OF_PAGES = labels_of({"page": list(PAGES)}, within=None, treatment="page")
IN_SHOPS = labels_of({"page": ["A", "B", "C"], "shop": ["x", "y", "z"]}, treatment="page")
SHOPS = {
    "x": {"A": (100, 1000), "B": (200, 1000), "C": (100, 1000)},
    "y": {"A": (200, 1000), "B": (100, 1000), "C": (100, 1000)},
    "z": {"A": (100, 1000), "B": (103, 1000), "C": (40, 1000)},
}


def test_four_pages_have_one_leader_and_one_that_is_not_ruled_out():
    weighed = weigh(PAGES, OF_PAGES)
    assert name_best(weighed, OF_PAGES) == (
        "**Page D is best so far, but page B is not ruled out.**"
    )
    said = tell_choice(weighed, OF_PAGES)
    assert said.startswith("Page D is best with probability 9")
    assert "Choosing it now risks 0.01" in said
    assert "choosing page B 0.5" in said
    assert advise_places(weighed, OF_PAGES) == ["- **Keep comparing page D and page B.**"]


def test_the_leader_is_held_to_the_reference_and_to_those_not_ruled_out():
    said = compare_leader(weigh(PAGES, OF_PAGES), OF_PAGES)
    assert said.startswith("With page D, 9.43% bought (89% interval 9.0")
    assert "1.28 points more than with page A" in said
    assert "points more than with page B" in said
    assert "page C" not in said


def test_a_settled_choice_is_said_as_one():
    weighed = weigh(PAGES | {"D": (1400, 12402)}, OF_PAGES)
    assert name_best(weighed, OF_PAGES) == "**Page D is best.**"
    assert tell_choice(weighed, OF_PAGES).startswith(
        "Page D is best with probability above 99.9%. Choosing it now risks nothing"
    )
    assert advise_places(weighed, OF_PAGES) == ["- **Choose page D.**"]


def test_each_place_has_its_arm_and_what_is_open_is_named():
    weighed = weigh(SHOPS, IN_SHOPS)
    assert name_best(weighed, IN_SHOPS) == (
        "**Page B is best where shop is x and page A where shop is y.** It is open where shop is z."
    )
    assert advise_places(weighed, IN_SHOPS) == [
        "- **Where shop is x**: choose page B.",
        "- **Where shop is y**: choose page A.",
        "- **Where shop is z**: keep comparing page B and page A.",
    ]
    assert tell_choice(weighed, IN_SHOPS) == ""


def test_fifty_places_are_counted():
    names = [str(i) for i in range(50)]
    labels = labels_of({"page": ["A", "B"], "shop": names}, treatment="page")
    rows = [{"A": (100, 1000), "B": (200 if i < 12 else 104, 1000)} for i in range(50)]
    weighed = weigh(dict(zip(names, rows, strict=True)), labels)
    assert name_best(weighed, labels) == (
        "**Page B is best in 12 of the 50 levels of shop.** It is open in 38 of the 50 levels of "
        "shop."
    )
    same = weigh({name: {"A": (100, 1000), "B": (101, 1000)} for name in names}, labels)
    assert (
        name_best(same, labels) == "**Which page is best is open in all of the 50 levels of shop.**"
    )


def test_twelve_arms_are_advised_in_a_line():
    arms = {f"page {i}": (100 + i, 1000) for i in range(12)}
    labels = labels_of({"page": list(arms)}, within=None, treatment="page")
    weighed = weigh(arms, labels)
    (line,) = advise_places(weighed, labels)
    assert line.count("page") <= 7
    assert "more.**" in line
    assert len(name_best(weighed, labels)) < 160


def test_what_matters_may_be_settled_where_the_best_is_not():
    weighed = weigh(PAGES, OF_PAGES, worthwhile=0.01)
    assert name_best(weighed, OF_PAGES) == (
        "**Page D is good enough: no other is better by what matters.**"
    )
    assert advise_places(weighed, OF_PAGES) == ["- **Choose page D.**"]


def test_a_trait_is_compared_and_not_chosen():
    labels = replace(OF_PAGES, treatment_is="trait")
    weighed = weigh(PAGES, labels)
    said = " ".join([name_best(weighed, labels), tell_choice(weighed, labels)])
    assert said.startswith(
        "**The rate is highest for page D so far, but page B is not ruled out.**"
    )
    assert "risk" not in said
    assert "choose" not in " ".join(advise_places(weighed, labels)).lower()


def test_risks_of_money_are_told_in_money():
    weighed = weigh(PAGES, OF_PAGES, value=30, currency="€")
    said = tell_choice(weighed, OF_PAGES)
    assert "Page D pays best with probability 9" in said
    assert "risks €0.00" in said


def test_small_losses_do_not_read_as_none():
    assert shortfall(0.00015, [0.09]) == "0.015 points"
    assert shortfall(1e-9, [0.2]) == "less than 0.01 points"
    assert shortfall(0, [0.2]) == "nothing"
