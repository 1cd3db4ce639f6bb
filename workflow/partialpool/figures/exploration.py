"""Pictures of the counts, before any model: how many, at which rate, under which treatment.

Every picture has a row for each level, so that any number of levels with names of any length
stays readable on a phone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partialpool.effects import ALL
from partialpool.figures import Figure, render, style
from partialpool.figures.colours import INK, PAPER, SOFT
from partialpool.figures.rows import (
    NARROW,
    bar_format,
    beside,
    column,
    dots,
    fills,
    inside,
    rate_axis,
    rows,
    spell,
    stack,
)
from partialpool.formats import Format, integer, percent
from partialpool.wording.counts import lift_format, margin, raw_lifts, spread
from partialpool.wording.phrases import Labels, sentence

POOLED = "all pooled"
MOST_BARS = 36
"""More bars than this in one picture become dots."""


def draw_successes(crossing: pd.DataFrame, labels: Labels) -> Figure:
    """Successes by level of `within`, stacked by treatment, with their totals."""
    counts = spread(crossing, "successes", labels).fillna(0)
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
        spelt = spell(counts.assign(total=totals), integer)
        return render(figure, sentence(stacked), f"{sentence(stacked)} {spelt}")


def draw_rates(margins: pd.DataFrame, labels: Labels) -> Figure:
    """The rate in each level of `within`, with the counts behind it."""
    table = margin(margins, labels.within)
    rates, (show, places) = table["rate"], bar_format(table["rate"])
    with rows(table.index, labels, legend=False) as (figure, axes):
        colours = [labels.palette.level(labels.within, str(level)) for level in table.index]
        axes.barh(range(len(rates)), rates, 0.64, color=colours)
        for place, rate in enumerate(rates):
            beside(axes, rate, place, show(rate))
        counts = zip(table["successes"], table["trials"], strict=True)
        column(axes, [f"{integer(of)} of {integer(all_)}" for of, all_ in counts])
        axes.set_xlim(0, 1.2 * max(float(rates.max()), 1e-9))
        rate_axis(axes, places)
        axes.set_xlabel(f"contacts that {labels.verb}")
        caption = f"Share of contacts that {labels.verb}, by {labels.within}, with their numbers."
        return render(figure, caption, f"{caption} {spell(table[['rate']], show)}")


def draw_shares(crossing: pd.DataFrame, labels: Labels) -> Figure:
    """What part of each level's successes had each treatment."""
    shares = spread(crossing, "share_of_successes", labels)
    with rows(shares.index, labels) as (figure, axes):
        stack(axes, shares.fillna(0), labels, percent(), 1)
        for place, none in enumerate(shares.isna().all(axis=1)):
            if none:
                beside(axes, 0, place, f"no {labels.noun}", weight=400)
        axes.set_xlim(0, 1)
        style.percent_axis(axes.xaxis)
        axes.set_xlabel(f"of all {labels.noun} of the {labels.within}")
        caption = f"Share of each {labels.within}’s {labels.noun} under each {labels.treatment}."
        return render(figure, caption, f"{caption} {spell(shares, percent())}")


def draw_outcomes(margins: pd.DataFrame, labels: Labels) -> Figure:
    """Successes (full colour) and failures (pale) under each treatment and in all contacts."""
    treatments = margin(margins, labels.treatment).loc[list(labels.factors[labels.treatment])]
    table = pd.concat([treatments, margin(margins, ALL).set_axis(["all contacts"])])
    colours = [*labels.palette.levels(labels.treatment).values(), INK]
    with rows(table.index, labels, legend=False) as (figure, axes):
        for place, colour in enumerate(colours):
            _outcome(axes, place, table.iloc[place], colour)
        column(axes, [bar_format(table["rate"])[0](rate) for rate in table["rate"]])
        axes.set_xlim(0, 1)
        style.percent_axis(axes.xaxis)
        axes.set_xlabel("of the contacts")
        caption = (
            f"Contacts that {labels.verb} (full colour) and that did not (pale) under each "
            f"{labels.treatment}: numbers, parts of all contacts, and the rate."
        )
        named = {"successes": labels.verb, "failures": "did not"}
        spelt = spell(table[[*named]].rename(columns=named), integer)
        return render(figure, caption, f"{caption} {spelt}")


