"""Sentences about the contacts and their counts, before any model, and what the pictures show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.effects import ALL
from partialpool.formats import Format, integer, percent
from partialpool.wording.counts import (
    ends,
    lift_format,
    margin,
    rate_format,
    raw_lifts,
    some,
    spread,
)
from partialpool.wording.phrases import Labels, listed, plain, sentence


def describe_source(ledger: Mapping[str, Any], facts: Mapping[str, Any], labels: Labels) -> str:
    """Whose data these are, what a row is, and what counts as a success."""
    outcome = facts["outcome"]
    credit = f" The data: {sentence(plain(facts['credit']))}" if facts["credit"] else ""
    return (
        f"**{integer(ledger['rows_read'])} contacts** were read from {plain(ledger['source'])}, "
        f"one row each. A contact counts as a success, one that {plain(labels.verb)}, when its "
        f"{plain(outcome['column'])} is {plain(outcome['success'])}; the other value is "
        f"{plain(outcome['failure'])}.{credit}"
    )


def describe_ledger(ledger: Mapping[str, Any]) -> str:
    """How many of the rows are used, and why the others are not."""
    if not ledger["dropped"]:
        return f"All {integer(ledger['rows_used'])} rows are used; none was dropped."
    reasons = [f"{integer(d['rows'])} with {plain(d['reason'])}" for d in ledger["dropped"]]
    dropped = ledger["rows_read"] - ledger["rows_used"]
    return (
        f"Of {integer(ledger['rows_read'])} rows, {integer(ledger['rows_used'])} are used and "
        f"**{integer(dropped)} were dropped** ({percent(1)(dropped / ledger['rows_read'])}): "
        f"{listed(reasons)}."
    )


def describe_cells(cells: pd.DataFrame, labels: Labels) -> str:
    """How far the contacts shrink when they are counted in cells, and which cells are empty."""
    possible = int(np.prod([len(levels) for levels in labels.factors.values()]))
    empty = possible - len(cells)
    gaps = f" {integer(empty)} of the {integer(possible)} possible combinations had no contact."
    return (
        f"The {integer(cells['trials'].sum())} contacts fall into **{integer(len(cells))} cells**, "
        f"one for each combination of {listed([plain(name) for name in labels.factors])} that "
        f"occurs, so every model is fitted to {integer(len(cells))} rows.{gaps if empty else ''}"
    )


def describe_successes(margins: pd.DataFrame, labels: Labels) -> str:
    """Which level of `within` has the most successes, and which the fewest."""
    rows = margin(margins, labels.within)["successes"]
    total = integer(rows.sum())
    low, top = ends(rows)
    return sentence(
        f"of {total} contacts that {plain(labels.verb)}, most ({integer(rows[top])}) did so "
        f"{labels.where(top)} and fewest ({integer(rows[low])}) {labels.where(low)}"
    )


def describe_rates(margins: pd.DataFrame, labels: Labels) -> str:
    """Where the rate is highest and where it is lowest."""
    rates = margin(margins, labels.within)["rate"]
    show, (low, top) = rate_format(rates), ends(rates)
    return sentence(
        f"{labels.where(top)}, {show(rates[top])} of all contacts {plain(labels.verb)}; "
        f"{labels.where(low)}, {show(rates[low])}. All together it is "
        f"{show(margins.set_index('factor').at[ALL, 'rate'])}"
    )


def describe_shares(crossing: pd.DataFrame, labels: Labels) -> str:
    """Where each treatment but the reference has its largest and smallest share of successes."""
    shares = spread(crossing, "share_of_successes", labels)
    said = []
    for treatment in labels.factors[labels.treatment][1:]:
        column = shares[treatment].dropna()
        if not column.any():
            said.append(f"No contact with {labels.treat(treatment)} {plain(labels.verb)}.")
            continue
        low, top = ends(column)
        said.append(
            f"Of the contacts that {plain(labels.verb)}, {labels.treat(treatment)} had the largest "
            f"share {labels.where(top)} ({percent(1)(column[top])}) and the smallest "
            f"{labels.where(low)} ({percent(1)(column[low])})."
        )
    return " ".join(said)


def describe_outcomes(margins: pd.DataFrame, labels: Labels) -> str:
    """How many contacts under each treatment were successes, and the pooled difference."""
    rows = margin(margins, labels.treatment)
    show = rate_format(rows["rate"])
    counts = [
        f"{integer(row['successes'])} of {integer(row['trials'])} contacts with "
        f"{labels.treat(str(level))} ({show(row['rate'])})"
        for level, row in rows.iterrows()
    ]
    lifts = rows["rate"].iloc[1:] - rows["rate"].iloc[0]
    move = lift_format(rows["rate"])
    pooled = [f"{move(lift)} points for {labels.treat(str(t))}" for t, lift in lifts.items()]
    return (
        f"The contacts that {plain(labels.verb)} were {listed(counts)}. Held to "
        f"{labels.treat(labels.reference)}, that is {listed(pooled)}, as long as the "
        f"{plain(labels.within)} is left out of account."
    )


def describe_lifts(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> str:
    """Whether the raw difference inside each level points as the pooled one does."""
    lifts = raw_lifts(crossing, margins, labels)
    weights = margin(margins, labels.within)["trials"]
    show = lift_format(margins["rate"])
    return " ".join(_direction(str(t), lifts[t], weights, show, labels) for t in lifts)


def describe_mix(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> str:
    """Which level's share of the contacts differs most between treatments, and what that does."""
    shares = spread(crossing, "share_of_contacts", labels).fillna(0.0)
    rates = margin(margins, labels.within)["rate"]
    overall, show = margins.set_index("factor").at[ALL, "rate"], rate_format(rates)
    said = []
    for treatment in labels.factors[labels.treatment][1:]:
        shift = shares[treatment] - shares[labels.reference]
        level = ends(shift.abs())[1]
        raises = shift[level] * (rates[level] - overall) > 0
        share = shares.loc[level].map(percent(1))
        said.append(
            f"The mix differs most {labels.where(level)}: {share[treatment]} of the contacts with "
            f"{labels.treat(treatment)} were there, but {share[labels.reference]} of those with "
            f"{labels.treat(labels.reference)}. The rate there is {show(rates[level])}, against "
            f"{show(overall)} of all contacts, so this difference alone "
            f"{'raises' if raises else 'lowers'} the pooled rate of {labels.treat(treatment)}."
        )
    return " ".join(said)


