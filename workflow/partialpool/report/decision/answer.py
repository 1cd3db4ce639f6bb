"""The answer that opens the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.decision.weighed import Weighed
from partialpool.report.comparison.units import name_units
from partialpool.report.counts import lift_format, rate_format
from partialpool.report.decision.choices import compare_leader, name_best
from partialpool.report.decision.curve import name_curve
from partialpool.report.decision.fairness import warn_of_split
from partialpool.report.decision.hedges import hedge, tell_extremes
from partialpool.report.decision.lead import lead
from partialpool.report.decision.levels import name_ends
from partialpool.report.formats import integer, percent
from partialpool.report.labels import Labels
from partialpool.report.lifts import (
    change,
    interval,
    largest_shift,
    probability,
    row_rates,
    shown_levels,
)
from partialpool.report.period import when
from partialpool.report.prose import fill
from partialpool.report.rows import met
from partialpool.report.selection import SHOWN
from partialpool.report.text import MOST_NAMED, listed, plain, sentence, words
from partialpool.report.treatment import contacts_with, name_levels, those_with

UNANSWERED = {"none scored": "decision/none_scored", "none trusted": "decision/none_trusted"}
"""What is said where no model can be preferred, by the reason."""


def lede(ledger: Mapping[str, Any], labels: Labels) -> str:
    """How much the answer rests on, and of when that is (the ledger as written)."""
    rows = integer(ledger["contacts"])
    return f"{rows} {labels.many} in {integer(ledger['cells'])} cells{when(ledger)}."


def answer(decision: Mapping[str, Any], weighed: Weighed, labels: Labels) -> list[str]:
    """The answer in Markdown sentences: what must be said before it, the headline, what limits it.

    Args:
        decision: `answer.decide`.
        weighed: what the model that answers says of the arms.
        labels: the words of the analysis.
    """
    said = [headline(decision, weighed, labels), *_behind(decision, labels)]
    before = warn_of_split(decision, labels)
    if decision["choice"]["model"] is not None and (extremes := tell_extremes(decision, labels)):
        before.append(extremes)
    return [*before, *said]


def in_sentences(decision: Mapping[str, Any], weighed: Weighed, labels: Labels) -> list[str]:
    """The numbers behind the answer in sentences, for those who must tell it to others."""
    if decision["choice"]["model"] is None or labels.ranked or tell_extremes(decision, labels):
        return []
    if len(decision["treatments"]) == 1:
        return _support(decision["treatments"][0], labels)
    return [line for line in [compare_leader(weighed, labels)] if line]


def headline(decision: Mapping[str, Any], weighed: Weighed, labels: Labels) -> str:
    """The answer in one sentence, or why there is none.

    Args:
        decision: as for `answer`.
        weighed: as for `answer`; its tables are not needed.
        labels: as for `answer`.
    """
    reason = decision["choice"].get("reason")
    if reason in UNANSWERED:
        per = {"contact": labels.one} if reason == "none scored" else {}
        return fill(UNANSWERED[reason], **per)
    if decision["choice"]["model"] is None:
        return fill("decision/none_passed")
    if labels.along:
        found = name_curve(weighed.facts["curve"], labels)
    elif labels.ranked:
        found = name_ends(weighed.facts["levels"], labels)
    elif len(decision["treatments"]) == 1:
        found = lead(decision["treatments"][0], labels)
    else:
        found = name_best(weighed, labels)
    return hedge(found, decision, labels)


def title_decision(labels: Labels) -> str:
    """What the section on the decision is called."""
    if labels.along:
        return f"How the rate runs along {labels.treatment.replace('_', ' ')}"
    return labels.vocabulary.heading


def pooled(facts: Mapping[str, Any], labels: Labels) -> str:
    """What the pooled counts seem to say, and whether they mislead."""
    if not facts["levels"]:
        return _counts_alone(facts, labels)
    misleading = facts["misleading"]
    if misleading["reversed"]:
        return (
            f"{_seems(facts, labels)} **That misleads: it is Simpson’s paradox.** With the same "
            f"mix of {labels.many} for both, it is {_overall(facts, labels)}."
        )
    if not misleading["levels"]:
        return (
            f"{_seems(facts, labels)} No level of {words(str(labels.within))} points the other way."
        )
    where = labels.list_places(misleading["levels"])
    return f"{_seems(facts, labels)} That hides the opposite {where}."


def _behind(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """Said next where models that may not answer predict better."""
    choice, ranking = decision["choice"], decision.get("ranking", {})
    ahead = choice.get("ahead", [])
    if not ahead:
        return []
    names, first = [plain(row["model"]) for row in ahead], ahead[0]
    by = f"by {integer(first['difference'])} ± {integer(first['difference_se'])}"
    one = f"The {names[0]} model predicts", by
    several = f"The {listed(names)} models predict", f"the {names[0]} model {by}"
    who, by = one if len(ahead) == 1 else several
    units = name_units(ranking.get("unit", "contact"), ranking.get("grouping"), labels)
    return [fill("decision/behind", who=who, units=units, by=by, model=plain(choice["model"]))]


def _support(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    """The paragraphs behind the headline on one treatment."""
    levels, treatment = facts["levels"], facts["treatment"]
    if not levels:
        effect = _effect("", facts["overall"], treatment, labels)
        return [effect, *_tell_counts(facts, labels)]
    effects = [
        _effect(labels.start(row["within"]), row, treatment, labels)
        for row in shown_levels(facts, MOST_NAMED)
    ]
    if len(levels) > MOST_NAMED:
        where = "a table below" if len(levels) <= SHOWN else "decision.json"
        together = f"with all {labels.many} taken together,"
        effects = [
            _effect(together, facts["overall"], treatment, labels),
            *effects,
            f"These are the {MOST_NAMED} largest of {len(levels)}; {where} has all.",
        ]
    return [*effects, *_tell_counts(facts, labels)]


def _tell_counts(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    """Why the pooled counts mislead, or that they do not."""
    misleading = facts["misleading"]
    if misleading["reversed"]:
        return [_why(facts, labels)] if facts["levels"] else []
    return [] if misleading["levels"] else [pooled(facts, labels)]


def _effect(start: str, row: Mapping[str, Any], treatment: str, labels: Labels) -> str:
    """The rates of one level and what lies between them; `start` says where."""
    rates, lift = row_rates(row), row["lift"]
    vocabulary, size = labels.vocabulary, change(lift["mean"], rates, labels)
    moved = name_levels(vocabulary.moves[row["call"]], labels, treatment, **_pair(rates, labels))
    if row["call"] == "open":
        size = vocabulary.open_size.format(lift=lift_format(rates)(lift["mean"]), change=size)
    sure = f"{interval(lift, rates, labels)}; {probability(row['probability_of_gain'], labels)}"
    where = vocabulary.start.format(start=start, place=start.rstrip(",")) if start else ""
    return sentence(f"{where}{moved}, **{size}** ({sure})")


def _seems(facts: Mapping[str, Any], labels: Labels) -> str:
    """What all contacts pooled look like."""
    rates = _crude_rates(facts)
    said = _pair(rates, labels) | {"size": change(facts["crude"]["lift"], rates, labels)}
    seems = name_levels(labels.vocabulary.seems, labels, facts["treatment"], **said)
    return f"All {labels.many} pooled, {seems}."


def _counts_alone(facts: Mapping[str, Any], labels: Labels) -> str:
    rates = _crude_rates(facts)
    counts = labels.vocabulary.counts
    both = name_levels(counts, labels, facts["treatment"], **_pair(rates, labels))
    size = change(facts["crude"]["lift"], rates, labels)
    seen = f"In the counts alone, {both}, {size}."
    if not facts["misleading"]["reversed"]:
        return seen
    return (
        f"{seen} **The counts alone mislead**: for the same {labels.many}, the model finds "
        f"{_overall(facts, labels)}."
    )


def _overall(facts: Mapping[str, Any], labels: Labels) -> str:
    rates, lift = row_rates(facts["overall"]), facts["overall"]["lift"]
    return f"{change(lift['mean'], rates, labels)} ({interval(lift, rates, labels)})"


def _why(facts: Mapping[str, Any], labels: Labels) -> str:
    mix = largest_shift(facts)
    treated, reference, rate = map(
        percent(), (mix["share_treated"], mix["share_reference"], mix["rate"])
    )
    return (
        f"Of {contacts_with(labels, facts['treatment'])}, {treated} {met(labels)} "
        f"{labels.where(mix['within'])}, against {reference} of "
        f"{those_with(labels, facts['reference'])}, and there {rate} of all {labels.many} "
        f"{plain(labels.verb)}."
    )


def _pair(rates: tuple[float, float], labels: Labels) -> dict[str, str]:
    """What sentences on two rates fill in: what happened, and how often before and after."""
    before, after = map(rate_format(rates), rates)
    return {"verb": plain(labels.verb), "before": before, "after": after}


def _crude_rates(facts: Mapping[str, Any]) -> tuple[float, float]:
    return facts["crude"]["rate_reference"], facts["crude"]["rate_treated"]
