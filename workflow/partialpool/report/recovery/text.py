"""Sentences on recovery: how many contacts a lift needs, and whether intervals hold the truth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.frames import Row, list_rows
from partialpool.report.formats import decimals, integer, percent
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import capital, listed, plain
from partialpool.report.treatment import under

NEAR = 0.1
"""A share this near to a whole number of tenths is told as so many of ten."""
CLEAR = 3.0
"""Standard errors from which coverage is told to differ from what was asked."""


def heading(labels: Labels) -> str:
    """What the part of the page is called."""
    return f"How many {labels.many} a {labels.vocabulary.lift} needs"


def explain(recovery: Mapping[str, Any], probability: float, labels: Labels) -> str:
    """What was simulated, and when a lift counts as called."""
    base = recovery["base_rate"]
    start = (
        "so that the rate without it is what the model estimates"
        if base is None
        else f"and the rate without it {percent(1)(base)}"
    )
    return fill(
        "recovery/method",
        lift=labels.vocabulary.lift,
        contacts=labels.many,
        base=start,
        probability=percent()(probability),
        replicates=integer(recovery["replicates"]),
        error=decimals(0)(50 / max(recovery["replicates"], 1) ** 0.5),
    )


def compare(needs: Mapping[str, Sequence[Mapping[str, Any]]], labels: Labels) -> list[str]:
    """How many contacts each lift needs, with every model: a sentence for each lift.

    Args:
        needs: `text.list_needs` by model.
        labels: the words of the analysis.
    """
    said = []
    for of_lift in zip(*needs.values(), strict=True):
        first = of_lift[0]
        sizes = [
            f"{_size(need, labels)} with the {plain(model)} model"
            for model, need in zip(needs, of_lift, strict=True)
        ]
        said.append(
            f"To call {_lift(first['lift'], labels)}{_treated(first, labels)} in "
            f"{_share(first['share'])}, it takes {listed(sizes)}."
        )
    return said


def state_left_out(
    models: Collection[str], recovered: Collection[str], recovery: Mapping[str, Any], labels: Labels
) -> list[str]:
    """Which models were not asked, where lifts were."""
    if labels.ranked or not recovery["replicates"]:
        return [fill("recovery/no_treatment")] * bool(recovery["replicates"])
    what = f"how many {labels.many} a {labels.vocabulary.lift} needs"
    return [
        f"The {plain(name)} model was not asked {what}: no coefficient of its formula is of "
        f"{plain(labels.treatment)}."
        for name in models
        if name not in recovered
    ]


def answer_model(
    needs: Sequence[Mapping[str, Any]], lifts: pd.DataFrame, contacts: int, labels: Labels
) -> str:
    """The same of one model, with what chance leaves open and what the present contacts give.

    Args:
        needs: `text.list_needs`.
        lifts: `text.summarise_lifts`.
        contacts: that the analysis has.
        labels: the words of the analysis.
    """
    said = []
    for need in needs:
        rows = lifts[(lifts["lift"] == need["lift"]) & (lifts["treatment"] == need["treatment"])]
        called = "gain" if need["lift"] > 0 else "loss"
        most = max(need["tried"])
        line = (
            f"- {capital(_lift(need['lift'], labels))}{_treated(need, labels)}: "
            f"{_size(need, labels)} to call it in {_share(need['share'])}{_between(need)}."
        )
        if need["contacts"] is None:
            last = list_rows(rows[rows["contacts"] == most])[0]
            line += (
                f" With {integer(most)}, the most that were tried, it is called in "
                f"{_with_error(last, called)}."
            )
        now = rows[rows["contacts"] == contacts]
        if len(now) and contacts != most:
            row = list_rows(now)[0]
            line += (
                f" With the {integer(contacts)} {labels.many} that there are, it is called in "
                f"{_with_error(row, called)}, and its interval is {_points(row['width'])} wide."
            )
        said.append(line)
    return "\n".join(said)


def state_false_calls(lifts: pd.DataFrame, labels: Labels) -> str:
    """How often something is called where there is nothing, if that was tried."""
    none = lifts[lifts["lift"] == 0]
    if none.empty:
        return ""
    highest = list_rows(none.assign(any=none["gain"] + none["loss"]).nlargest(1, "any"))[0]
    return (
        f"Where there is no {labels.vocabulary.lift}, one is called in at most "
        f"{percent()(highest['any'])} of the campaigns of a size, up or down together."
    )


def state_coverage(lifts: pd.DataFrame, coverage: pd.DataFrame, labels: Labels) -> str:
    """Whether intervals hold the truth as often as they say."""
    rows = [
        *[{**row, "parameter": _effect(labels)} for row in list_rows(lifts)],
        *list_rows(coverage),
    ]
    off = [r for r in rows if abs(r["covered"] - labels.interval) > CLEAR * r["covered_se"]]
    mean = float(lifts["covered"].mean())
    said = (
        f"The {labels.percent_interval} intervals of {_effect(labels)} hold the true one in "
        f"{percent()(mean)} of the campaigns."
    )
    if not off:
        return (
            f"{said} No interval, of {_effect(labels)} or of a parameter at any size, holds the "
            "truth much more or less often than it says."
        )
    few = [r for r in off if r["covered"] < labels.interval]
    names = sorted({plain(r["parameter"]) for r in off})
    return (
        f"{said} Outside what chance allows are {integer(len(off))} of {integer(len(rows))} "
        f"shares, {integer(len(few))} of them too low, of {listed(names[:6])}"
        f"{' and others' if len(names) > 6 else ''}. The campaigns’ parameters are draws from this "
        "posterior, not from the prior, so small differences are no fault: a prior that pulls "
        "towards 0 covers large effects less often."
    )


def warn_of_verdict(model: str, verdict: Mapping[str, Any], labels: Labels) -> str:
    """That the campaigns begin at draws that are not to be trusted, where it is so."""
    if verdict["passed"]:
        return ""
    return (
        f"**The {plain(model)} model’s fit to the real {labels.many} failed its verdict**, so "
        "the campaigns begin at parameters that may be wrong."
    )


def describe_power(lifts: pd.DataFrame, share: float, labels: Labels) -> str:
    """Alternative text: the share of calls by size and lift."""
    said = [
        f"{_at(row, labels)}: {percent()(row['gain' if row['lift'] >= 0 else 'loss'])}"
        for row in list_rows(lifts)
    ]
    return (
        f"Share of campaigns in which a {labels.vocabulary.lift} is called, by {labels.contacts}, "
        f"and the {percent()(share)} asked for. {'; '.join(said)}."
    )


def describe_widths(lifts: pd.DataFrame, labels: Labels) -> str:
    """Alternative text: the width of the lift's interval by size."""
    said = [f"{_at(row, labels)}: {_points(row['width'])}" for row in list_rows(lifts)]
    by = f"by {labels.contacts}"
    return f"Mean width of the interval of {_effect(labels)}, {by}. {'; '.join(said)}."


