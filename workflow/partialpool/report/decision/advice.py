"""Sentences of the decision: what to do, what a success costs, what would settle what is open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from partialpool.report.counts import lift_format
from partialpool.report.decision.unwelcome import tell_frequency
from partialpool.report.formats import decimals, percent
from partialpool.report.labels import Labels
from partialpool.report.lifts import row_rates, shown_treatments
from partialpool.report.prose import fill
from partialpool.report.text import MOST_NAMED, capital, listed, plain, words
from partialpool.report.treatment import lift_of, name_levels

UNCHOSEN = {
    "none scored": "decision/none_chosen",
    "none trusted": "decision/none_preferred",
}
"""The paragraph for each reason why no model can be preferred."""
_OFFERED = re.compile(r"^offer (?=(?:(?:an?|the|our|your) )?offer)", re.IGNORECASE)
"""Where advice to offer something would say `offer offer B`."""
SAME = 1e-6
"""Contacts per success that differ by a smaller share are the same."""


def explain_calls(decision: Mapping[str, Any], labels: Labels, probability: float) -> str:
    """When a lift is called a gain or a loss; nothing where none is called.

    Args:
        decision: `answer.decide`.
        labels: the words of the analysis.
        probability: how probable a gain or loss must be to be called one.
    """
    if len(decision["treatments"]) != 1:
        return ""
    called = labels.vocabulary.called
    return f"{called} is at least {percent(1)(probability)} probable; else it is open."


def list_advice(decision: Mapping[str, Any], labels: Labels) -> list[str]:
    """What the chosen model's calls amount to, as items: one for each treatment and call."""
    lines = []
    for facts in shown_treatments(decision):
        advice = _advice(facts, labels)
        for call, what in advice.items():
            places = [row["within"] for row in facts["levels"] if row["call"] == call]
            if places:
                lines.append(f"- **{capital(labels.list_places(places))}**: {what}.")
        if not facts["levels"]:
            lines.append(f"- **{capital(advice[facts['overall']['call']])}.**")
    return lines


def head_costs(labels: Labels) -> str:
    """The heading above what a success takes; nothing where nothing is chosen."""
    if not labels.chosen:
        return ""
    return "## What a success takes" if labels.good else "## How often it happens"


def weigh_costs(decision: Mapping[str, Any], labels: Labels) -> str:
    """What a success takes, and at which costs of a contact two ways of getting it break even."""
    rows = decision["yields"]
    if not labels.chosen:
        return ""
    if not labels.good:
        return tell_frequency(rows, labels)
    if not rows:
        return "No model answers, so no cost is weighed."
    if not labels.places:
        return _weigh_treatments(rows, labels)
    if len(rows) > MOST_NAMED:
        return fill(
            "decision/many_costs",
            contacts=labels.many,
            count=str(len(rows)),
            within=words(str(labels.within)),
            fewest=_takes(rows[0], labels),
            most=_takes(rows[-1], labels),
        )
    if rows[-1]["median"] - rows[0]["median"] <= SAME * rows[-1]["median"]:
        takes = decimals(1)(rows[0]["median"])
        every = f"in every level of {words(str(labels.within))}"
        return f"As the model has it, one success takes about {takes} {labels.many} {every}."
    first, *others = rows
    even = [
        f"{labels.where(row['within'])} at {percent()(first['median'] / row['median'])} of what "
        f"one costs {labels.where(first['within'])}"
        for row in others
    ]
    return (
        f"One success takes about {listed([_takes(row, labels) for row in rows])}. "
        f"{_bargain(rows, labels)}{labels.a_one} pays as well {listed(even)}."
    )


def _bargain(rows: Sequence[Mapping[str, Any]], labels: Labels) -> str:
    """That the lowest rates may pay, where the intervals say which are the lowest."""
    last, *before = rows[::-1]
    if any(row["upper"] >= last["lower"] for row in before):
        return "At these numbers "
    return (
        f"Rates are lowest {labels.where(last['within'])}, yet that can be the better bargain "
        f"where {labels.many} are cheap: "
    )


