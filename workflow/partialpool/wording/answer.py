"""The answer that opens the report, its doubts, and the warnings above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.formats import decimals, integer, percent, points
from partialpool.wording.phrases import Labels, listed, plain, sentence

NOTABLE_SHIFT = 0.05
"""Shares of contacts that differ by less than this between treatments are called alike."""
SURE = 0.999
MOST_LEVELS = 6
CHECKS = {
    "rhat": "R-hat",
    "ess_bulk": "bulk effective sample size",
    "ess_tail": "tail effective sample size",
    "divergences": "divergent transitions",
    "ebfmi": "E-BFMI",
    "treedepth_hits": "transitions at the largest tree depth",
}


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
    paragraphs = []
    for facts in decision["treatments"]:
        paragraphs += [
            _lead(facts, labels),
            *_levels(facts, labels),
            pooled(facts, labels),
        ]
    return paragraphs


def pooled(facts: Mapping[str, Any], labels: Labels) -> str:
    """What the pooled counts seem to say, and whether they mislead."""
    crude, misleading = facts["crude"], facts["misleading"]
    seems = (
        f"All contacts pooled, {labels.treat(facts['treatment'])} looks like "
        f"{_change(crude['lift'])}: {percent(1)(crude['rate_treated'])} {labels.verb}, against "
        f"{percent(1)(crude['rate_reference'])} with {labels.treat(facts['reference'])}."
    )
    if not misleading["levels"]:
        return f"{seems} No {labels.within} points the other way."
    places = listed([labels.where(level) for level in misleading["levels"]])
    if not misleading["reversed"]:
        return f"{seems} That hides the opposite {places}."
    overall = facts["overall"]["lift"]
    return (
        f"{seems} **That misleads: it is Simpson’s paradox.** {_why(facts, labels)} With the same "
        f"mix of contacts for both, it is {_change(overall['mean'])} "
        f"({_interval(overall, labels)})."
    )


def doubts(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """What weakens the answer, each a sentence; computed, so that none is said by habit."""
    said = []
    for facts in decision["treatments"]:
        widest = max(facts["levels"], key=lambda row: row["lift"]["upper"] - row["lift"]["lower"])
        said.append(
            f"The answer is least exact {labels.where(widest['within'])}: "
            f"{integer(widest['contacts'])} contacts had {labels.treat(facts['treatment'])} there, "
            f"and the lift may be anything from {points()(widest['lift']['lower'])} to "
            f"{points()(widest['lift']['upper'])} points."
        )
        said += [_open(row, facts, labels) for row in facts["levels"] if row["call"] == "open"]
        said += [_disagreement(row, labels) for row in facts["disagree"]]
        if _largest_shift(facts)["shift"] > NOTABLE_SHIFT:
            said.append(
                f"The offers went to different mixes of contacts, so they were hardly handed out "
                f"at random. Comparing within each {labels.within} removes that difference, but "
                "not others that the data do not record."
            )
    return said + _on_models(decision["choice"])


def warnings(verdicts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """One sentence for every model whose fit failed a check."""
    said = []
    for model, verdict in verdicts.items():
        failed = [check for check in verdict["checks"] if not check["passed"]]
        if failed:
            found = listed([_failure(check) for check in failed])
            said.append(
                f"**The {plain(model)} model failed {found}.** It is shown below, but takes no "
                "part in the answer."
            )
    return said


def _lead(facts: Mapping[str, Any], labels: Labels) -> str:
    places: dict[str, list[str]] = {"gain": [], "loss": [], "open": []}
    for row in facts["levels"]:
        places[row["call"]].append(labels.where(row["within"]))
    treat = labels.treat(facts["treatment"])
    parts = [
        f"{verb} {listed(places[call])}"
        for call, verb in (("gain", "helps"), ("loss", "hurts"))
        if places[call]
    ]
    if not parts:
        return f"**Whether {treat} helps is not settled {listed(places['open'], 'or')}.**"
    rest = f" What it does {listed(places['open'])} is not settled." if places["open"] else ""
    return f"**{sentence(f'{treat} {listed(parts)}')}**{rest}"


def _levels(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    """A sentence for each level, or, where there are many, for those with the largest lifts."""
    rows = facts["levels"]
    if len(rows) <= MOST_LEVELS:
        return [_level(facts, row, labels) for row in rows]
    largest = sorted(rows, key=lambda row: -abs(row["lift"]["mean"]))[:MOST_LEVELS]
    said = [_level(facts, row, labels) for row in rows if row in largest]
    return [*said, f"These are the {MOST_LEVELS} largest of {len(rows)}; a table below has all."]


def _level(facts: Mapping[str, Any], row: Mapping[str, Any], labels: Labels) -> str:
    before, after, lift = row["rate_reference"], row["rate_treated"], row["lift"]
    verb = {"gain": "raises", "loss": "lowers", "open": "moves"}[row["call"]]
    return sentence(
        f"{labels.where(row['within'])} it {verb} the share that {labels.verb} from "
        f"{percent(1)(before['mean'])} to {percent(1)(after['mean'])}, **{_change(lift['mean'])}** "
        f"({_interval(lift, labels)}; {_probability(row['probability_of_gain'])})"
    )


def _change(lift: float) -> str:
    return f"{'a gain' if lift >= 0 else 'a loss'} of {decimals(1)(abs(100 * lift))} points"


def _interval(summary: Mapping[str, float], labels: Labels) -> str:
    low, high = points()(summary["lower"]), points()(summary["upper"])
    return f"{labels.percent_interval} interval {low} to {high}"


def _probability(gain: float) -> str:
    name, value = ("gain", gain) if gain >= 0.5 else ("loss", 1 - gain)
    shown = f"above {percent(1)(SURE)}" if value > SURE else percent(1)(value)
    return f"probability of a {name} {shown}"


def _largest_shift(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The level whose share of the contacts differs most between the two treatments."""
    shifts = [{**m, "shift": abs(m["share_treated"] - m["share_reference"])} for m in facts["mix"]]
    return max(shifts, key=lambda mix: float(mix["shift"]))


