"""Sentences about the counts, before any model, and what the pictures show."""

from __future__ import annotations

from math import prod

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.report.counts import ends, lift_format, margin, rate_format, spread
from partialpool.report.formats import integer, percent
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.rows import met
from partialpool.report.text import MOST_NAMED, listed, plain, sentence, some, words
from partialpool.report.treatment import contacts_with, name_levels, under

ALL_BUT_ALIKE = 0.5
"""With more cells than this for each contact, counting is said to save little."""


def describe_cells(cells: pd.DataFrame, labels: Labels) -> str:
    """How far the contacts shrink when they are counted in cells, and which cells are empty."""
    contacts, count = int(cells["trials"].sum()), integer(len(cells))
    possible = prod(len(levels) for levels in labels.factors.values())
    names = [words(name) for name in (*labels.factors, *labels.numbers)]
    each = (
        f"combination of {listed(names)} that occurs" if len(names) > 1 else f"level of {names[0]}"
    )
    said = (
        f"The {integer(contacts)} {labels.many} fall into **{count} cells**, one for each {each}, "
        f"so every model is fitted to {count} rows."
    )
    if len(cells) > ALL_BUT_ALIKE * contacts:
        said += f" Few {labels.many} are alike in all of these, so counting them saves little."
    elif not labels.numbers and possible > len(cells):
        said += (
            f" {integer(possible - len(cells))} of the {integer(possible)} possible combinations "
            f"had no {labels.one}."
        )
    return said


def describe_successes(margins: pd.DataFrame, labels: Labels) -> str:
    """Which level of `within` has the most successes, and which the fewest."""
    if labels.within is None:
        return ""
    rows = margin(margins, labels.within)["successes"]
    total = integer(rows.sum())
    low, top = ends(rows)
    return sentence(
        f"of {total} {labels.many} that {plain(labels.verb)}, most ({integer(rows[top])}) "
        f"{met(labels)} {labels.where(top)} and fewest ({integer(rows[low])}) {labels.where(low)}"
    )


def describe_rates(margins: pd.DataFrame, labels: Labels) -> str:
    """Where the rate is highest and where it is lowest."""
    if labels.by is None:
        return ""
    rates = margin(margins, labels.by)["rate"]
    show, (low, top) = rate_format(rates), ends(rates)
    start = {
        level: under(labels, level) if labels.by == labels.treatment else labels.placed.where(level)
        for level in (low, top)
    }
    return sentence(
        f"{start[top]}, {show(rates[top])} of all {labels.many} {plain(labels.verb)}; "
        f"{start[low]}, {show(rates[low])}. All together it is "
        f"{show(margins.set_index('factor').at[ALL, 'rate'])}"
    )


def describe_shares(crossing: pd.DataFrame, labels: Labels) -> str:
    """Where each treatment but the reference has its largest and smallest share of successes."""
    if labels.within is None:
        return ""
    shares = spread(crossing, "share_of_successes", labels)
    said = []
    for treatment in labels.treatments[:MOST_NAMED]:
        column = shares[treatment].dropna()
        if not column.any():
            said.append(f"None of {contacts_with(labels, treatment)} {plain(labels.verb)}.")
            continue
        low, top = ends(column)
        said.append(
            f"Of the {labels.many} that {plain(labels.verb)}, {labels.treat(treatment)} had the "
            f"largest share {labels.where(top)} ({percent(1)(column[top])}) and the smallest "
            f"{labels.where(low)} ({percent(1)(column[low])})."
        )
    return " ".join(said)


def describe_outcomes(margins: pd.DataFrame, labels: Labels) -> str:
    """How many contacts under each treatment were successes, and the pooled difference."""
    if labels.ranked:
        return ""
    rows = margin(margins, labels.treatment)
    show, move = rate_format(rows["rate"]), lift_format(rows["rate"])
    contacts = labels.vocabulary.contacts
    counts = [
        f"{integer(row['successes'])} of {integer(row['trials'])} "
        f"{name_levels(contacts, labels, str(level))} ({show(row['rate'])})"
        for level, row in rows.iterrows()
    ]
    lifts = rows["rate"].iloc[1:] - rows["rate"].iloc[0]
    pooled = [f"{move(lift)} points for {labels.treat(str(t))}" for t, lift in lifts.items()]
    but = f", with {words(labels.within)} left out of account" if labels.within else ""
    return (
        f"The {labels.many} that {plain(labels.verb)} were {some(counts)}. Held to "
        f"{labels.treat(labels.reference)}, that is {some(pooled)}{but}."
    )


def introduce_shares(labels: Labels) -> str:
    """What a share of the successes does not say."""
    if labels.within is None:
        return ""
    return fill(f"data/shares_{labels.treatment_is}")


def introduce_levels(labels: Labels) -> str:
    """Why the pooled comparison is repeated inside each level."""
    if labels.within is None:
        return ""
    rows = {"contacts": labels.many} if labels.chosen else {}
    return fill(f"data/levels_{labels.treatment_is}", **rows)


def introduce_mix(labels: Labels) -> str:
    """What makes pooled rates differ from those inside each level."""
    if labels.within is None:
        return ""
    return fill(f"data/mix_{labels.treatment_is}", contacts=labels.many)
