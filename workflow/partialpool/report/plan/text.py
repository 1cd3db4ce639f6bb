"""Sentences on a plan: what the experiment needs, and what looks in between do to wrong calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.frames import list_rows
from partialpool.report.formats import decimals, integer, percent
from partialpool.report.prose import fill
from partialpool.report.text import code, listed, plain
from partialpool.settings import Plan

MOST_PLACES = 4
"""Decimals of points or percentages that an assumption may have."""
SAME = 0.001
"""Shares that differ by less are told as the same."""


def headline(plan: Plan, sizes: pd.DataFrame, needed: Mapping[str, Any]) -> str:
    """How many contacts it takes, or that none of the sizes is enough."""
    share = _percent(plan.share)
    if needed["contacts"] is None:
        most = list_rows(sizes)[-1]
        return (
            f"**None of the sizes that were tried is enough to {_find(plan)} with a probability of "
            f"{share}.** With {integer(most['contacts'])} contacts for each arm, the most that "
            f"were tried, the probability is {percent()(most['called_right'])}."
        )
    contacts, arms = needed["planned"], len(plan.names)
    first = "About" if needed["contacts"] else "At most"
    return (
        f"**{first} {integer(contacts)} contacts for each arm {_find(plan)} with a probability of "
        f"{share}**, {integer(arms * contacts)} in all{_between(needed)}."
    )


def state_false_calls(looks: Mapping[str, Any]) -> str:
    """How often something is called where there is nothing, looked at once and more often."""
    once, often = looks["falsely_once"], looks["falsely_any"]
    said = (
        f"Where there is no lift at all, an arm is called all the same in {percent(1)(once)} of "
        "the experiments that are looked at once, at their end"
    )
    if looks["looks"] == 1:
        return f"{said}."
    more = f"in no more ({percent(1)(often)})" if often - once < SAME else f"in {percent(1)(often)}"
    return (
        f"{said}. **Looked at {integer(looks['looks'])} times and stopped at the first call, "
        f"{more} of them.**"
    )


def state_savings(plan: Plan, looks: Mapping[str, Any], contacts: int) -> str:
    """What looks save, and how sure calls must be for no more false ones."""
    if looks["looks"] == 1:
        return ""
    said = (
        f"Stopping at the first call takes {integer(looks['expected'])} contacts for each arm on "
        f"average where the lift is there, and {integer(looks['expected_none'])} where there is "
        f"none, of {integer(contacts)} at most."
    )
    if looks["careful"] <= plan.probability:
        return said
    return (
        f"{said} For no more false calls than at one look, let a call in this plan need a "
        f"probability of {_needed(looks['careful'])} instead of {_percent(plan.probability)}: the "
        f"lift is then found in {percent()(looks['careful_right'])} of the experiments, after "
        f"{integer(looks['careful_expected'])} contacts for each arm on average."
    )


def state_money(plan: Plan, sizes: pd.DataFrame) -> str:
    """Which size brings most, if the lift is there; nothing where no value is stated."""
    if plan.value is None or plan.campaign is None:
        return ""
    best = list_rows(sizes.nlargest(1, "net"))[0]
    campaign = f"{integer(plan.campaign)} contacts of a campaign"
    if best["net"] <= 0:
        return (
            "At none of the sizes that were tried does the experiment bring more than it costs, "
            f"even if the lift is there: {_money(plan, best['net'])} net over {campaign} at best."
        )
    return (
        f"If the lift is there, {integer(best['contacts'])} contacts for each arm bring the most "
        f"of the sizes that were tried: {_money(plan, best['net'])} net of the experiment, against "
        f"{plain(plan.names[0])} over {campaign}."
    )


def question(plan: Plan) -> str:
    """What the page asks."""
    return f"How many contacts does it take to {_find(plan)}? What would looks in between do?"


def lede(plan: Plan) -> str:
    """That there are no data yet."""
    return (
        f"There are no data yet. Everything here follows from what is assumed: {state_rates(plan)}."
    )


def state_rates(plan: Plan) -> str:
    """The rates that are assumed."""
    if isinstance(plan.rate, dict):
        each = zip(plan.names, plan.rates, strict=True)
        return listed([f"{_rate(*ends)} for {plain(name)}" for name, ends in each])
    return f"{_rate(*plan.rates[0])} without a lift, and a lift of {points_of(plan.lift)}"


def explain(plan: Plan) -> str:
    """What was simulated."""
    if isinstance(plan.rate, dict):
        world = f"the rates are {state_rates(plan)}"
    else:
        last, others = plain(plan.names[-1]), listed([plain(name) for name in plan.names[:-1]])
        world = f"{last} is better than {others} by {points_of(plan.lift)}"
        world += ", which are alike" if len(plan.names) > 2 else ""
    return fill(
        "plan/method",
        replicates=integer(plan.replicates),
        world=world,
        reference=plain(plan.names[0]),
        probability=_percent(plan.probability),
        lift=points_of(plan.lift),
    )


def list_doubts(plan: Plan) -> list[str]:
    """What the numbers rest on."""
    said = ["Other rates need other numbers of contacts: try those that may be, in the plan."]
    if isinstance(plan.rate, tuple):
        said.append(
            "The rate is not known: shares are over a range of it, and are higher at one end than "
            "at the other."
        )
    if len(plan.names) > 2:
        said.append(
            "An arm is called when it is best of all: two that are alike and ahead of the rest "
            "mostly keep the call open, whatever the size."
        )
    return said


def state_priors(plan: Plan) -> str:
    """The priors as stated, by class and by name."""
    where = {
        "contacts": "at the mean over contacts",
        "cells": "at the mean over arms",
        "reference": f"with {plain(plan.names[0])}",
    }[plan.intercept_prior_at]
    own = plan.priors.coefficients
    lines = [
        f"- Intercept, {where}: {code(own.get('Intercept', plan.priors.intercept))}",
        f"- Every other arm against {plain(plan.names[0])}: {code(plan.priors.slope)}",
        *(f"- {code(name)}: {code(of)}" for name, of in own.items() if name != "Intercept"),
    ]
    return f"Priors are on the {plan.link} scale.\n\n" + "\n".join(lines)


def describe_power(plan: Plan, sizes: pd.DataFrame) -> str:
    """Alternative text: the shares by size."""
    said = [
        f"{integer(row['contacts'])} contacts: right {percent()(row['called_right'])}, wrong "
        f"{percent(1)(row['called_wrong'])}, false {percent(1)(row['called_falsely'])}"
        for row in list_rows(sizes)
    ]
    return (
        "Share of experiments with a right, a wrong and a false call, by contacts for each arm, "
        f"and the {_percent(plan.share)} asked for. {'; '.join(said)}."
    )


def _find(plan: Plan) -> str:
    if isinstance(plan.rate, dict):
        return f"find an arm that no other beats by {points_of(plan.lift)} or more"
    if len(plan.names) == 2:
        return f"find a lift of {points_of(plan.lift)}"
    ahead = f"{points_of(plan.lift)} ahead of the others"
    return f"find the best of {len(plan.names)} arms when it is {ahead}"


def _between(needed: Mapping[str, Any]) -> str:
    """What two Monte Carlo standard errors leave open."""
    low, high = needed["fewest"], needed["most"]
    if not needed["contacts"] or not low or not high:
        return ""
    return (
        f" (between {integer(_rounded(low))} and {integer(_rounded(high))} for each arm, given how "
        "many experiments were simulated)"
    )


def _rounded(contacts: float) -> float:
    return float(f"{contacts:.2g}")


def points_of(value: float) -> str:
    """A difference of rates in points, `1.0 points`, with the digits that it was stated with."""
    return f"{decimals(_places(100 * value, 1))(100 * value)} points"


def _percent(value: float) -> str:
    return percent(_places(100 * value, 0))(value)


def _rate(low: float, high: float) -> str:
    return _percent(low) if low == high else f"{_percent(low)} to {_percent(high)}"


def _places(value: float, least: int) -> int:
    """The fewest decimals that show a number as it was stated."""
    exact = (p for p in range(least, MOST_PLACES) if abs(value - round(value, p)) < 1e-9)
    return next(exact, MOST_PLACES)


def _needed(probability: float) -> str:
    """A probability that calls need, rounded up: with less there are more false ones."""
    return percent(2)(min(1.0, -(-probability * 10_000 // 1) / 10_000))


def _money(plan: Plan, amount: float) -> str:
    sign = "−" if amount < 0 else ""
    return f"{sign}{plain(plan.currency)}{integer(abs(amount))}"
