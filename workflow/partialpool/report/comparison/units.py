"""Sentences on what is left out and predicted: a contact, a cell, a level, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import listed, plain, words

FEW_CONTACTS = 2
"""With fewer contacts than this in a middling cell, leaving out a contact leaves out a cell."""
ALIKE = (
    "Every level of {factor} is one cell here, so leaving out a level is leaving out a cell: what "
    "is said by cell holds for both."
)
SOURCES = {
    "setting": "which the configuration names",
    "within": "inside whose levels the treatment is compared",
    "terms": "over which the models’ effects vary",
}


def name_unit(unit: str, grouping: str | None, labels: Labels) -> str:
    """What is left out, in a sentence: `contact`, `cell`, `level of channel`."""
    if unit == "contact":
        return labels.one
    return f"level of {words(grouping or 'a grouping factor')}" if unit == "group" else unit


def name_units(unit: str, grouping: str | None, labels: Labels) -> str:
    """Several of them: `contacts`, `levels of channel`."""
    if unit == "contact":
        return labels.many
    one = name_unit(unit, grouping, labels)
    return one.replace("level of", "levels of") if unit == "group" else f"{one}s"


def explain_units(units: Mapping[str, Any], cells: pd.DataFrame, labels: Labels) -> str:
    """What each unit of prediction asks, and why the decision rests on the one it does.

    Args:
        units: `units.describe_units`.
        cells: with `successes` and `trials`.
        labels: the words of the analysis.
    """
    decisive = name_unit(units["decisive"], units["grouping"], labels)
    rests = (
        f"The decision rests on the comparison per {labels.one}. {_why_contacts(cells, labels)}"
        if units["decisive"] == "contact"
        else f"The decision rests on the comparison per {decisive}, as the configuration asks. "
        f"Otherwise it would be per {labels.one}: {_uncapital(_why_contacts(cells, labels))}"
    )
    return fill(
        "comparison/units",
        contact=_contact(labels),
        cell=_cell(cells, labels),
        group=_group(units, labels),
        decision=rests,
    )


def are_alike(scores: Mapping[str, pd.DataFrame]) -> bool:
    """Whether every level that is left out whole is one cell, so that both units are the same.

    Args:
        scores: of every model (`ranking.gather_scores`), by unit.
    """
    return "group" in scores and bool((scores["group"]["cells"] == 1).all())


def explain_group(units: Mapping[str, Any], labels: Labels, alike: bool = False) -> str:
    """What leaving out a level means in each kind of model, or why none is left out.

    Args:
        units: `units.describe_units`.
        labels: the words of the analysis.
        alike: whether every level is one cell (`are_alike`).
    """
    if units["grouping"] is None:
        return fill("comparison/no_group")
    factor = words(units["grouping"])
    said = {
        kind: [plain(model) for model in labels.models if units["takes"][model] in kinds]
        for kind, kinds in (
            ("varying", ("varying", "both")),
            ("fixed", ("fixed",)),
            ("absent", ("absent",)),
        )
    }
    lines = [ALIKE.format(factor=factor)] if alike else []
    if said["varying"]:
        lines.append(
            f"In {listed(said['varying'])}, the effects of a level of {factor} that is left out "
            "come from the distribution that the other levels teach: the prediction that such a "
            "model is made for."
        )
    if said["fixed"]:
        lines.append(
            f"In {listed(said['fixed'])}, nothing but its own {labels.many} tells the coefficients "
            f"of a level of {factor}, so they fall back to their priors: the other levels teach "
            "nothing of a new one, and the score is mostly that of the prior."
        )
    if said["absent"]:
        lines.append(
            f"In {listed(said['absent'])}, {factor} does not occur, so a new level of it is "
            "predicted as all the others together."
        )
    return " ".join(lines)


def _contact(labels: Labels) -> str:
    beta = (
        " A beta-binomial model predicts it given the others of its cell."
        if "beta_binomial" in labels.families.values()
        else ""
    )
    return (
        f"**Per {labels.one}**: how well a model predicts one more {labels.one} of a combination "
        f"that it has seen, which counts when the next campaign repeats this one.{beta}"
    )


def _cell(cells: pd.DataFrame, labels: Labels) -> str:
    untried = _untried(cells, labels)
    here = (
        f" Here {integer(untried)} combination{'s' * (untried > 1)} of {words(labels.treatment)} "
        f"and {words(str(labels.within))} {'were' if untried > 1 else 'was'} never tried; for "
        f"{'those' if untried > 1 else 'that one'} this is the comparison to read."
        if untried
        else ""
    )
    return (
        "**Per cell**: a whole combination is left out, and the question is how well a model "
        f"predicts one that was never tried.{here}"
    )


def _group(units: Mapping[str, Any], labels: Labels) -> str:
    if units["grouping"] is None:
        return "**Per level of a grouping factor**: not available here, as is said below."
    factor, source = words(units["grouping"]), SOURCES[units["from"]]
    if labels.ranked and not labels.along and units["from"] == "within":
        source = "whose levels are ranked"
    return (
        f"**Per level of {factor}** ({source}): all {labels.many} of a level are left "
        f"out together, and the question is how well a model predicts a new {factor}."
    )


def _why_contacts(cells: pd.DataFrame, labels: Labels) -> str:
    """Why another contact is what the decision is about, in terms of the data."""
    trials = cells["trials"]
    low, middle, high = (integer(x) for x in (trials.min(), trials.median(), trials.max()))
    sizes = f"{low if low == high else f'{low} to {high}'} {labels.many} each"
    rows = labels.one if middle == "1" else labels.many
    ranked = (
        f"The levels of {words(labels.treatment)} that are ranked are all in the data",
        "where those levels stand",
    )
    compared = (
        f"The treatment is compared within {words(labels.within)}, whose "
        f"{integer(len(labels.places))} levels are all in the data"
        if labels.within is not None
        else f"The treatment is compared over all {labels.many} together",
        f"how the next {labels.many} of such known cells are treated",
    )
    along = f"The rate is told along {words(labels.treatment)}, at values that are in the data"
    followed = (along, f"how the rate of such {labels.many} runs along it")
    known, decided = followed if labels.along else ranked if labels.ranked else compared
    few = (
        f" With {middle} {rows} in a middling cell, though, leaving out {labels.a_one} is nearly "
        "leaving out its cell, and the two comparisons ask nearly the same."
        if trials.median() < FEW_CONTACTS
        else ""
    )
    spread = f", {middle} in the middle" if low != high else ""
    return (
        f"{known}: {integer(len(cells))} cells of {sizes}{spread}. What is decided is {decided}, "
        f"not what a new level would do.{few}"
    )


def _untried(cells: pd.DataFrame, labels: Labels) -> int:
    """How many combinations of treatment and `within` have no contact."""
    if labels.within is None:
        return 0
    tried = cells[[labels.treatment, labels.within]].astype(str).drop_duplicates()
    return len(labels.factors[labels.treatment]) * len(labels.places) - len(tried)


def _uncapital(text: str) -> str:
    return text[:1].lower() + text[1:]