def _why(facts: Mapping[str, Any], labels: Labels) -> str:
    mix = _largest_shift(facts)
    return (
        f"Of the contacts with {labels.treat(facts['treatment'])}, "
        f"{percent()(mix['share_treated'])} were met {labels.where(mix['within'])}, where "
        f"{percent()(mix['rate'])} of all contacts {labels.verb}; of those with "
        f"{labels.treat(facts['reference'])}, {percent()(mix['share_reference'])} were."
    )


def _open(row: Mapping[str, Any], facts: Mapping[str, Any], labels: Labels) -> str:
    return sentence(
        f"{labels.where(row['within'])} the data leave open whether "
        f"{labels.treat(facts['treatment'])} helps ({_probability(row['probability_of_gain'])})"
    )


def _disagreement(row: Mapping[str, str], labels: Labels) -> str:
    calls = {"gain": "a gain", "loss": "a loss", "open": "open"}
    return (
        f"The {plain(row['model'])} model, which predicts as well, calls the effect "
        f"{labels.where(row['within'])} {calls[row['call']]}."
    )


def _on_models(choice: Mapping[str, Any]) -> list[str]:
    if choice["model"] is None or not choice["tied"]:
        return []
    others = listed([plain(name) for name in choice["tied"]])
    return [
        f"The numbers are the {plain(choice['model'])} model’s. Within noise, {others} "
        f"{'predicts' if len(choice['tied']) == 1 else 'predict'} single contacts as well."
    ]


def _failure(check: Mapping[str, Any]) -> str:
    where = f" for {plain(check['worst'])}" if check["worst"] else ""
    return f"{CHECKS[check['check']]} (found {check['found']:.4g}{where}, limit {check['limit']:g})"
