"""What weakens the answer where the treatment is a number."""

from __future__ import annotations

from partialpool.report.decision.curve import FOUND, MIXES, Curve, name_kind, spell_value
from partialpool.report.formats import integer
from partialpool.report.labels import Labels
from partialpool.report.text import capital, listed, plain, some, words

FEW_VALUES = 5
"""Values from which on a curve is one."""


def doubt_curve(curve: Curve | None, labels: Labels, model: str | None) -> list[str]:
    """What weakens a curve, each a sentence; nothing where no number is followed.

    Args:
        curve: what the model that answers says of the number.
        labels: the words of the analysis.
        model: the one that answers.
    """
    if curve is None or model is None:
        return []
    number, said = words(labels.treatment), []
    if curve["seen"] < FEW_VALUES:
        values = list(map(spell_value, curve["values"]))
        said.append(
            f"Only {integer(curve['seen'])} values of {number} were seen ({listed(values)}); "
            "nothing is known of those between."
        )
    said += _on_reach(curve, labels)
    said += _on_shape(curve, labels, model)
    said += _on_others(curve, labels)
    if labels.along == "trait":
        said.append(
            f"Nobody was given a {number}: {labels.many} with more of it may differ in other ways "
            "from those with less, so the curve says how rates differ and not what a change of it "
            "would do."
        )
    return said


def _on_reach(curve: Curve, labels: Labels) -> list[str]:
    """Places where the number did not reach as far as it did elsewhere."""
    short, number = curve["short"], words(labels.treatment)
    if not short:
        return []
    notes = {
        row["within"]: f"{spell_value(row['least'])} to {spell_value(row['greatest'])}"
        for row in short
    }
    where = labels.placed.list_places([row["within"] for row in short], notes=notes)
    return [
        f"{capital(where)} fewer values of {number} were seen than elsewhere; the curve there ends "
        "with them, and over all the model alone says what lies beyond."
    ]


def _on_shape(curve: Curve, labels: Labels, model: str) -> list[str]:
    """Said where the formula does not let the curve turn."""
    number = labels.treatment
    if curve["shape"] not in ("straight", "transformed"):
        return []
    line = {
        "straight": f"a straight line in {words(number)}",
        "transformed": f"a straight line in a function of {words(number)} that never turns",
    }[curve["shape"]]
    start = f"The {plain(model)} model takes {labels.scale(model)} for {line}: where the rate "
    start += "turned or levelled off, it could not show that"
    if curve["bending"]:
        others = some([plain(name) for name in curve["bending"]])
        which = "models, which" if len(curve["bending"]) > 1 else "model, which"
        return [f"{start}. The {others} {which} may bend, may not answer or predict no better."]
    return [f"{start}; a model with `poly({number}, 2)` or `bs({number}, df=4)` could."]


def _on_others(curve: Curve, labels: Labels) -> list[str]:
    """Models that predict as well, and other mixes of the contacts, that say otherwise."""
    over_all = [
        (f"The {plain(row['model'])} model, which predicts as well, finds", row)
        for row in curve["disagree"]
    ]
    over_all += [
        (
            f"Over the {labels.many} {MIXES[row['mix']].format(apart=words(labels.apart or ''))}, "
            "the finding is",
            row,
        )
        for row in curve["mixes"]
    ]
    return [f"{start} that {FOUND[name_kind(row)]}." for start, row in over_all]
