"""Tables of recovery: calls, coverage and width by the size of the campaign."""

from __future__ import annotations

from typing import Any

import pandas as pd

from partialpool.report.formats import Format, decimals, integer, percent
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out, select_largest
from partialpool.report.table import Table


def tabulate_lifts(lifts: pd.DataFrame, labels: Labels, model: str) -> Table:
    """Calls, coverage and width for each lift and size.

    Args:
        lifts: `text.summarise_lifts`, of one treatment.
        labels: the words of the analysis.
        model: its name.
    """
    what, calls = labels.vocabulary.lift, labels.vocabulary.calls
    named = lifts.assign(lift=[f"{100 * lift:g} points" for lift in lifts["lift"]])
    frame = pd.DataFrame(
        {
            "contacts": named["contacts"],
            "campaigns": named["replicates"],
            f"called {calls['gain']}": named["gain"],
            f"called {calls['loss']}": named["loss"],
            "interval holds it": named["covered"],
            "± ": named["covered_se"],
            "width, points": 100 * named["width"],
        }
    ).set_index(named["lift"].rename(what))
    shares = [*frame.columns[2:5]]
    formats: dict[Any, Format] = {
        **dict.fromkeys(shares, percent()),
        "± ": percent(),
        "width, points": decimals(1),
    }
    frame = frame.assign(contacts=frame["contacts"].map(integer))
    frame = frame.set_index("contacts", append=True).rename_axis([what, labels.contacts])
    return Table(
        frame,
        f"Simulated campaigns, {model} model: how often the {what} is called, how often its "
        f"{labels.percent_interval} interval holds the true one (± one standard error), and how "
        "wide the interval is.",
        formats=formats,
    )


def tabulate_coverage(coverage: pd.DataFrame, labels: Labels, model: str) -> Table:
    """Coverage and width of the parameters' intervals by size; those farthest off if many.

    Args:
        coverage: `text.summarise_coverage`.
        labels: the words of the analysis.
        model: its name.
    """
    covered = coverage.pivot(index="parameter", columns="contacts", values="covered")
    width = coverage.pivot(index="parameter", columns="contacts", values="width")
    order = list(dict.fromkeys(coverage["parameter"]))
    off = (covered - labels.interval).abs().max(axis=1).loc[order]
    names = select_largest(off)
    parts = {}
    for title, table in (("interval holds it", covered), ("width", width)):
        for contacts in sorted(set(coverage["contacts"])):
            parts[title, f"{integer(contacts)} {labels.contacts}"] = table.loc[names, contacts]
    frame = pd.DataFrame(parts).rename_axis("parameter")
    formats: dict[Any, Format] = {
        column: percent() if column[0] != "width" else decimals(2) for column in frame.columns
    }
    error = percent()(float(coverage["covered_se"].max()))
    return Table(
        frame,
        f"How often the {labels.percent_interval} intervals of the {model} model’s parameters hold "
        f"the true value, and their mean widths on the {labels.scale(model)} scale, by "
        f"{labels.contacts}.",
        note=f"The largest Monte Carlo standard error of a share is {error}. A star stands for all "
        "levels together."
        + left_out(len(order), "parameters, nearer to what was asked", "coverage.csv", SHOWN),
        formats=formats,
    )
