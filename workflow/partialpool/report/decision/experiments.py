"""What further contacts would be worth: a sentence, a curve, and where they would go."""

from __future__ import annotations

from math import floor, log10

import pandas as pd

from partialpool.decision.weighed import Weighed
from partialpool.report.colours import INK, SOFT
from partialpool.report.decision.money import assumption, money_format
from partialpool.report.drawing import Figure, render, style
from partialpool.report.formats import Format, decimals, integer, percent, supported
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.selection import SHOWN, left_out
from partialpool.report.table import Table

LITTLE = 1e-6
"""Of what is chosen for, per contact: an experiment that brings less is worth nothing."""
MUCH = 0.5
"""Of what knowing all rates would bring: an experiment that brings as much tells much."""
COARSEST = 0.1
"""Of shares: more would make most of them all or nothing."""
SURELY = 2.0
"""Monte Carlo standard errors from 0 within which it is not told on which side a number is."""
PER = 1000
"""Contacts that the worth of an experiment is told for."""


def tell_experiments(weighed: Weighed, labels: Labels) -> str:
    """Whether more contacts would pay, and how many; nothing where nothing is chosen."""
    table = weighed.tables["experiments"]
    if table.empty or not labels.chosen:
        return ""
    more = "more" if labels.good or weighed.in_money else "less"
    meaning = fill("decision/experiment", contacts=labels.many, more=more)
    if table["value"].max() <= LITTLE:
        return fill("decision/nothing_to_learn", contacts=labels.many)
    if table["net"].notna().any():
        best = table.iloc[int(table["net"].argmax())]
        show = supported(
            money_format(table["net"], weighed.facts["terms"]), _error(table, "brings")
        )
        if abs(best["net"]) <= SURELY * best["mcse"] * best["brings"] / best["value"]:
            return (
                "Whether an experiment of these sizes brings what it costs is closer than the "
                f"draws can tell. {meaning}"
            )
        if best["net"] <= 0:
            return f"No experiment of these sizes brings what it costs. {meaning}"
        return (
            f"Of the sizes below, {integer(best['contacts'])} further {labels.many} pay best: "
            f"after their cost they bring {show(best['net'])} over the campaign."
            f"{assumption(weighed.facts['terms'])} {meaning}"
        )
    most = table.iloc[-1]
    share = _of_perfect(table)(most["of_perfect"])
    return (
        f"{integer(most['contacts'])} further {labels.many} would bring "
        f"{_show(weighed)(PER * most['value'])} {_unit(weighed, labels)}, "
        f"{share} of what knowing all rates exactly would. {meaning}"
    )


def tabulate_experiments(weighed: Weighed, labels: Labels) -> Table | None:
    """Experiments of several sizes; None where nothing is chosen, or nothing to be learnt."""
    table = weighed.tables["experiments"]
    if table.empty or not labels.chosen or table["value"].max() <= LITTLE:
        return None
    worth = f"worth, {_unit(weighed, labels)}"
    frame = pd.DataFrame(
        {
            worth: (PER * table["value"]).to_numpy(),
            "the same, shared evenly": (PER * table["value_even"]).to_numpy(),
            "of knowing all": table["of_perfect"].to_numpy(),
        },
        index=pd.Index(list(map(integer, table["contacts"])), name=f"further {labels.contacts}"),
    )
    show = _show(weighed)
    formats: dict[str, Format] = {worth: show, "the same, shared evenly": show}
    formats["of knowing all"] = _of_perfect(table)
    if table["net"].notna().any():
        money = money_format([*table["brings"], *table["cost"]], weighed.facts["terms"])
        rounded = supported(money, _error(table, "brings"))
        for name, column, of in (
            ("brings", "brings", rounded),
            ("costs", "cost", money),
            ("net", "net", rounded),
        ):
            frame[name] = table[column].to_numpy()
            formats[name] = of
    note = "Numbers have the digits that the largest Monte Carlo standard error supports."
    note += assumption(weighed.facts["terms"]) if weighed.in_money else ""
    caption = f"What further {labels.contacts} would be worth."
    return Table(frame, caption, note=note, formats=formats, first=(worth, "net"))