def _direction(
    treatment: str,
    lifts: pd.Series[float],
    weights: pd.Series[float],
    show: Format,
    labels: Labels,
) -> str:
    pooled = float(lifts[ALL])
    levels = lifts.drop(ALL).dropna()
    said = [
        f"{way} {some([f'{labels.where(str(k))} ({show(v)})' for k, v in part.items()])}"
        for way, part in (("lower", levels[levels < 0]), ("higher", levels[levels > 0]))
        if len(part)
    ]
    return (
        f"Pooled, the rate with {labels.treat(treatment)} is {show(abs(pooled)).lstrip('+')} "
        f"points {'above' if pooled >= 0 else 'below'} that with {labels.treat(labels.reference)}. "
        f"Inside the levels of {plain(labels.within)} it is "
        f"{', and '.join(said) or 'the same everywhere'}. "
        f"{_against(pooled, levels, weights, show)}"
    )


def _against(
    pooled: float, levels: pd.Series[float], weights: pd.Series[float], show: Format
) -> str:
    """Whether levels point against the pool, and whether all together do once mixed alike."""
    against = int((levels * pooled < 0).sum())
    if not against:
        return "None points against the pool."
    said = f"**In {integer(against)} of {integer(len(levels))} the counts point against the pool.**"
    alike = float(np.average(levels, weights=weights[levels.index]))
    if alike * pooled >= 0:
        return said
    return (
        f"{said} Were both spread as all contacts are, the difference would be {show(alike)} "
        "points: the counts alone show Simpson’s paradox."
    )
