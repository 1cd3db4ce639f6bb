"""The choice at a glance, and all arms in all places: tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from partialpool.cells.question import ALL
from partialpool.decision.weighed import Weighed
from partialpool.report.counts import lift_format, rate_format
from partialpool.report.decision.advice import name_overall
from partialpool.report.decision.choices import shortfall
from partialpool.report.decision.money import assumption, bring, money_format, name_profit
from partialpool.report.formats import Format, chance, decimals, percent
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out, select_largest
from partialpool.report.table import NONE, Table, Told

Shown = Told | str
AHEAD = ("ahead by, points", "relative lift"), ("difference, points", "relative difference")
"""Columns of how far an arm is ahead of the next, where more is better and where less is."""
FIRST_SHOWN = 8
"""Rows of the table that stands with the answer."""


def tabulate_choices(weighed: Weighed, labels: Labels) -> Table:
    """The choice at a glance: the best arm of each place; without places every arm, best first."""
    return _by_place(weighed, labels) if labels.places else _by_arm(weighed, labels)


def tabulate_arms(weighed: Weighed, labels: Labels) -> Table:
    """Every arm in every place: its rate, its chance to be best, its rank and risk."""
    arms = weighed.tables["arms"]
    places = [*shown_places(weighed, max(1, SHOWN // arms["treatment"].nunique())), ALL]
    rows = arms.set_index("within").loc[places].reset_index()
    low, rates = f"{labels.percent_interval} from", rate_format(rows["mean"])
    frame = pd.DataFrame(
        {
            "rate": rows["mean"].to_numpy(),
            low: rows["lower"].to_numpy(),
            "to": rows["upper"].to_numpy(),
            labels.vocabulary.is_best_column: rows["best"].to_numpy(),
            "expected rank": rows["expected_rank"].to_numpy(),
            "risk per 1,000": (1000 * rows["loss"]).to_numpy(),
        },
        index=_index(rows, labels),
    )
    more = left_out(
        len(weighed.places), f"levels of {labels.within}", "decision/arms.csv", len(places) - 1
    )
    risk = labels.vocabulary.risk_per.format(contacts=labels.contacts)
    return Table(
        frame,
        "Every arm: its rate and how it stands among the others.",
        note=f"Rank: 1 is best. Risk: {risk}{more}",
        formats={
            **dict.fromkeys(("rate", low, "to"), rates),
            labels.vocabulary.is_best_column: chance,
            "expected rank": decimals(1),
            "risk per 1,000": decimals(2),
        },
        first=("rate", labels.vocabulary.is_best_column),
    )


def _by_place(weighed: Weighed, labels: Labels) -> Table:
    places = [*shown_places(weighed, FIRST_SHOWN - 1), ALL]
    rates = weighed.tables["arms"]["mean"].tolist()
    rows = []
    for place in places:
        row = weighed.of(place)
        told = {
            (labels.vocabulary.pays if weighed.in_money else "best"): row["leader"]
            or "not told apart",
            "probability": Told(chance(row["best"]), row["best"]),
            **_ahead(weighed, place, row["leader"], rates, labels),
        }
        rows.append(
            told
            | _risk(weighed, row, labels, rates)
            | _profit(weighed, place, row["leader"], labels)
        )
    names = [place or name_overall(labels) for place in places]
    more = left_out(
        len(weighed.places), f"levels of {labels.within}", "decision/arms.csv", FIRST_SHOWN - 1
    )
    return Table(
        pd.DataFrame(rows, index=pd.Index(names, name=labels.within)),
        "The best of each, how probably it is, and its "
        f"{'lift over' if labels.good else 'difference from'} the one that is next.",
        note=_note(weighed, labels) + more,
        totals=(name_overall(labels),),
        colours=labels.place_colours,
        first=(labels.vocabulary.pays, "best", "probability", AHEAD[not labels.good][0]),
    )


def _by_arm(weighed: Weighed, labels: Labels) -> Table:
    arms = weighed.tables["arms"]
    shown = arms.sort_values("expected_rank", kind="stable")[:FIRST_SHOWN]
    rates = arms["mean"].tolist()
    rows = [
        {
            "rate": Told(rate_format(rates)(row["mean"]), row["mean"]),
            labels.vocabulary.is_best_column: Told(chance(row["best"]), row["best"]),
            **_over(weighed, row["treatment"], labels, rates),
            **({"risk": _short(row["loss"], rates)} if labels.chosen else {}),
            **_profit(weighed, ALL, row["treatment"], labels),
        }
        for row in shown.to_dict("records")
    ]
    more = left_out(len(arms), f"levels of {labels.treatment}", "decision/arms.csv", FIRST_SHOWN)
    return Table(
        pd.DataFrame(rows, index=pd.Index(list(shown["treatment"]), name=labels.treatment)),
        "Every arm, the best first.",
        note=_note(weighed, labels) + more,
        first=(labels.vocabulary.is_best_column, _lift_columns(labels.reference, labels)[0]),
    )


def _note(weighed: Weighed, labels: Labels) -> str:
    vocabulary = labels.vocabulary
    risk = vocabulary.risk_in_money_of if weighed.in_money else vocabulary.risk_of
    money = assumption(weighed.facts["terms"]) if weighed.in_money else ""
    return f"Risk: {risk}{money}" if labels.chosen else money.strip()


def _ahead(
    weighed: Weighed, place: str, leader: str | None, rates: Sequence[float], labels: Labels
) -> dict[str, Shown]:
    """How far the leader is ahead of the arm that is next, in points and relative to it."""
    arms = weighed.tables["arms"]
    here = arms[(arms["within"] == place) & (arms["treatment"] != leader)]
    names = AHEAD[not labels.good]
    if leader is None:
        return dict.fromkeys(names, NONE)
    following = str(here.sort_values("expected_rank", kind="stable")["treatment"].iloc[0])
    return dict(zip(names, _lifts(weighed, place, leader, following, rates), strict=True))


def _lift_columns(other: str, labels: Labels) -> tuple[str, str]:
    """What tables call the lift over an arm, which is below 0 where less is better."""
    if labels.good:
        return f"lift over {other}, points", "relative lift"
    return f"difference from {other}, points", "relative difference"


def _over(weighed: Weighed, arm: str, labels: Labels, rates: Sequence[float]) -> dict[str, Shown]:
    other = labels.reference
    names = _lift_columns(other, labels)
    shown: tuple[Shown, Shown] = (
        (NONE, NONE) if arm == other else _lifts(weighed, ALL, arm, other, rates)
    )
    return dict(zip(names, shown, strict=True))


def _lifts(
    weighed: Weighed, place: str, arm: str, other: str, rates: Sequence[float]
) -> tuple[Shown, Shown]:
    lift = weighed.lift(place, arm, other)
    if lift is None:
        return NONE, NONE
    arms = weighed.tables["arms"]
    here = arms[arms["within"] == place].set_index("treatment")["mean"]
    base = here[other] if other in here.index else here[arm] - lift["mean"]
    points = Told(lift_format(rates)(lift["mean"]), 100 * lift["mean"])
    relative = lift["mean"] / base if base else float("nan")
    return points, Told(percent(0)(relative), relative) if relative == relative else NONE


def _risk(
    weighed: Weighed, row: dict[str, Any], labels: Labels, rates: Sequence[float]
) -> dict[str, Shown]:
    if not labels.chosen:
        return {}
    if row["leader"] is None:
        return {"risk": NONE}
    if weighed.in_money:
        show = money_format([row["loss"]], weighed.facts["terms"])
        return {"risk": Told(show(row["loss"]), row["loss"])}
    return {"risk": _short(row["loss"], rates)}


def _short(loss: float, rates: Sequence[float]) -> Told:
    return Told(shortfall(loss, rates), 100 * loss)


def _profit(weighed: Weighed, place: str, arm: str | None, labels: Labels) -> dict[str, Shown]:
    """The profit per contact of an arm, or what it costs, where amounts are known."""
    if not weighed.in_money:
        return {}
    money = weighed.tables["money"]
    show: Format = money_format(money["mean"], weighed.facts["terms"])
    row = money[(money["within"] == place) & (money["treatment"] == arm)]
    kind = f"{name_profit(labels)} per {labels.contact}" + (
        ", assumed" if weighed.facts["terms"]["illustrative"] else ""
    )
    if row.empty:
        return {kind: NONE}
    value = bring(row["mean"].iloc[0], labels)
    return {kind: Told(show(value), value)}


def lead_overall(weighed: Weighed) -> str:
    """The arm that leads over all contacts; nothing where none does, or no model answers."""
    leaders = [row["leader"] for row in weighed.facts["advice"] if row["within"] == ALL]
    return leaders[0] or "" if leaders else ""


def shown_places(weighed: Weighed, most: int) -> list[str]:
    """The places whose arms are the farthest apart, in their own order."""
    rates = weighed.tables["arms"].groupby("within", sort=False)["mean"]
    return select_largest((rates.max() - rates.min()).drop(ALL), most)


def _index(rows: pd.DataFrame, labels: Labels) -> Any:
    arms = list(rows["treatment"])
    if not labels.places:
        return pd.Index(arms, name=labels.treatment)
    places = [place or name_overall(labels) for place in rows["within"]]
    return pd.MultiIndex.from_arrays([places, arms], names=[labels.within, labels.treatment])
