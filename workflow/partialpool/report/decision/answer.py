"""The answer that opens the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.report.counts import lift_format, rate_format
from partialpool.report.decision.lead import lead
from partialpool.report.formats import integer, percent
from partialpool.report.labels import Labels
from partialpool.report.lifts import (
    change,
    interval,
    largest_shift,
    probability,
    row_rates,
    told_levels,
    told_treatments,
)
from partialpool.report.selection import SHOWN
from partialpool.report.text import MOST_NAMED, plain, sentence, words
from partialpool.report.treatment import contacts_with, those_with

VERBS = {"gain": "raises", "loss": "lowers", "open": "moves"}


def lede(ledger: Mapping[str, Any]) -> str:
    """How much the answer rests on (`cells.Ledger` as written)."""
    return f"{integer(ledger['contacts'])} contacts in {integer(ledger['cells'])} cells."


def answer(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """The answer in Markdown sentences, the one that matters most first.

    Args:
        decision: `answer.decide`.
        labels: the words of the analysis.
    """
    if decision["choice"].get("reason") == "none scored":
        return [
            "**No answer yet: no model can be preferred.** Their priors are flat, so none predicts "
            "anything of what is left out; compare them per contact, or give them proper priors."
        ]
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


def title_decision(labels: Labels) -> str:
    """What the section on the decision is called."""
    return "What to do" if labels.offered else "What differs"


def pooled(facts: Mapping[str, Any], labels: Labels) -> str:
    """What the pooled counts seem to say, and whether they mislead."""
    if not facts["levels"]:
        return _counts_alone(facts, labels)
    misleading = facts["misleading"]
    if misleading["reversed"]:
        return (
            f"{_seems(facts, labels)} **That misleads: it is Simpson’s paradox.** "
            f"{_why(facts, labels)} With the same mix of contacts for both, it is "
            f"{_overall(facts, labels)}."
        )
    if not misleading["levels"]:
        return (
            f"{_seems(facts, labels)} No level of {words(str(labels.within))} points the other way."
        )
    where = labels.list_places(misleading["levels"])
    return f"{_seems(facts, labels)} That hides the opposite {where}."


def _answer(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    """The paragraphs on one treatment: the lead, then what is behind it."""
    levels, treatment = facts["levels"], facts["treatment"]
    if not levels:
        effect = _effect("", facts["overall"], treatment, labels)
        return [lead(facts, labels), effect, pooled(facts, labels)]
    told = [
        _effect(labels.start(row["within"]), row, treatment, labels)
        for row in told_levels(facts, MOST_NAMED)
    ]
    if len(levels) > MOST_NAMED:
        where = "a table below" if len(levels) <= SHOWN else "decision.json"
        told = [
            _effect("with all contacts taken together,", facts["overall"], treatment, labels),
            *told,
            f"These are the {MOST_NAMED} largest of {len(levels)}; {where} has all.",
        ]
    return [lead(facts, labels), *told, pooled(facts, labels)]


def _effect(start: str, row: Mapping[str, Any], treatment: str, labels: Labels) -> str:
    """The rates of one level and what lies between them; `start` says where."""
    rates, lift = row_rates(row), row["lift"]
    before, after = map(rate_format(rates), rates)
    sure = f"{interval(lift, rates, labels)}; {probability(row['probability_of_gain'], labels)}"
    if not labels.offered:
        treat, reference = labels.treat(treatment), labels.treat(labels.reference)
        start = f"{start.rstrip(',')}, " if start else ""
        return sentence(
            f"{start}{after} of {treat} {plain(labels.verb)} and {before} of {reference}, "
            f"**{change(lift['mean'], rates, labels)}** ({sure})"
        )
    moved = f"a difference of {lift_format(rates)(lift['mean'])} points"
    size = moved if row["call"] == "open" else change(lift["mean"], rates, labels)
    return sentence(
        f"{f'{start} ' if start else ''}it {VERBS[row['call']]} the share that "
        f"{plain(labels.verb)} from {before} to {after}, **{size}** ({sure})"
    )


def _seems(facts: Mapping[str, Any], labels: Labels) -> str:
    """What all contacts pooled look like."""
    rates, verb = _crude_rates(facts), plain(labels.verb)
    before, after = map(rate_format(rates), rates)
    treat, reference = labels.treat(facts["treatment"]), labels.treat(facts["reference"])
    size = change(facts["crude"]["lift"], rates, labels)
    if labels.offered:
        return (
            f"All contacts pooled, {treat} looks like {size}: {after} {verb}, against {before} "
            f"with {reference}."
        )
    both = f"{after} of {treat} {verb}, against {before} of {reference}"
    return f"All contacts pooled, {both}: {size}."


def _counts_alone(facts: Mapping[str, Any], labels: Labels) -> str:
    rates = _crude_rates(facts)
    before, after = map(rate_format(rates), rates)
    treat, reference = labels.treat(facts["treatment"]), labels.treat(facts["reference"])
    verb = plain(labels.verb)
    both = f"{after} of {treat} {verb} and {before} of {reference}"
    if labels.offered:
        both = f"{after} {verb} with {treat} and {before} with {reference}"
    size = change(facts["crude"]["lift"], rates, labels)
    seen = f"In the counts alone, {both}, {size}."
    if not facts["misleading"]["reversed"]:
        return seen
    return (
        f"{seen} **The counts alone mislead**: for the same contacts, the model finds "
        f"{_overall(facts, labels)}."
    )


def _overall(facts: Mapping[str, Any], labels: Labels) -> str:
    rates, lift = row_rates(facts["overall"]), facts["overall"]["lift"]
    return f"{change(lift['mean'], rates, labels)} ({interval(lift, rates, labels)})"


def _why(facts: Mapping[str, Any], labels: Labels) -> str:
    mix = largest_shift(facts)
    return (
        f"Of {contacts_with(labels, facts['treatment'])}, {percent()(mix['share_treated'])} were "
        f"met {labels.where(mix['within'])}, against {percent()(mix['share_reference'])} of "
        f"{those_with(labels, facts['reference'])}, and there {percent()(mix['rate'])} of all "
        f"contacts {plain(labels.verb)}."
    )


def _crude_rates(facts: Mapping[str, Any]) -> tuple[float, float]:
    return facts["crude"]["rate_reference"], facts["crude"]["rate_treated"]
