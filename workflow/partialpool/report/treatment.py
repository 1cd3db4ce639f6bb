"""How a treatment is spoken of: an offer that is made to contacts, or a trait that they have."""

from __future__ import annotations

from partialpool.report.labels import Labels


def under(labels: Labels, level: str) -> str:
    """Where a treatment is given: `with the bundle`, `for women`."""
    return f"{'with' if labels.offered else 'for'} {labels.treat(level)}"


def contacts_with(labels: Labels, level: str) -> str:
    """The contacts of a treatment: `the contacts with the bundle`, `women`."""
    return f"the contacts with {labels.treat(level)}" if labels.offered else labels.treat(level)


def those_with(labels: Labels, level: str) -> str:
    """The same once contacts were spoken of: `those with the bundle`, `women`."""
    return f"those with {labels.treat(level)}" if labels.offered else labels.treat(level)


def rate_with(labels: Labels, level: str) -> str:
    """The rate of a treatment: `the rate with the bundle`, `the rate of women`."""
    return f"the rate {'with' if labels.offered else 'of'} {labels.treat(level)}"


def effect_of(labels: Labels, level: str) -> str:
    """What a treatment does: `the effect of the bundle`, `the difference of women from men`."""
    if labels.offered:
        return f"the effect of {labels.treat(level)}"
    return f"the difference of {labels.treat(level)} from {labels.treat(labels.reference)}"


def lift_of(labels: Labels, level: str) -> str:
    """`the lift of the bundle`, `the difference of women from men`."""
    return f"the lift of {labels.treat(level)}" if labels.offered else effect_of(labels, level)


def whether(labels: Labels, level: str) -> str:
    """What may be open: `the bundle helps`, `the rate differs between women and men`."""
    if labels.offered:
        return f"{labels.treat(level)} helps"
    return f"the rate differs between {labels.treat(level)} and {labels.treat(labels.reference)}"
