"""What weakens the answer, and the warnings above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.report.comparison.units import name_unit, name_units
from partialpool.report.counts import lift_format
from partialpool.report.decision.doubts import doubt_support
from partialpool.report.decision.fairness import doubt_fairness
from partialpool.report.decision.gaps import list_gaps
from partialpool.report.decision.levels import doubt_levels
from partialpool.report.formats import integer, percent
from partialpool.report.labels import Labels
from partialpool.report.lifts import largest_shift, probability, row_rates, shown_treatments
from partialpool.report.model.text import CHECKS, show_found
from partialpool.report.text import capital, listed, plain, sentence, words
from partialpool.report.treatment import effect_of, name_levels, whether

NOTABLE_SHIFT = 0.05
"""Shares of contacts that differ by less than this between treatments are called alike."""
SAME = 1e-9
"""Lifts that differ by less are one number."""
LEAST_SHARE = 0.01
"""A smaller share of units is said to be less than this."""
MOST_SAID = 3
"""Levels with a sentence of their own; more are counted in one."""


def list_limitations(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """What weakens the answer, each a sentence, the gravest first; none is said by habit."""
    shown = shown_treatments(decision)
    said = [*list_gaps(decision, labels), *_on_barred(decision)]
    said += [_mixed(facts, labels) for facts in shown if is_mixed(facts)]
    said += [*doubt_fairness(decision, labels), *doubt_levels(decision, labels)]
    for facts in shown:
        said += _disagreements(facts, labels, named=len(shown) > 1)
    said += doubt_support(decision, labels)
    for facts in shown:
        said += _alike(facts, decision["choice"]["model"], labels)
    said += _on_ranking(decision, labels)
    if len(shown) == 1:  # of several the answer itself says which are open
        said += _unsettled(shown[0], labels)
    said += _on_models(decision, labels)
    if len(shown) == 1:
        said.append(_least_exact(shown[0], labels))
    return list(dict.fromkeys(said))


def is_mixed(facts: Mapping[str, Any]) -> bool:
    """Whether a treatment went to another mix of contacts than the reference."""
    return bool(facts["mix"]) and largest_shift(facts)["shift"] > NOTABLE_SHIFT


def warn_of_failures(
    verdicts: Mapping[str, Mapping[str, Any]], choice: Mapping[str, Any] | None = None
) -> list[str]:
    """One sentence for every model whose fit failed a check.

    Args:
        verdicts: on each model (`diagnostics.judge`).
        choice: who answers (`answer.choose_model`).
    """
    said, ahead = [], [row["model"] for row in (choice or {}).get("ahead", [])]
    for model, verdict in verdicts.items():
        failed = [check for check in verdict["checks"] if not check["passed"]]
        if failed:
            found = listed([_failure(check) for check in failed])
            behind = ", although it predicts better than the one that answers"
            said.append(
                f"**The {plain(model)} model takes no part in the answer"
                f"{behind if model in ahead else ''}.** Its draws cannot be relied on, because "
                f"they failed {found}; it is shown below all the same."
            )
    return said


def _alike(facts: Mapping[str, Any], model: str, labels: Labels) -> list[str]:
    """Said where the model that answers cannot tell levels apart."""
    lifts = {row["lift"]["mean"] for row in facts["levels"]}
    if len(facts["levels"]) < 2 or max(lifts) - min(lifts) > SAME:
        return []
    return [
        f"The {plain(model)} model does not tell the levels of {words(str(labels.within))} apart, "
        "so it says the same of each."
    ]


def _least_exact(facts: Mapping[str, Any], labels: Labels) -> str:
    rows = facts["levels"] or [facts["overall"]]
    row = max(rows, key=lambda row: float(row["lift"]["upper"] - row["lift"]["lower"]))
    show = lift_format(row_rates(row))
    reach = f"from {show(row['lift']['lower'])} to {show(row['lift']['upper'])} points"
    vocabulary, count = labels.vocabulary, integer(row["contacts"])
    interval = f"the {labels.percent_interval} interval of the {vocabulary.lift}"
    had = name_levels(vocabulary.had, labels, facts["treatment"], count=count)
    if not facts["levels"]:
        return f"{sentence(had)} {capital(interval)} reaches {reach}."
    return (
        f"The answer is least exact {labels.where(row['within'])}: {had} there, and "
        f"{interval} reaches {reach}."
    )


def _mixed(facts: Mapping[str, Any], labels: Labels) -> str:
    within = words(str(labels.within))
    who = name_levels(labels.vocabulary.mixed, labels, facts["treatment"], within=within)
    return (
        f"{capital(who)}. Comparing within the levels of {within} removes that difference, but not "
        "others that the data do not record."
    )


def _unsettled(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    """The levels that the data leave open, each by itself or, where there are many, counted."""
    rows = [row for row in facts["levels"] if row["call"] == "open"]
    leave = f"the data leave open whether {whether(labels, facts['treatment'])}"
    if len(rows) <= MOST_SAID:
        sure = [probability(row["probability_of_gain"], labels) for row in rows]
        return [
            f"{labels.start(row['within'])} {leave} ({how})."
            for row, how in zip(rows, sure, strict=True)
        ]
    kind = f"{len(facts['levels'])} levels of {words(str(labels.within))}"
    return [f"In {len(rows)} of the {kind} {leave}."]


def _disagreements(facts: Mapping[str, Any], labels: Labels, named: bool) -> list[str]:
    """What other models that predict as well call otherwise, model by model."""
    calls, what = labels.vocabulary.calls, labels.vocabulary.effect
    if named:
        what = effect_of(labels, facts["treatment"]).removeprefix("the ")
    by_model: dict[str, list[Mapping[str, str]]] = {}
    for row in facts["disagree"]:
        by_model.setdefault(row["model"], []).append(row)
    said = []
    for model, rows in by_model.items():
        who = f"The {plain(model)} model, which predicts as well,"
        if len(rows) > MOST_SAID:
            total, levels = len(facts["levels"]), sum(row["within"] != "" for row in rows)
            where = f"all {total}" if levels == total else f"{levels} of the {total}"
            kind = f"levels of {words(str(labels.within))}"
            said.append(f"{who} calls the {what} otherwise in {where} {kind}.")
            continue
        for row in rows:
            where = f" {labels.where(row['within'])}" if facts["levels"] else ""
            said.append(f"{who} calls the {what}{where} {calls[row['call']]}.")
    return said


def _on_barred(decision: Mapping[str, Any]) -> list[str]:
    """What would let the models answer that predict better."""
    ahead = decision["choice"].get("ahead", [])
    if not ahead:
        return []
    who = listed([plain(row["model"]) for row in ahead])
    return [
        f"The answer is second best until {who} pass{'es' * (len(ahead) == 1)} all checks; the "
        "section on each model says which it failed and what was tried."
    ]


def _on_models(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    choice = decision["choice"]
    if choice["model"] is None or not choice["tied"]:
        return []
    ranking = decision.get("ranking", {})
    units = name_units(ranking.get("unit", "contact"), ranking.get("grouping"), labels)
    others = listed([plain(name) for name in choice["tied"]])
    return [
        f"The numbers are the {plain(choice['model'])} model’s. Within noise, {others} "
        f"{'predicts' if len(choice['tied']) == 1 else 'predict'} single {units} as well."
    ]


def _on_ranking(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """Said where scores that are not to be trusted hide whether another model predicts better."""
    ranking, choice = decision.get("ranking"), decision["choice"]
    hidden = choice.get("unranked", [])
    if ranking is None or choice["model"] is None or not hidden:
        return []
    unit = (ranking["unit"], ranking.get("grouping"), labels)
    share = max(ranking["shaky"].get(name, 0.0) for name in (choice["model"], *hidden))
    how_many = percent()(share) if share >= LEAST_SHARE else f"less than {percent()(LEAST_SHARE)}"
    return [
        f"Whether {listed([plain(name) for name in hidden], 'or')} predicts better than the "
        f"{plain(choice['model'])} model is not known: leaving out one {name_unit(*unit)} at a "
        f"time without refitting cannot be trusted for up to {how_many} of the "
        f"{name_units(*unit)} (Pareto k above {ranking['limit']:.2g}), where a score is off by "
        "an unknown amount."
    ]


def _failure(check: Mapping[str, Any]) -> str:
    where = f" for {plain(check['worst'])}" if check["worst"] else ""
    found = show_found(check["found"])
    return f"{CHECKS[check['check']]} (found {found}{where}, limit {check['limit']:g})"
