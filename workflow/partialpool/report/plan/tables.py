"""Tables of a plan: calls by the number of contacts, and by the number of looks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from partialpool.report.formats import Format, decimals, integer, percent
from partialpool.report.plan.text import points_of
from partialpool.report.table import Table
from partialpool.settings import Plan


def tabulate_sizes(plan: Plan, sizes: pd.DataFrame) -> Table:
    """What experiments of each size come to; in money too, where a value is stated.

    Args:
        plan: what is assumed.
        sizes: `plans.find_sizes`.
    """
    columns = {
        "right call": sizes["called_right"],
        "wrong call": sizes["called_wrong"],
        "false call": sizes["called_falsely"],
        "right arm ahead": sizes["best_ahead"],
    }
    formats: dict[Any, Format] = dict.fromkeys(columns, percent(1))
    money = f", {plan.currency}" if plan.currency else ""
    for name, title in (("gain", "brings"), ("cost", "costs"), ("net", "net")):
        if name in sizes:
            columns[f"{title}{money}"] = sizes[name]
            formats[f"{title}{money}"] = integer
    frame = pd.DataFrame(columns).set_index(
        sizes["contacts"].map(integer).rename("contacts for each arm")
    )
    errors = sizes[["called_right_se", "called_wrong_se", "called_falsely_se"]].to_numpy()
    return Table(
        frame,
        f"Simulated experiments with a lift of {points_of(plan.lift)} (right and wrong calls, and "
        "how often the right arm is ahead, called or not) and without any (false calls).",
        note=f"Standard errors of the shares of calls are up to {decimals(1)(100 * errors.max())} "
        "points.",
        formats=formats,
    )


def tabulate_looks(plan: Plan, looks: pd.DataFrame) -> Table:
    """What stopping at the first call comes to, look after look.

    Args:
        plan: what is assumed.
        looks: `looks.weigh_looks`.
    """
    columns = {
        "this look alone": looks["called_now"],
        "any look until here": looks["called_falsely"],
        "right": looks["called_right"],
        "wrong": looks["called_wrong"],
    }
    headers = [("false calls, by", name) for name in list(columns)[:2]]
    called = f"lift of {points_of(plan.lift)}, called by now"
    headers += [(called, name) for name in ("right", "wrong")]
    frame = pd.DataFrame(dict(zip(headers, columns.values(), strict=True)))
    frame.index = pd.Index(
        [f"{row} of {integer(n)}" for row, n in zip(looks["look"], looks["contacts"], strict=True)],
        name="look, after contacts for each arm",
    )
    return Table(
        frame,
        "Shares of simulated experiments that are looked at so often and stopped at the first "
        "call.",
        formats=dict.fromkeys(headers, percent(1)),
    )
