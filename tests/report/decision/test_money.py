"""Profit in words and a table: the right digits, the currency, and that amounts are assumed."""

import re

import pytest

from partialpool.report.decision.money import (
    amount,
    assumption,
    money_format,
    tabulate_money,
    tell_profit,
)

from ...factories.weighed import weigh
from .test_choices import IN_SHOPS, OF_PAGES, PAGES, SHOPS

PRICED = {"value": 30, "cost": {"page": {"A": 0, "B": 1, "C": 0, "D": 0.5}}, "currency": "€"}


def test_one_arm_for_all_is_told_with_its_interval():
    said = tell_profit(weigh(PAGES, OF_PAGES, campaign=10_000, **PRICED), OF_PAGES)
    assert said.startswith("Page A for all brings €24") or said.startswith("Page C for all brings")
    assert "over 10\u202f000 contacts (89% interval €" in said
    assert "assumptions" not in said


def test_the_best_of_each_place_is_told_against_one_for_all():
    said = tell_profit(weigh(SHOPS, IN_SHOPS, value=10, campaign=1000), IN_SHOPS)
    assert "for all brings 1\u202f3" in said
    assert "; the best for each shop brings " in said
    assert re.search(r" more \(\S+ to \S+\)\.$", said)


def test_amounts_that_are_assumed_are_said_to_be():
    weighed = weigh(PAGES, OF_PAGES, value=[20, 40], illustrative=True)
    assert tell_profit(weighed, OF_PAGES).endswith("Values and costs are assumptions, not data.")
    html = tabulate_money(weighed, OF_PAGES)._repr_html_()
    assert "Values and costs are assumptions, not data." in html
    assert assumption({"illustrative": False}) == ""


def test_without_a_value_nothing_is_said_of_money():
    weighed = weigh(PAGES, OF_PAGES)
    assert tell_profit(weighed, OF_PAGES) == ""
    assert tabulate_money(weighed, OF_PAGES) is None


def test_every_arm_has_its_profit_in_every_place():
    table = tabulate_money(weigh(SHOPS, IN_SHOPS, value=10, campaign=1000), IN_SHOPS)
    assert list(table.frame.index.names) == ["shop", "page"]
    assert len(table.frame) == 4 * 3
    third, whole = table.frame.iloc[0], table.frame.iloc[-1]
    assert third["over the campaign"] == pytest.approx(1000 / 3 * third["profit per contact"])
    assert whole["over the campaign"] == pytest.approx(1000 * whole["profit per contact"])


@pytest.mark.parametrize(
    ("values", "shown"),
    [([1234.5, 2.0], "€1\u202f234"), ([12.345], "€12.35"), ([0.00456], "€0.0046"), ([0], "€0")],
)
def test_amounts_have_the_digits_that_they_need(values, shown):
    assert money_format(values, {"currency": "€"})(values[0]) == shown


def test_a_loss_has_its_sign_before_the_currency():
    assert (
        amount(-3.5, {"currency": "$"}) == "−\\$3.50" or amount(-3.5, {"currency": "$"}) == "−$3.50"
    )