def tabulate_allocation(weighed: Weighed, labels: Labels) -> Table | None:
    """Where the contacts of one experiment would go; None where that would teach nothing."""
    table, size = weighed.tables["allocations"], _size(weighed)
    if size is None or not labels.chosen:
        return None
    chosen = table[table["experiment"] == size]
    wide = chosen.pivot(index="within", columns="treatment", values="contacts")
    arms = [arm for arm in labels.factors[labels.treatment] if arm in wide]
    order = wide.sum(axis=1).sort_values(ascending=False, kind="stable").index[:SHOWN]
    frame = wide.loc[order, arms].astype(int)
    frame.index = pd.Index([place or "all" for place in order], name=labels.within or "")
    more = left_out(len(wide), f"levels of {labels.within}", "decision/allocations.csv")
    return Table(
        frame,
        f"Where {integer(size)} further {labels.contacts} would teach most.",
        note=more.strip(),
    )


def draw_experiments(weighed: Weighed, labels: Labels) -> Figure | None:
    """The worth of further contacts as a curve, and what they cost beside it."""
    table = weighed.tables["experiments"]
    if _size(weighed) is None or not labels.chosen or len(table) < 2:
        return None
    priced = bool(table["net"].notna().any())
    worth = table["brings"] if priced else PER * table["value"]
    show = money_format(worth, weighed.facts["terms"]) if priced else _show(weighed)
    with style.canvas("column", 2.6) as figure:
        axes = figure.subplots()
        axes.plot(table["contacts"], worth, "o-", color=INK)
        if priced:
            axes.plot(table["contacts"], table["cost"], "--", color=SOFT)
            end = table.iloc[-1]
            axes.annotate("cost", (float(end["contacts"]), float(end["cost"])), color=SOFT)
        axes.set_xlabel(f"further {labels.contacts}")
        axes.set_ylabel("brings over the campaign" if priced else _unit(weighed, labels))
        axes.xaxis.set_major_formatter(lambda value, _: integer(value))
        axes.set_ylim(bottom=0)
        told = [f"{integer(n)} {show(w)}" for n, w in zip(table["contacts"], worth, strict=True)]
        what = f"further {labels.contacts}"
        caption = f"What {what} would be worth, where they teach most."
        return render(figure, caption, f"Worth by {what}: {'; '.join(told)}.")


def _size(weighed: Weighed) -> int | None:
    """The size of the experiment that is told of: the best, or the smallest that tells much."""
    table = weighed.tables["experiments"]
    if table.empty or table["value"].max() <= LITTLE:
        return None
    if table["net"].notna().any():
        return int(table["contacts"].iloc[int(table["net"].argmax())])
    enough = table["of_perfect"] >= MUCH
    return int(table["contacts"].iloc[int(enough.argmax()) if enough.any() else -1])


def _unit(weighed: Weighed, labels: Labels) -> str:
    what = "money" if weighed.in_money else labels.vocabulary.worth
    return f"{what} per {integer(PER)} {labels.contacts}"


def _show(weighed: Weighed) -> Format:
    """How the worth per `PER` contacts is written."""
    table = weighed.tables["experiments"]
    worth = PER * table["value"]
    error = PER * float(table["mcse"].max())
    if weighed.in_money:
        return supported(money_format(worth, weighed.facts["terms"]), error)
    largest = float(worth.max())
    show = decimals(2 if largest <= 0 else max(1, 1 - floor(log10(largest))))
    return supported(show, error)


def _of_perfect(table: pd.DataFrame) -> Format:
    """How shares of what knowing all would bring are written: in tens of percent at least."""
    return supported(percent(), min(_error(table, "of_perfect"), COARSEST))


def _error(table: pd.DataFrame, column: str) -> float:
    """The largest Monte Carlo standard error of what is a multiple of the value."""
    known = table[table["value"] > 0]
    return float((known["mcse"] * known[column] / known["value"]).max()) if len(known) else 0.0
