"""What a decider needs beside the answer: what to do, how sure that is, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partialpool.cells.question import ALL
from partialpool.decision.weighed import Weighed
from partialpool.report.decision.advice import list_advice
from partialpool.report.decision.answer import pooled
from partialpool.report.decision.choices import advise_places, rate_chances, tell_choice
from partialpool.report.decision.curve import tell_curve
from partialpool.report.decision.levels import tell_levels
from partialpool.report.decision.limitations import is_mixed
from partialpool.report.decision.money import tell_profit
from partialpool.report.decision.segments import tell_chance
from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.lifts import probability, shown_levels, shown_treatments
from partialpool.report.page import Point
from partialpool.report.text import MOST_NAMED, capital, words

Decision = Mapping[str, Any]
"""`answer.decide`."""
PER = 1000
"""Contacts that a difference of rates is told for, as a count."""


def list_points(decision: Decision, weighed: Weighed, labels: Labels) -> list[Point]:
    """The points that stand beside the answer, in Markdown; those without a text are left out.

    Args:
        decision: `answer.decide`.
        weighed: what the model that answers says of the arms.
        labels: the words of the analysis.
    """
    if decision["choice"]["model"] is None:
        return []
    if labels.ranked:
        lines = (
            tell_curve(weighed.facts["curve"], labels)
            if labels.along
            else tell_levels(weighed.facts["levels"], labels)
        )
        found = [Point("How sure", "\n".join(f"- {line}" for line in lines))]
    else:
        found = [
            Point(labels.vocabulary.heading, _advise(decision, weighed, labels)),
            Point("How sure", _tell_sureness(decision, weighed, labels)),
            Point("What it is worth", _tell_worth(decision, weighed, labels)),
            Point("What the counts alone say", _tell_misleading(decision, labels)),
        ]
    return [point for point in found if point.text]


def _advise(decision: Decision, weighed: Weighed, labels: Labels) -> str:
    if len(decision["treatments"]) == 1:
        return "\n".join(list_advice(decision, labels))
    return "\n".join(advise_places(weighed, labels))


def _tell_sureness(decision: Decision, weighed: Weighed, labels: Labels) -> str:
    one = len(decision["treatments"]) == 1
    if labels.places:
        lines = (
            _rate_calls(decision["treatments"][0], labels) if one else rate_chances(weighed, labels)
        )
    else:
        lines = [tell_choice(weighed, labels)]
        if one and not lines[0]:
            lines = _rate_calls(decision["treatments"][0], labels)
    lines += tell_chance(weighed, labels)
    if any(map(is_mixed, shown_treatments(decision))):
        lines.append("All this unless the doubt below applies.")
    return "\n".join(f"- {line}" for line in lines if line)


def _rate_calls(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    """How probable the calls on one treatment are; of many the least probable that is settled."""
    rows = facts["levels"] or [facts["overall"]]
    if not facts["levels"]:
        return [f"{capital(probability(rows[0]['probability_of_gain'], labels))}."]
    if len(rows) <= MOST_NAMED:
        alike: dict[str, list[str]] = {}
        for row in rows:
            sure = probability(row["probability_of_gain"], labels)
            alike.setdefault(sure, []).append(row["within"])
        return [f"{capital(labels.list_places(places))}: {sure}." for sure, places in alike.items()]
    settled = [row for row in rows if row["call"] != "open"]
    kind = f"levels of {words(str(labels.within))}"
    said = [f"It is settled in {integer(len(settled))} of the {integer(len(rows))} {kind}."]
    if settled:
        least = min(settled, key=_surety)
        sure = probability(least["probability_of_gain"], labels)
        said.append(f"Of those it is least sure {labels.where(least['within'])}: {sure}.")
    return said


def _surety(row: Mapping[str, Any]) -> float:
    gain = float(row["probability_of_gain"])
    return max(gain, 1 - gain)


def _somewhere(row: Mapping[str, Any], what: str, labels: Labels) -> str:
    return f"{labels.where(row['within'])}, {what}" if row["within"] else what


def _tell_worth(decision: Decision, weighed: Weighed, labels: Labels) -> str:
    """Money where amounts are known, else successes of many contacts; for choices alone."""
    if not labels.chosen:
        return ""
    if weighed.in_money:
        return tell_profit(weighed, labels)
    lines = (
        _count_by_level(decision["treatments"][0], labels)
        if len(decision["treatments"]) == 1
        else _count_of_leader(weighed, labels)
    )
    return "\n".join(f"- {line}" for line in lines)


def _count_by_level(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    rows = shown_levels(facts, MOST_NAMED) if facts["levels"] else [facts["overall"]]
    with_treatment = labels.treat(facts["treatment"])
    instead = f"with {with_treatment} instead of {labels.treat(facts['reference'])}"
    lines = [
        f"{capital(_somewhere(row, _count(row['lift'], labels), labels))}"
        f"{f' {instead}' if place == 0 else ''}."
        for place, row in enumerate(rows)
    ]
    more = len(facts["levels"]) - len(rows)
    return [*lines, f"{integer(more)} smaller ones are in a table below."] if more > 0 else lines


def _count_of_leader(weighed: Weighed, labels: Labels) -> list[str]:
    """What the leading arm brings over the reference, or over the next where it is that."""
    leader = weighed.of(ALL)["leader"]
    if leader is None:
        return []
    arms = weighed.tables["arms"]
    here = arms[arms["within"] == ALL].sort_values("expected_rank", kind="stable")
    others = [labels.reference, *here["treatment"]]
    other = next(arm for arm in others if arm != leader)
    lift = weighed.lift(ALL, leader, other)
    if lift is None:
        return []
    over_all = f" over all {labels.many}" if labels.places else ""
    instead = f"with {labels.treat(leader)} instead of {labels.treat(other)}{over_all}"
    return [f"{capital(_count(lift, labels))} {instead}."]


def _count(lift: Mapping[str, float], labels: Labels) -> str:
    """A lift as successes of many contacts, with its interval."""
    mean, lower, upper = (round(PER * lift[end]) for end in ("mean", "lower", "upper"))
    size = f"{integer(abs(mean))} {'more' if mean >= 0 else 'fewer'}" if mean else "no more"
    reach = f"{_signed(lower)} to {_signed(upper)}"
    contacts = f"{integer(PER)} {labels.many}"
    return f"{size} successes per {contacts} ({labels.percent_interval} interval {reach})"


def _signed(count: int) -> str:
    return f"{'+' if count > 0 else ''}{integer(count)}"


def _tell_misleading(decision: Decision, labels: Labels) -> str:
    """What pooled counts seem to say, where they point the other way somewhere."""
    shown: Sequence[Mapping[str, Any]] = shown_treatments(decision)
    misled = [
        facts
        for facts in shown
        if facts["misleading"]["reversed"]
        or (facts["misleading"]["levels"] and len(decision["treatments"]) == 1)
    ]
    return "\n\n".join(pooled(facts, labels) for facts in misled)
