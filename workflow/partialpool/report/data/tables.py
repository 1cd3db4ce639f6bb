"""Tables of the counts, from the files that the rules wrote."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.report.counts import (
    lift_format,
    margin,
    more_places,
    rate_format,
    raw_lifts,
    shown_places,
    spread,
)
from partialpool.report.formats import Format, percent
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out, select_largest
from partialpool.report.table import Table
from partialpool.report.text import sentence
from partialpool.settings.data import write_number


def tabulate_cells(cells: pd.DataFrame, labels: Labels, where: str) -> Table:
    """The cells, those with the most contacts if many: successes, contacts and rate.

    Args:
        cells: `cells.read_cells`.
        labels: the words of the analysis.
        where: the file with all of them.
    """
    shown = cells.loc[sorted(cells["trials"].nlargest(SHOWN).index)]
    keys = [*labels.factors, *labels.numbers]
    written = shown.astype(dict.fromkeys(labels.factors, str)).assign(
        **{name: shown[name].map(write_number) for name in labels.numbers}
    )
    rates = shown["successes"] / shown["trials"]
    counts = {labels.noun: shown["successes"], labels.contacts: shown["trials"], "rate": rates}
    frame = pd.concat(counts, axis=1)
    frame.index = (
        pd.MultiIndex.from_frame(written[keys]) if len(keys) > 1 else pd.Index(written[keys[0]])
    )
    return Table(
        frame,
        sentence(
            f"the cells: {labels.noun} and {labels.contacts} of every combination that occurs"
        ),
        note=left_out(len(cells), f"cells, with fewer {labels.contacts}", where).strip(),
        formats={"rate": rate_format(rates)},
        colours=labels.palette.levels(labels.treatment),
    )


def tabulate_successes(crossing: pd.DataFrame, labels: Labels) -> Table | None:
    """Successes by level of `within` and treatment, with totals."""
    if labels.within is None:
        return None
    counts = spread(crossing, "successes", labels).fillna(0).astype(int)
    totals = counts.sum().to_frame(_total(labels)).T
    frame = pd.concat([counts.loc[shown_places(crossing, labels)], totals])
    frame.columns = pd.MultiIndex.from_tuples([(labels.treatment, name) for name in frame])
    frame["", "all"] = frame.sum(axis=1)
    return Table(
        frame.rename_axis(labels.within),
        sentence(f"{labels.noun} by {labels.within} and {labels.treatment}"),
        note=more_places(labels).strip(),
        totals=[_total(labels)],
        colours=labels.place_colours,
    )


def tabulate_rates(margins: pd.DataFrame, labels: Labels) -> Table | None:
    """Successes, contacts and rate of each level of `within`."""
    if labels.by is None:
        return None
    levels = margin(margins, labels.by)
    rows = pd.concat([levels.loc[select_largest(levels["trials"])], _all(margins, labels)])
    named = {"successes": labels.noun, "trials": labels.contacts, "rate": "rate"}
    return Table(
        rows[[*named]].rename(columns=named).rename_axis(labels.by),
        sentence(f"rate by {labels.by}"),
        note=more_places(labels).strip(),
        formats={"rate": rate_format(rows["rate"])},
        totals=[_total(labels)],
        colours=labels.palette.levels(labels.by),
    )


def tabulate_shares(crossing: pd.DataFrame, labels: Labels) -> Table | None:
    """What part of each level's successes had each treatment."""
    if labels.within is None:
        return None
    shares = spread(crossing, "share_of_successes", labels).loc[shown_places(crossing, labels)]
    return _of_treatments(
        shares,
        f"Share of the {labels.noun} under each {labels.treatment}, by {labels.within}.",
        labels,
    )


def tabulate_outcomes(
    margins: pd.DataFrame, outcome: Mapping[str, str | None], labels: Labels
) -> Table | None:
    """The treatment crossed with the outcome, with totals and rates."""
    if labels.ranked:
        return None
    levels = margin(margins, labels.treatment)
    rows = pd.concat([levels.loc[select_largest(levels["trials"])], _all(margins, labels)])
    frame = rows[["successes", "failures", "trials", "rate"]].rename_axis(labels.treatment)
    both = [outcome["success"] or labels.noun, outcome["failure"] or "others"]
    return Table(
        frame.set_axis([*both, labels.contacts, "rate"], axis=1),
        sentence(f"{labels.treatment} by outcome"),
        note=left_out(
            len(levels),
            f"levels of {labels.treatment}, with fewer {labels.contacts}",
            "margins.csv",
        ).strip(),
        formats={"rate": rate_format(rows["rate"])},
        totals=[_total(labels)],
        colours=labels.palette.levels(labels.treatment),
    )


def tabulate_lifts(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> Table | None:
    """Observed rates by treatment, and their differences, inside each level and pooled."""
    if labels.within is None:
        return None
    shown = [*shown_places(crossing, labels), _total(labels)]
    lifts = raw_lifts(crossing, margins, labels).rename(index={ALL: _total(labels)}).loc[shown]
    pooled = margin(margins, labels.treatment)["rate"].to_frame(_total(labels)).T
    rates = pd.concat([spread(crossing, "rate", labels), pooled]).loc[shown]
    frame = pd.concat({"rate": rates, "lift, points": lifts}, axis=1).rename_axis(labels.within)
    shows = {"rate": rate_format(rates.max()), "lift, points": lift_format(rates.max())}
    return Table(
        frame,
        f"Observed rates and lifts over {labels.reference}, by {labels.within} and pooled.",
        note=more_places(labels).strip(),
        formats={name: shows[name[0]] for name in frame.columns},
        totals=[_total(labels)],
        colours=labels.place_colours,
    )


def tabulate_mix(crossing: pd.DataFrame, labels: Labels) -> Table | None:
    """Shares of each treatment's contacts by level of `within`."""
    if labels.within is None:
        return None
    shares = spread(crossing, "share_of_contacts", labels).fillna(0)
    return _of_treatments(
        shares.loc[shown_places(crossing, labels)],
        f"How the {labels.contacts} under each {labels.treatment} spread over {labels.within}.",
        labels,
    )


def _of_treatments(shares: pd.DataFrame, caption: str, labels: Labels) -> Table:
    """A table of shares, levels of `within` x treatments."""
    formats: dict[str, Format] = dict.fromkeys(labels.factors[labels.treatment], percent(1))
    return Table(
        shares.rename_axis(labels.within),
        caption,
        note=more_places(labels).strip(),
        formats=formats,
        colours=labels.place_colours,
    )


def _all(margins: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    return margin(margins, ALL).set_axis([_total(labels)])


def _total(labels: Labels) -> str:
    """What the row of all of them is called."""
    return f"All {labels.contacts}"