def gather_more(decision: Mapping[str, Any], labels: Labels) -> str:
    """Where more contacts would teach most: the level with the widest lift."""
    said = []
    for facts in shown_treatments(decision):
        rows = facts["levels"] or [facts["overall"]]
        row = max(rows, key=lambda r: float(r["lift"]["upper"] - r["lift"]["lower"]))
        width = lift_format(row_rates(row))(row["lift"]["upper"] - row["lift"]["lower"])
        lift = lift_of(labels, facts["treatment"])
        wide = f"the interval of {lift} is {width.lstrip('+')} points wide"
        where = labels.where(row["within"])
        more = f"More {labels.many} would teach most {where}, where {wide}"
        start = more if facts["levels"] else wide
        said.append(f"{capital(start)}.")
    if said:
        said.append(fill("decision/more_contacts", contacts=labels.many))
    return " ".join(said)


def explain_choice(choice: Mapping[str, Any]) -> str:
    """Why the model that answers does."""
    model = choice["model"]
    if choice["reason"] in ("none scored", "none trusted"):
        return fill(UNCHOSEN[choice["reason"]])
    if model is None:
        return "No model passed its verdict, so none answers."
    why = {
        "named": "the configuration names it",
        "best": "it predicts best among the models that passed their verdict",
        "only": "it is the only one",
    }[choice["reason"]]
    tied = [plain(name) for name in choice["tied"]]
    close = f" Within noise, {listed(tied)} would do as well." if tied else ""
    barred = [plain(name) for name in choice["barred"]]
    out = f" Barred, because a check failed: {listed(barred)}." if barred else ""
    return f"The {plain(model)} model answers, because {why}.{close}{out}"


def describe_lifts(
    facts: Mapping[str, Any], levels: Sequence[Mapping[str, Any]], labels: Labels
) -> str:
    """The lifts in words, for the figure's alternative text; `levels` are those drawn."""
    show = lift_format(row_rates(facts["overall"]))
    rows = [
        f"{row['within']} {show(row['lift']['mean'])} ({show(row['lift']['lower'])} to "
        f"{show(row['lift']['upper'])})"
        for row in levels
    ]
    overall, crude = facts["overall"]["lift"], facts["crude"]["lift"]
    spread = "" if levels else f" ({show(overall['lower'])} to {show(overall['upper'])})"
    rows.append(f"{name_overall(labels)} {show(overall['mean'])}{spread}")
    return (
        f"Lift of {facts['treatment']} over {facts['reference']} in points, mean and "
        f"{labels.percent_interval} interval. {'; '.join(rows)}; pooled counts {show(crude)}."
    )


def name_overall(labels: Labels) -> str:
    """What all contacts together are called in a table or figure."""
    return "all, same mix" if labels.places else f"all {labels.contacts}"


def _advice(facts: Mapping[str, Any], labels: Labels) -> dict[str, str]:
    """What follows from each call."""
    advice = labels.vocabulary.advice.items()
    said = {call: name_levels(what, labels, facts["treatment"]) for call, what in advice}
    return {call: _OFFERED.sub("choose ", what) for call, what in said.items()}


def _weigh_treatments(rows: Sequence[Mapping[str, Any]], labels: Labels) -> str:
    first, *others = rows
    takes = [_takes(row, labels) for row in rows]
    even = [
        f"one with {labels.treat(first['treatment'])} pays as well as one with "
        f"{labels.treat(row['treatment'])} as long as it costs at most "
        f"{decimals(2)(row['median'] / first['median'])} times as much"
        for row in others[:MOST_NAMED]
    ]
    return (
        f"One success takes about {listed(takes[:MOST_NAMED])}. Of the {labels.many}, "
        f"{listed(even)}."
    )


def _takes(row: Mapping[str, Any], labels: Labels) -> str:
    what = f"{decimals(1)(row['median'])} {labels.many}"
    offer = labels.treat(row["treatment"])
    if not row["within"]:
        return f"{what} with {offer}"
    where = labels.where(row["within"])
    named = labels.is_phrased(row["within"])
    return f"{what} {where} with {offer}" if named else f"{what} with {offer} {where}"
