"""Pictures of what pooling does: the offers inside each level, and where each was made."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partialpool.cells.question import ALL
from partialpool.report.colours import SOFT
from partialpool.report.counts import (
    lift_format,
    margin,
    more_places,
    raw_lifts,
    shown_places,
    spread,
)
from partialpool.report.drawing import Figure, render
from partialpool.report.drawing.rows import (
    bar_format,
    beside,
    column,
    dots,
    fills,
    rate_axis,
    rows,
    spell,
)
from partialpool.report.formats import Format
from partialpool.report.labels import Labels

POOLED = "all pooled"
MOST_BARS = 36
"""More bars than this in one picture become dots."""


def draw_lifts(crossing: pd.DataFrame, margins: pd.DataFrame, labels: Labels) -> Figure | None:
    """The observed rate under each treatment inside each level of `within`, and pooled."""
    if labels.within is None:
        return None
    shown = shown_places(crossing, labels)
    pooled = margin(margins, labels.treatment)["rate"].to_frame(POOLED).T
    rates = pd.concat([spread(crossing, "rate", labels).loc[shown], pooled])
    rates = rates[list(labels.factors[labels.treatment])]
    show, places = bar_format(rates.to_numpy().ravel())
    caption = (
        f"Observed rate under each {labels.treatment}, inside each level of {labels.within} and "
        f"(shaded) with all {labels.contacts} pooled.{more_places(labels)}"
    )
    spelt = f"{caption} {spell(rates, show)}"
    with rows(rates.index, labels) as (figure, axes):
        last = len(rates) - 1
        axes.axhspan(last - 0.5, last + 0.5, color=SOFT, alpha=0.13, linewidth=0)
        dots(axes, rates, labels)
        if len(rates.columns) == 2:
            lifts = raw_lifts(crossing, margins, labels).loc[[*shown, ALL]]
            move = lift_format(margins["rate"])
            column(axes, ["" if np.isnan(v) else move(v) for v in lifts.iloc[:, 0]])
            caption += " At the right the difference in points."
            named = lifts.set_axis(["rate"], axis=1).rename(index={ALL: POOLED})
            spelt += f" Differences in points: {spell(named, move)}"
        axes.set_xlim(0, min(1.02, 1.08 * max(float(np.nanmax(rates.to_numpy())), 1e-9)))
        rate_axis(axes, places)
        axes.set_xlabel(f"{labels.contacts} that {labels.verb}")
        return render(figure, caption, spelt)


def draw_mix(crossing: pd.DataFrame, labels: Labels) -> Figure | None:
    """Where each treatment's contacts were: their shares by level of `within`."""
    if labels.within is None:
        return None
    shares = (
        spread(crossing, "share_of_contacts", labels).loc[shown_places(crossing, labels)].fillna(0)
    )
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
        axes.set_xlabel(f"of the {labels.contacts} under each {labels.treatment}")
        caption = (
            f"How the {labels.contacts} under each {labels.treatment} spread over {labels.within}."
            + more_places(labels)
        )
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