def draw_lifts(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> Figure:
    """The observed rate under each treatment inside each level of `within`, and pooled."""
    rates = spread(crossing, "rate", labels)
    rates.loc[POOLED] = margin(margins, labels.treatment)["rate"]
    show, places = bar_format(rates.to_numpy().ravel())
    caption = (
        f"Observed rate under each {labels.treatment}, inside each {labels.within} and (shaded) "
        "with all contacts pooled."
    )
    spelt = f"{caption} {spell(rates, show)}"
    with rows(rates.index, labels) as (figure, axes):
        last = len(rates) - 1
        axes.axhspan(last - 0.5, last + 0.5, color=SOFT, alpha=0.13, linewidth=0)
        dots(axes, rates, labels)
        if len(rates.columns) == 2:
            lifts, move = raw_lifts(crossing, margins, labels), lift_format(margins["rate"])
            column(axes, ["" if np.isnan(v) else move(v) for v in lifts.iloc[:, 0]])
            caption += " At the right the difference in points."
            named = lifts.set_axis(["rate"], axis=1).rename(index={ALL: POOLED})
            spelt += f" Differences in points: {spell(named, move)}"
        axes.set_xlim(0, min(1.02, 1.08 * max(float(np.nanmax(rates.to_numpy())), 1e-9)))
        rate_axis(axes, places)
        axes.set_xlabel(f"contacts that {labels.verb}")
        return render(figure, caption, spelt)


def draw_mix(crossing: pd.DataFrame, labels: Labels) -> Figure:
    """Where each treatment's contacts were: their shares by level of `within`."""
    shares = spread(crossing, "share_of_contacts", labels).fillna(0)
    show, places = bar_format(shares.to_numpy().ravel())
    barred = shares.size <= MOST_BARS
    tall = max(1.0, 0.68 * len(shares.columns)) if barred else 1
    with rows(shares.index, labels, tall=tall) as (figure, axes):
        if barred:
            _grouped_bars(axes, shares, show, labels)
        else:
            dots(axes, shares, labels)
        axes.set_xlim(0, 1.16 * shares.to_numpy().max())
        rate_axis(axes, places)
        axes.set_xlabel(f"of the contacts under each {labels.treatment}")
        caption = f"How the contacts under each {labels.treatment} spread over {labels.within}."
        return render(figure, caption, f"{caption} {spell(shares, show)}")


def _grouped_bars(axes: Axes, table: pd.DataFrame, show: Format, labels: Labels) -> None:
    """A bar for each treatment in every row, numbered at its end."""
    count = len(table.columns)
    thick = 0.8 / count
    for turn, (treatment, (colour, shade)) in enumerate(fills(labels).items()):
        places = np.arange(len(table)) + (turn - (count - 1) / 2) * thick
        axes.barh(places, table[treatment], thick * 0.88, color=colour, alpha=shade)
        for place, value in zip(places, table[treatment], strict=True):
            beside(axes, value, place, show(value), weight=400)


def _outcome(axes: Axes, place: int, row: pd.Series[float], colour: str) -> None:
    """One row of successes and failures as parts of the whole."""
    rate = float(row["rate"])
    axes.barh(place, rate, 0.64, color=colour)
    axes.barh(place, 1 - rate, 0.64, left=rate, color=colour, alpha=0.2)
    if rate > NARROW:
        inside(axes, rate / 2, place, integer(row["successes"]), PAPER)
    if 1 - rate > NARROW:
        inside(axes, (1 + rate) / 2, place, integer(row["failures"]), INK)
