"""Sentences of the decision: what to do, what a success costs, what would settle what is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.formats import decimals, percent, points
from partialpool.wording.phrases import Labels, capital, listed, plain


def advise(decision: Mapping[str, Any], labels: Labels, probability: float) -> str:
    """What the chosen model's calls amount to, one line for each treatment and call.

    Args:
        decision: `decision.decide`.
        labels: the words of the analysis.
        probability: how probable a gain or loss must be to be called one.
    """
    lines = [
        f"A lift is called a gain or a loss here when its sign is at least "
        f"{percent(1)(probability)} probable; else it is open."
    ]
    for facts in decision["treatments"]:
        treat, reference = labels.treat(facts["treatment"]), labels.treat(facts["reference"])
        advice = {
            "gain": f"offer {treat}",
            "loss": f"offer {reference}",
            "open": f"keep comparing {treat} with {reference}",
        }
        for call, what in advice.items():
            places = [labels.where(r["within"]) for r in facts["levels"] if r["call"] == call]
            if places:
                lines.append(f"- **{capital(listed(places))}**: {what}.")
    return "\n".join([lines[0], "", *lines[1:]])


def weigh_costs(decision: Mapping[str, Any], labels: Labels) -> str:
    """What a success takes in each level, and at which costs of a contact they break even."""
    if not decision["yields"]:
        return "No model answers, so no cost is weighed."
    first, *others = decision["yields"]
    takes = [
        f"{_takes(row)} {labels.where(row['within'])} with {labels.treat(row['treatment'])}"
        for row in (first, *others)
    ]
    even = [
        f"{labels.where(row['within'])} at {percent()(first['median'] / row['median'])} of what "
        f"one costs {labels.where(first['within'])}"
        for row in others
    ]
    weakest = labels.where(others[-1]["within"]) if others else ""
    return (
        f"One success takes about {listed(takes)}. Rates are lowest {weakest}, yet that can be the "
        f"better bargain where contacts are cheap: a contact pays as well {listed(even)}."
    )


def gather_more(decision: Mapping[str, Any], labels: Labels) -> str:
    """Where more contacts would teach most: the level with the widest lift."""
    said = []
    for facts in decision["treatments"]:
        row = max(facts["levels"], key=lambda r: float(r["lift"]["upper"] - r["lift"]["lower"]))
        width = row["lift"]["upper"] - row["lift"]["lower"]
        said.append(
            f"More contacts would teach most {labels.where(row['within'])}, where the interval "
            f"of the lift of {labels.treat(facts['treatment'])} is {decimals(1)(100 * width)} "
            "points wide; intervals shrink with the square root of the number of contacts, so "
            "about four times as many halve it."
        )
    return " ".join(said)


def explain_choice(choice: Mapping[str, Any]) -> str:
    """Why the model that answers does."""
    model = choice["model"]
    if model is None:
        return "No model passed its verdict, so none answers."
    why = {
        "named": "the configuration names it",
        "best": "it predicts best among the models that passed their verdict",
    }[choice["reason"]]
    tied = [plain(name) for name in choice["tied"]]
    close = f" Within noise, {listed(tied)} would do as well." if tied else ""
    barred = [plain(name) for name in choice["barred"]]
    out = f" Barred, because a check failed: {listed(barred)}." if barred else ""
    return f"The {plain(model)} model answers, because {why}.{close}{out}"


def describe_lifts(facts: Mapping[str, Any], labels: Labels) -> str:
    """The lifts in words, for the figure's alternative text."""
    rows = [
        f"{row['within']} {points()(row['lift']['mean'])} ({points()(row['lift']['lower'])} to "
        f"{points()(row['lift']['upper'])})"
        for row in facts["levels"]
    ]
    overall, crude = facts["overall"]["lift"]["mean"], facts["crude"]["lift"]
    return (
        f"Lift of {facts['treatment']} over {facts['reference']} in points, mean and "
        f"{labels.percent_interval} interval. {'; '.join(rows)}; all contacts, same mix "
        f"{points()(overall)}; pooled counts {points()(crude)}."
    )


def _takes(row: Mapping[str, Any]) -> str:
    return f"{decimals(1)(row['median'])} contacts"
