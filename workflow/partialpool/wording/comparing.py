"""Prose of the data section that depends on what is compared: offers, or traits of contacts."""

from __future__ import annotations

from partialpool.wording.phrases import Labels


def introduce_shares(labels: Labels) -> str:
    """What a share of the successes does not say."""
    if labels.within is None:
        return ""
    if labels.offered:
        return (
            "The share of successes under each offer is easily read as a preference. It is not "
            "one: an offer that is made more often has more successes, whether or not it helps."
        )
    return (
        "The share that each has of the successes says little of its rate: who is met more often "
        "has more successes."
    )


def introduce_levels(labels: Labels) -> str:
    """Why the pooled comparison is repeated inside each level."""
    if labels.within is None:
        return ""
    fair, them = "the offers went to the same kinds of contacts", "the offers"
    if not labels.offered:
        fair, them = "those compared are alike in all else", "them"
    return (
        f"Pooling is only fair if {fair}. The picture sets {them} side by side inside each level, "
        "and repeats the pooled comparison in its last row."
    )


def introduce_mix(labels: Labels) -> str:
    """What makes pooled rates differ from those inside each level."""
    if labels.within is None:
        return ""
    whose = "the contacts under each offer" if labels.offered else "the contacts of each"
    return f"What pools differently is the mix: how {whose} were spread."
