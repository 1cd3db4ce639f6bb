"""How a treatment is spoken of in a sentence, in the vocabulary of its kind."""

from __future__ import annotations

from partialpool.report.labels import Labels


def under(labels: Labels, level: str) -> str:
    """Where a treatment is given: `with the bundle`, `for women`."""
    return name_levels(labels.vocabulary.under, labels, level)


def contacts_with(labels: Labels, level: str) -> str:
    """The contacts of a treatment: `the contacts with the bundle`, `women`."""
    return name_levels(labels.vocabulary.contacts_with, labels, level)


def those_with(labels: Labels, level: str) -> str:
    """The same once contacts were spoken of: `those with the bundle`, `women`."""
    return name_levels(labels.vocabulary.those_with, labels, level)


def rate_with(labels: Labels, level: str) -> str:
    """The rate of a treatment: `the rate with the bundle`, `of women`, `at dose 2`."""
    if labels.along:
        return f"the rate at {labels.treat(level)}"
    return name_levels(labels.vocabulary.rate_with, labels, level)


def effect_of(labels: Labels, level: str) -> str:
    """What a treatment does: `the effect of the bundle`, `the difference of women from men`."""
    return name_levels(labels.vocabulary.effect_of, labels, level)


def lift_of(labels: Labels, level: str) -> str:
    """`the lift of the bundle`, `the difference of women from men`."""
    return name_levels(labels.vocabulary.lift_of, labels, level)


def ratio_of(labels: Labels, level: str) -> str:
    """`the ratio of the rates with the bundle and the pass alone`."""
    return name_levels(labels.vocabulary.ratio_of, labels, level)


def whether(labels: Labels, level: str) -> str:
    """What may be open: `the bundle helps`, `the rate differs between women and men`."""
    return name_levels(labels.vocabulary.whether, labels, level)


def name_levels(template: str, labels: Labels, level: str, **values: str) -> str:
    """A wording of the vocabulary with the two levels that are compared, and what else it names."""
    first = "" if labels.along else labels.reference
    treat, reference = labels.treat(level), labels.treat(first)
    return template.format(treat=treat, reference=reference, contacts=labels.many, **values)
