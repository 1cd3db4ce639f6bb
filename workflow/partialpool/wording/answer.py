"""The answer that opens the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.formats import percent
from partialpool.shown import SHOWN
from partialpool.wording.counts import lift_format, rate_format
from partialpool.wording.lifts import (
    change,
    interval,
    largest_shift,
    probability,
    row_rates,
    told_levels,
    told_treatments,
)
from partialpool.wording.phrases import Labels
from partialpool.wording.text import MOST_NAMED, listed, plain, sentence, words

VERBS = {"gain": "raises", "loss": "lowers", "open": "moves"}


def answer(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """The answer in Markdown sentences, the one that matters most first.

    Args:
        decision: `decision.decide`.
        labels: the words of the analysis.
    """
    if decision["choice"]["model"] is None:
        return [
            "**No answer yet: no model may give one.** The fit of every model that could answer "
            "failed a check, so nothing below should be acted on."
        ]
    told = told_treatments(decision)
    said = [line for facts in told for line in _answer(facts, labels)]
    rest = len(decision["treatments"]) - len(told)
    if rest:
        said.append(
            f"These are the {len(told)} levels of {words(labels.treatment)} with the largest "
            f"lifts; decision.json has the other {rest}."
        )
    return said


def pooled(facts: Mapping[str, Any], labels: Labels) -> str:
    """What the pooled counts seem to say, and whether they mislead."""
    if not facts["levels"]:
        return _counts_alone(facts, labels)
    misleading, rates = facts["misleading"], _crude_rates(facts)
    before, after = map(rate_format(rates), rates)
    seems = (
        f"All contacts pooled, {labels.treat(facts['treatment'])} looks like "
        f"{change(facts['crude']['lift'], rates)}: {after} {plain(labels.verb)}, against {before} "
        f"with {labels.treat(facts['reference'])}."
    )
    if misleading["reversed"]:
        return (
            f"{seems} **That misleads: it is Simpson’s paradox.** {_why(facts, labels)} With the "
            f"same mix of contacts for both, it is {_overall(facts, labels)}."
        )
    if not misleading["levels"]:
        return f"{seems} No {words(str(labels.within))} points the other way."
    return f"{seems} That hides the opposite {labels.list_places(misleading['levels'])}."


def _crude_rates(facts: Mapping[str, Any]) -> tuple[float, float]:
    return facts["crude"]["rate_reference"], facts["crude"]["rate_treated"]


def _answer(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    """The paragraphs on one treatment: the lead, then what is behind it."""
    levels = facts["levels"]
    if not levels:
        effect = _effect("it", facts["overall"], labels)
        return [_lead_overall(facts, labels), effect, pooled(facts, labels)]
    told = [
        _effect(f"{labels.start(row['within'])} it", row, labels)
        for row in told_levels(facts, MOST_NAMED)
    ]
    if len(levels) <= MOST_NAMED:
        return [_lead(facts, labels), *told, pooled(facts, labels)]
    overall = _effect("with all contacts taken together, it", facts["overall"], labels)
    where = "a table below" if len(levels) <= SHOWN else "decision.json"
    note = f"These are the {MOST_NAMED} largest of {len(levels)}; {where} has all."
    return [_lead_many(facts, labels), overall, *told, note, pooled(facts, labels)]


def _lead(facts: Mapping[str, Any], labels: Labels) -> str:
    places: dict[str, list[str]] = {"gain": [], "loss": [], "open": []}
    for row in facts["levels"]:
        places[row["call"]].append(row["within"])
    treat = labels.treat(facts["treatment"])
    parts = [
        f"{verb} {labels.list_places(places[call])}"
        for call, verb in (("gain", "helps"), ("loss", "hurts"))
        if places[call]
    ]
    if not parts:
        where = labels.list_places(places["open"], "or")
        return f"**Whether {treat} helps is not settled {where}.**"
    where = labels.list_places(places["open"])
    rest = f" What it does {where} is not settled." if places["open"] else ""
    return f"**{sentence(' '.join([treat, listed(parts)]))}**{rest}"


def _lead_many(facts: Mapping[str, Any], labels: Labels) -> str:
    """The lead where there are too many levels to be named."""
    calls = [row["call"] for row in facts["levels"]]
    treat, kind = labels.treat(facts["treatment"]), f"levels of {words(str(labels.within))}"
    helps, hurts, unsettled = (calls.count(call) for call in ("gain", "loss", "open"))
    if unsettled == len(calls):
        return f"**Whether {treat} helps is not settled in any of the {len(calls)} {kind}.**"
    parts = [f"{verb} in {n}" for verb, n in (("helps", helps), ("hurts", hurts)) if n]
    rest = f" In the other {unsettled} it is not settled." if unsettled else ""
    return f"**{sentence(f'{treat} {listed(parts)} of the {len(calls)} {kind}')}**{rest}"


def _lead_overall(facts: Mapping[str, Any], labels: Labels) -> str:
    treat, verdict = labels.treat(facts["treatment"]), facts["overall"]["call"]
    if verdict == "open":
        return f"**Whether {treat} helps is not settled.**"
    does = "helps" if verdict == "gain" else "hurts"
    return f"**{sentence(f'{treat} {does}')}**"


def _effect(subject: str, row: Mapping[str, Any], labels: Labels) -> str:
    rates, lift = row_rates(row), row["lift"]
    before, after = map(rate_format(rates), rates)
    moved = f"a difference of {lift_format(rates)(lift['mean'])} points"
    size = moved if row["call"] == "open" else change(lift["mean"], rates)
    return sentence(
        f"{subject} {VERBS[row['call']]} the share that {plain(labels.verb)} from {before} to "
        f"{after}, **{size}** ({interval(lift, rates, labels)}; "
        f"{probability(row['probability_of_gain'])})"
    )


def _counts_alone(facts: Mapping[str, Any], labels: Labels) -> str:
    rates = _crude_rates(facts)
    before, after = map(rate_format(rates), rates)
    treated, reference = labels.treat(facts["treatment"]), labels.treat(facts["reference"])
    seen = (
        f"In the counts alone, {after} {plain(labels.verb)} with {treated} and {before} with "
        f"{reference}, {change(facts['crude']['lift'], rates)}."
    )
    if not facts["misleading"]["reversed"]:
        return seen
    return (
        f"{seen} **The counts alone mislead**: for the same contacts, the model finds "
        f"{_overall(facts, labels)}."
    )


def _overall(facts: Mapping[str, Any], labels: Labels) -> str:
    rates, lift = row_rates(facts["overall"]), facts["overall"]["lift"]
    return f"{change(lift['mean'], rates)} ({interval(lift, rates, labels)})"


def _why(facts: Mapping[str, Any], labels: Labels) -> str:
    mix = largest_shift(facts)
    return (
        f"Of the contacts with {labels.treat(facts['treatment'])}, "
        f"{percent()(mix['share_treated'])} were met {labels.where(mix['within'])}, against "
        f"{percent()(mix['share_reference'])} of those with {labels.treat(facts['reference'])}, "
        f"and there {percent()(mix['rate'])} of all contacts {plain(labels.verb)}."
    )