def _at(row: Row, labels: Labels) -> str:
    return f"{_points(row['lift'])}, {integer(row['contacts'])} {labels.contacts}"


def _effect(labels: Labels) -> str:
    return f"the {labels.vocabulary.lift}"


def _lift(lift: float, labels: Labels) -> str:
    return f"a {labels.vocabulary.lift} of {_points(lift)}"


def _treated(need: Mapping[str, Any], labels: Labels) -> str:
    more = len(labels.treatments) > 1
    return f" {under(labels, need['treatment'])}" if more else ""


def _size(need: Mapping[str, Any], labels: Labels) -> str:
    contacts, sizes = need["contacts"], need["tried"]
    if contacts is None:
        return f"more than {integer(sizes[-1])} {labels.many}"
    if contacts == 0:
        return f"at most {integer(sizes[0])} {labels.many}"
    return f"about {integer(_rounded(contacts))} {labels.many}"


def _between(need: Mapping[str, Any]) -> str:
    """What two Monte Carlo standard errors make of the size."""
    if need["contacts"] in (None, 0):
        return ""
    low = integer(_rounded(need["fewest"])) if need["fewest"] else ""
    high = integer(_rounded(need["most"])) if need["most"] else ""
    if low and high:
        between = f"between {low} and {high}"
    elif low or high:
        between = f"more than {low}" if low else f"at most {high}"
    else:
        between = "or any other of the sizes"
    return f" ({between}, given how many were simulated)"


def _rounded(contacts: float) -> float:
    """Two significant digits, as many as simulations can give."""
    return float(f"{contacts:.2g}")


def _share(share: float) -> str:
    tenths = 10 * share
    if abs(tenths - round(tenths)) < NEAR / 10:
        return f"{round(tenths)} of 10 campaigns"
    return f"{percent()(share)} of campaigns"


def _with_error(row: Row, called: str) -> str:
    error = decimals(0)(100 * row[f"{called}_se"])
    return f"{percent()(row[called])} of campaigns (standard error {error})"


def _points(value: float) -> str:
    size = 100 * value
    shown = decimals(0 if abs(size - round(size)) < 1e-9 else 1)(size)
    return f"{shown} point{'' if shown == '1' else 's'}"
