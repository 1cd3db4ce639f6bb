"""Whether the counts inside the levels point as the pooled ones do, and what the mix has to do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from partialpool.cells.question import ALL
from partialpool.report.counts import ends, lift_format, margin, rate_format, raw_lifts, spread
from partialpool.report.formats import Format, integer, percent
from partialpool.report.labels import Labels
from partialpool.report.text import MOST_NAMED, words
from partialpool.report.treatment import contacts_with, rate_with, those_with


def describe_lifts(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> str:
    """Whether the raw difference inside each level points as the pooled one does."""
    if labels.within is None:
        return ""
    lifts = raw_lifts(crossing, margins, labels)
    weights = margin(margins, labels.within)["trials"]
    show = lift_format(margins["rate"])
    return " ".join(
        _direction(str(t), lifts[t], weights, show, labels) for t in list(lifts)[:MOST_NAMED]
    )


def describe_mix(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> str:
    """Which level's share of the contacts differs most between treatments, and what that does."""
    if labels.within is None:
        return ""
    shares = spread(crossing, "share_of_contacts", labels).fillna(0.0)
    rates = margin(margins, labels.within)["rate"]
    overall, show = margins.set_index("factor").at[ALL, "rate"], rate_format(rates)
    said = []
    for treatment in labels.treatments[:MOST_NAMED]:
        shift = shares[treatment] - shares[labels.reference]
        level = ends(shift.abs())[1]
        raises = shift[level] * (rates[level] - overall) > 0
        share = shares.loc[level].map(percent(1))
        said.append(
            f"The mix differs most {labels.where(level)}: {share[treatment]} of "
            f"{contacts_with(labels, treatment)} were there, but {share[labels.reference]} of "
            f"{those_with(labels, labels.reference)}. The rate there is {show(rates[level])}, "
            f"against {show(overall)} of all {labels.many}, so this difference alone "
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
    notes = {str(level): show(lift) for level, lift in levels.items()}
    said = [
        f"{way} {labels.list_places(_largest_first(part), notes=notes)}"
        for way, part in (("lower", levels[levels < 0]), ("higher", levels[levels > 0]))
        if len(part)
    ]
    return (
        f"Pooled, {rate_with(labels, treatment)} is {show(abs(pooled)).lstrip('+')} points "
        f"{'above' if pooled >= 0 else 'below'} {rate_with(labels, labels.reference)}. "
        f"Inside the levels of {words(str(labels.within))} it is "
        f"{', and '.join(said) or 'the same everywhere'}. "
        f"{_against(pooled, levels, weights, show, labels)}"
    )


def _largest_first(lifts: pd.Series[float]) -> list[str]:
    """Levels in their order; by the size of the lift where there are more than can be named."""
    by_size = lifts.abs().sort_values(ascending=False, kind="stable")
    order = by_size if len(lifts) > MOST_NAMED else lifts
    return [str(level) for level in order.index]


def _against(
    pooled: float, levels: pd.Series[float], weights: pd.Series[float], show: Format, labels: Labels
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
        f"{said} Were both spread as all {labels.many} are, the difference would be {show(alike)} "
        "points: the counts alone show Simpson’s paradox."
    )
