"""What arms bring in money: sentences and a table, marked where the amounts are assumed."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10
from typing import Any

import pandas as pd

from partialpool.decision.weighed import Weighed
from partialpool.report.decision.advice import name_overall
from partialpool.report.formats import Format, chance, decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.selection import SHOWN, left_out
from partialpool.report.table import Table
from partialpool.report.text import capital, plain, words

Terms = Mapping[str, Any]
"""What arms were weighed by (`weighing.Weighed.facts`)."""
ASSUMED = "assumed"
WHOLE = 1000.0
"""Amounts from here on have no decimals."""


def amount(value: float, terms: Terms) -> str:
    """An amount of money with its currency, `−€1.25`."""
    return money_format([value], terms)(value)


def money_format(values: Any, terms: Terms) -> Format:
    """Amounts with enough decimals for the largest of some: two digits at least."""
    largest = max((abs(v) for v in values if v == v), default=0.0)
    places = 0 if largest >= WHOLE or largest == 0 else max(2, 1 - floor(log10(largest)))
    show: Format = integer if largest >= WHOLE else decimals(places)
    currency = plain(str(terms.get("currency", "")))

    def write(value: float) -> str:
        shown = show(abs(value))
        negative = value < 0 and shown.strip("0.") != ""
        return f"{'−' if negative else ''}{currency}{shown}"

    return write


def tell_profit(weighed: Weighed, labels: Labels) -> str:
    """What choosing by place brings against one arm for all; nothing without a value."""
    policy, terms = weighed.facts["policy"], weighed.facts["terms"]
    if policy is None:
        return ""
    one, gain = policy["one"], policy["gain"]
    campaign = terms["campaign"]
    per = f"over {integer(campaign)} {labels.many}" if campaign else f"per {labels.one}"
    times = campaign or 1
    shown = [one["profit"]["mean"] * times, gain["mean"] * times]
    show = money_format(shown, terms)
    ends = [show(one["profit"][end] * times) for end in ("lower", "upper")]
    brings, more = ("brings", "brings {} more") if labels.good else ("costs", "saves {}")
    if not labels.good:
        shown[0], ends = -shown[0], [show(-one["profit"][e] * times) for e in ("upper", "lower")]
    said = (
        f"{capital(labels.treat(one['treatment']))} for all {brings} {show(shown[0])} {per} "
        f"({labels.percent_interval} interval {ends[0]} to {ends[1]})"
    )
    if labels.places and gain["mean"] * times > 0 and show(shown[1]).strip("0.") != "":
        within = words(str(labels.within))
        reach = " to ".join(show(gain[end] * times) for end in ("lower", "upper"))
        said += f"; the best for each {within} {more.format(show(shown[1]))} ({reach})"
    return f"{said}.{assumption(terms)}"


def bring(profit: Any, labels: Labels) -> Any:
    """A profit as it is told: where a success is unwelcome, as the cost that it is."""
    return profit if labels.good else 0.0 - profit


def name_profit(labels: Labels) -> str:
    """What a profit is called: where a success is unwelcome, the cost that it is."""
    return "profit" if labels.good else "cost"


def assumption(terms: Terms) -> str:
    """Said wherever amounts tell that nobody has confirmed."""
    if not terms.get("illustrative"):
        return ""
    return " Values and costs are assumptions, not data."


def tabulate_money(weighed: Weighed, labels: Labels) -> Table | None:
    """Profit per contact of every arm in every place, or its cost; None without a value."""
    table, terms = weighed.tables["money"], weighed.facts["terms"]
    if table.empty:
        return None
    shown = list(dict.fromkeys(table["within"]))[-SHOWN:]
    rows = table[table["within"].isin(shown)]
    show = money_format([*rows["lower"], *rows["upper"]], terms)
    low = f"{labels.percent_interval} from"
    vocabulary, ends = labels.vocabulary, ("lower", "upper") if labels.good else ("upper", "lower")
    columns: dict[str, tuple[str, Format]] = {
        f"{name_profit(labels)} per {labels.contact}": ("mean", show),
        low: (ends[0], show),
        "to": (ends[1], show),
        f"probability that it {vocabulary.pays}": ("best", chance),
        f"risk per {labels.contact}": ("loss", money_format(rows["loss"], terms)),
    }
    if terms["campaign"]:
        columns["over the campaign"] = ("campaign", money_format(rows["campaign"], terms))
    turned = rows.assign(**{of: bring(rows[of], labels) for of in (*ends, "mean", "campaign")})
    frame = pd.DataFrame({name: turned[of].to_numpy() for name, (of, _) in columns.items()})
    frame.index = _name_rows(rows, labels)
    places = table["within"].nunique() - 1
    more = left_out(places, f"levels of {labels.within}", "decision/money.csv", SHOWN - 1)
    return Table(
        frame,
        "What every arm brings, after its cost."
        if labels.good
        else "What every arm costs, with what its successes cost.",
        note=f"Risk per {labels.contact}: {vocabulary.risk_in_money_of}{assumption(terms)}{more}",
        formats={name: show for name, (_, show) in columns.items()},
        first=[name for name, (of, _) in columns.items() if of in ("mean", "best")],
    )


def _name_rows(rows: pd.DataFrame, labels: Labels) -> Any:
    """The places and arms of rows, or their arms alone."""
    if not labels.places:
        return pd.Index(list(rows["treatment"]), name=labels.treatment)
    places = [row or name_overall(labels) for row in rows["within"]]
    return pd.MultiIndex.from_arrays(
        [places, list(rows["treatment"])], names=[labels.within, labels.treatment]
    )
