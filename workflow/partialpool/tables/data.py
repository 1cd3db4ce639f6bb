"""Tables of the contacts and their counts, from the files that the rules wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.effects import ALL
from partialpool.formats import integer, percent
from partialpool.tables import Table
from partialpool.wording.counts import lift_format, margin, rate_format, raw_lifts, spread
from partialpool.wording.phrases import Labels, sentence

TOTAL = "All contacts"
MOST_CONTRASTS = 8
"""Factors with more levels have their contrasts told in words."""


def tabulate_glimpse(glimpse: pd.DataFrame) -> Table:
    """The first rows as they stand in the source."""
    numbered = glimpse.set_axis(pd.RangeIndex(1, len(glimpse) + 1, name="row"))
    return Table(numbered, "The first rows, as they stand in the source.")


def tabulate_ledger(ledger: Mapping[str, Any]) -> Table:
    """What became of every row."""
    dropped = [(f"Dropped: {entry['reason']}", entry["rows"]) for entry in ledger["dropped"]]
    lines = [("Read", ledger["rows_read"]), *(dropped or [("Dropped", 0)])]
    frame = pd.DataFrame([*lines, ("Used", ledger["rows_used"])], columns=["", "rows"])
    return Table(frame.set_index(""), "What became of every row.", totals=["Used"])


def tabulate_levels(margins: pd.DataFrame, labels: Labels) -> Table:
    """Levels in their order, with the contrasts that the models use (treatment coding)."""
    spelt = [f for f, levels in labels.factors.items() if len(levels) <= MOST_CONTRASTS]
    lines = []
    for factor, levels in labels.factors.items():
        trials = margin(margins, factor)["trials"]
        for level in levels:
            first = {"": "reference" if level == levels[0] else "", "contacts": int(trials[level])}
            codes: dict[str, int | None] = {
                f"{of}[{other}]": int(level == other) if of == factor else None
                for of in spelt
                for other in labels.factors[of][1:]
            }
            head: dict[tuple[str, str], object] = {("", k): value for k, value in first.items()}
            lines.append(head | {("contrasts", name): code for name, code in codes.items()})
    index = [(f, level) for f, levels in labels.factors.items() for level in levels]
    columns = pd.MultiIndex.from_tuples(list(lines[0]))
    frame = pd.DataFrame([list(line.values()) for line in lines], columns=columns)
    frame.index = pd.MultiIndex.from_tuples(index, names=["factor", "level"])
    return Table(
        frame,
        "Levels of each factor in their order, and the contrasts that the models use.",
        note=_contrasts_note(labels, spelt),
        formats={name: integer for name in columns if name[0] == "contrasts"},
        colours=labels.palette.levels(labels.treatment) | labels.palette.levels(labels.within),
    )


def tabulate_cells(cells: pd.DataFrame, labels: Labels) -> Table:
    """Every cell: its successes, its contacts and its rate."""
    frame = cells.astype(dict.fromkeys(labels.factors, str)).set_index(list(labels.factors))
    rates = frame["successes"] / frame["trials"]
    named = {"successes": labels.noun, "trials": "contacts"}
    return Table(
        frame[[*named]].rename(columns=named).assign(rate=rates),
        sentence(f"the cells: {labels.noun} and contacts of every combination that occurs"),
        formats={"rate": rate_format(rates)},
        colours=labels.palette.levels(labels.treatment),
    )


def tabulate_successes(crossing: pd.DataFrame, labels: Labels) -> Table:
    """Successes by level of `within` and treatment, with totals."""
    counts = spread(crossing, "successes", labels).fillna(0).astype(int)
    counts["all"] = counts.sum(axis=1)
    counts.loc[TOTAL] = counts.sum()
    return Table(
        counts.rename_axis(labels.within),
        sentence(f"{labels.noun} by {labels.within} and {labels.treatment}"),
        totals=[TOTAL],
        colours=labels.palette.levels(labels.within),
    )


def tabulate_rates(margins: pd.DataFrame, labels: Labels) -> Table:
    """Successes, contacts and rate of each level of `within`."""
    rows = pd.concat([margin(margins, labels.within), margin(margins, ALL).set_axis([TOTAL])])
    named = {"successes": labels.noun, "trials": "contacts", "rate": "rate"}
    return Table(
        rows[[*named]].rename(columns=named).rename_axis(labels.within),
        sentence(f"rate by {labels.within}"),
        formats={"rate": rate_format(rows["rate"])},
        totals=[TOTAL],
        colours=labels.palette.levels(labels.within),
    )


def tabulate_shares(crossing: pd.DataFrame, labels: Labels) -> Table:
    """What part of each level's successes had each treatment."""
    return Table(
        spread(crossing, "share_of_successes", labels).rename_axis(labels.within),
        sentence(f"share of each {labels.within}’s {labels.noun} under each {labels.treatment}"),
        formats=dict.fromkeys(labels.factors[labels.treatment], percent(1)),
        colours=labels.palette.levels(labels.within),
    )


def tabulate_outcomes(margins: pd.DataFrame, outcome: Mapping[str, str], labels: Labels) -> Table:
    """The treatment crossed with the outcome, with totals and rates."""
    rows = pd.concat([margin(margins, labels.treatment), margin(margins, ALL).set_axis([TOTAL])])
    frame = rows[["successes", "failures", "trials", "rate"]].rename_axis(labels.treatment)
    return Table(
        frame.set_axis([outcome["success"], outcome["failure"], "contacts", "rate"], axis=1),
        sentence(f"{labels.treatment} by outcome"),
        formats={"rate": rate_format(rows["rate"])},
        totals=[TOTAL],
        colours=labels.palette.levels(labels.treatment),
    )


def tabulate_lifts(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> Table:
    """Observed rates by treatment, and their differences, inside each level and pooled."""
    lifts = raw_lifts(crossing, margins, labels).rename(index={ALL: TOTAL})
    rates = spread(crossing, "rate", labels)
    rates.loc[TOTAL] = margin(margins, labels.treatment)["rate"]
    frame = pd.concat({"rate": rates, "lift, points": lifts}, axis=1).rename_axis(labels.within)
    shows = {"rate": rate_format(rates.max()), "lift, points": lift_format(rates.max())}
    return Table(
        frame,
        f"Observed rates and lifts over {labels.reference}, by {labels.within} and pooled.",
        formats={name: shows[name[0]] for name in frame.columns},
        totals=[TOTAL],
        colours=labels.palette.levels(labels.within),
    )


def tabulate_mix(crossing: pd.DataFrame, labels: Labels) -> Table:
    """Shares of each treatment's contacts by level of `within`."""
    return Table(
        spread(crossing, "share_of_contacts", labels).fillna(0).rename_axis(labels.within),
        f"How the contacts under each {labels.treatment} spread over {labels.within}.",
        formats=dict.fromkeys(labels.factors[labels.treatment], percent(1)),
        colours=labels.palette.levels(labels.within),
    )


def _contrasts_note(labels: Labels, spelt: list[str]) -> str:
    long = [name for name in labels.factors if name not in spelt]
    left_out = [f" Those of {name}, one for each further level, are left out." for name in long]
    return (
        "A contrast is 1 for the level that it is named for and 0 elsewhere, so that its "
        f"coefficient is a difference from the reference level.{''.join(left_out)}"
    )
