"""Pictures of the counts, before any model: how many, at which rate, under which treatment.

Every picture has a row for each level, so that any number of levels with names of any length
stays readable on a phone.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from partialpool.cells.question import ALL
from partialpool.report.colours import INK, PAPER
from partialpool.report.counts import margin, more_places, shown_places, spread
from partialpool.report.drawing import Figure, render, style
from partialpool.report.drawing.rows import (
    NARROW,
    bar_format,
    beside,
    column,
    inside,
    rate_axis,
    rows,
    spell,
    stack,
)
from partialpool.report.formats import integer, percent
from partialpool.report.labels import Labels
from partialpool.report.selection import left_out, select_largest
from partialpool.report.text import capital, sentence


def draw_successes(crossing: pd.DataFrame, labels: Labels) -> Figure | None:
    """Successes by level of `within`, stacked by treatment, with their totals."""
    if labels.within is None:
        return None
    counts = spread(crossing, "successes", labels).loc[shown_places(crossing, labels)].fillna(0)
    totals = counts.sum(axis=1)
    most = max(1.0, float(totals.max()))
    with rows(counts.index, labels) as (figure, axes):
        stack(axes, counts, labels, integer, most)
        for place, total in enumerate(totals):
            beside(axes, total, place, integer(total))
        axes.set_xlim(0, 1.14 * most)
        axes.locator_params(axis="x", integer=True, nbins=5)
        axes.xaxis.set_major_formatter(lambda value, _: integer(value))
        axes.set_xlabel(labels.noun)
        stacked = f"{labels.noun} by {labels.within}, stacked by {labels.treatment}, with totals"
        caption = sentence(stacked) + more_places(labels)
        spelt = spell(counts.assign(total=totals), integer)
        return render(figure, caption, f"{caption} {spelt}")


def draw_rates(margins: pd.DataFrame, labels: Labels) -> Figure | None:
    """The rate in each level of `within`, with the counts behind it."""
    if labels.by is None:
        return None
    levels = margin(margins, labels.by)
    table = levels.loc[select_largest(levels["trials"])]
    rates, (show, places) = table["rate"], bar_format(table["rate"])
    with rows(table.index, labels, legend=False) as (figure, axes):
        by_level = labels.palette.levels(labels.by)
        colours = [by_level[str(level)] for level in table.index]
        axes.barh(range(len(rates)), rates, 0.64, color=colours)
        for place, rate in enumerate(rates):
            beside(axes, rate, place, show(rate))
        counts = zip(table["successes"], table["trials"], strict=True)
        column(axes, [f"{integer(part)} of {integer(whole)}" for part, whole in counts])
        axes.set_xlim(0, 1.2 * max(float(rates.max()), 1e-9))
        rate_axis(axes, places)
        axes.set_xlabel(f"{labels.contacts} that {labels.verb}")
        caption = (
            f"Share of {labels.contacts} that {labels.verb}, by {labels.by}, with their numbers."
            + more_places(labels)
        )
        return render(figure, caption, f"{caption} {spell(table[['rate']], show)}")


def draw_shares(crossing: pd.DataFrame, labels: Labels) -> Figure | None:
    """What part of each level's successes had each treatment."""
    if labels.within is None:
        return None
    shares = spread(crossing, "share_of_successes", labels).loc[shown_places(crossing, labels)]
    with rows(shares.index, labels) as (figure, axes):
        stack(axes, shares.fillna(0), labels, percent(), 1)
        for place, none in enumerate(shares.isna().all(axis=1)):
            if none:
                beside(axes, 0, place, f"no {labels.noun}", weight=400)
        axes.set_xlim(0, 1)
        style.percent_axis(axes.xaxis)
        axes.set_xlabel(f"of the {labels.noun}")
        caption = (
            f"Share of the {labels.noun} under each {labels.treatment}, by {labels.within}."
            + more_places(labels)
        )
        return render(figure, caption, f"{caption} {spell(shares, percent())}")


def draw_outcomes(margins: pd.DataFrame, labels: Labels) -> Figure | None:
    """Successes (full colour) and failures (pale) under each treatment and in all contacts."""
    if labels.ranked:
        return None
    treatments = margin(margins, labels.treatment)
    shown = select_largest(treatments["trials"])
    everybody = margin(margins, ALL).set_axis([f"all {labels.contacts}"])
    table = pd.concat([treatments.loc[shown], everybody])
    colours = [*(labels.palette.level(labels.treatment, level) for level in shown), INK]
    with rows(table.index, labels, legend=False) as (figure, axes):
        for place, colour in enumerate(colours):
            _outcome(axes, place, table.iloc[place], colour)
        column(axes, [bar_format(table["rate"])[0](rate) for rate in table["rate"]])
        axes.set_xlim(0, 1)
        style.percent_axis(axes.xaxis)
        axes.set_xlabel(f"of the {labels.contacts}")
        caption = (
            f"{capital(labels.contacts)} that {labels.verb} (full colour) and the others (pale) "
            f"under each {labels.treatment}: numbers, parts of all {labels.contacts}, and the rate."
        ) + left_out(
            len(treatments),
            f"levels of {labels.treatment}, with fewer {labels.contacts}",
            "margins.csv",
        )
        named = {"successes": labels.verb, "failures": "others"}
        spelt = spell(table[[*named]].rename(columns=named), integer)
        return render(figure, caption, f"{caption} {spelt}")


def _outcome(axes: Axes, place: int, row: pd.Series[float], colour: str) -> None:
    """One row of successes and failures as parts of the whole."""
    rate = float(row["rate"])
    axes.barh(place, rate, 0.64, color=colour)
    axes.barh(place, 1 - rate, 0.64, left=rate, color=colour, alpha=0.2)
    if rate > NARROW:
        inside(axes, rate / 2, place, integer(row["successes"]), PAPER)
    if 1 - rate > NARROW:
        inside(axes, (1 + rate) / 2, place, integer(row["failures"]), INK)
