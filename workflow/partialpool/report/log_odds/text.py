"""Sentences that explain the scale of the models with the data, and what priors say on it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from partialpool.decision.log_odds import EXAMPLE_ODDS, has_ratio, pick
from partialpool.model.prior_scales import EXTREME, LARGE_LIFT, PLAUSIBLE
from partialpool.report.counts import lift_format, odds_format, rate_format
from partialpool.report.formats import Format, decimals, percent, points
from partialpool.report.labels import Labels
from partialpool.report.log_odds.priors import share
from partialpool.report.prose import fill
from partialpool.report.text import MOST_NAMED, capital, listed, plain, sentence
from partialpool.report.treatment import under

NO_RATIO = "odds of 0 divide nothing, and odds of all {contacts} have no bound"
DOUBLE = 2.0
"""From this ratio on, a change is said as times, below it as percent."""


def sum_up() -> str:
    """What the section on the scale of the models is for."""
    return "how counts become coefficients, and what the priors say"


def explain_odds(labels: Labels) -> str:
    """What odds and log-odds are, by an example."""
    odds, show = f"{EXAMPLE_ODDS:g}", decimals(2)
    rate, log_odds = EXAMPLE_ODDS / (1 + EXAMPLE_ODDS), np.log(EXAMPLE_ODDS)
    return fill(
        "log_odds/odds",
        odds=odds,
        contacts=labels.many,
        verb=plain(labels.verb),
        rate=percent()(rate),
        log_odds=show(log_odds),
        even=decimals(0)(0),
        other_rate=percent()(1 - rate),
        other_log_odds=show(-log_odds),
    )


def explain_links(labels: Labels) -> str:
    """Which models work on another scale than log-odds; nothing where none does."""
    others: dict[str, list[str]] = {}
    for model in labels.models:
        if not labels.is_log_odds(model):
            others.setdefault(labels.scale(model), []).append(plain(model))
    said = [
        f"The {listed(models)} {'model works' if len(models) == 1 else 'models work'} on the "
        f"{scale} scale instead."
        for scale, models in others.items()
    ]
    if not said:
        return ""
    return (
        f"{' '.join(said)} Their coefficients are no log-odds; where log-odds and odds ratios of "
        "theirs are shown, they come from their rates, draw by draw."
    )


def explain_bridge(table: pd.DataFrame, labels: Labels) -> str:
    """From the rates to the odds ratio, in the counts and, where there is one, in the fit."""
    if labels.ranked:
        return ""
    said = [_odds(table, labels.reference, labels)]
    for treatment in labels.treatments[:MOST_NAMED]:
        said += [_odds(table, treatment, labels), _ratio(table, treatment, labels)]
    return " ".join(said)


def _ratio(table: pd.DataFrame, treatment: str, labels: Labels) -> str:
    """The odds ratio in the counts, where they have one, and in the fit."""
    change = f"the odds are {_times(pick(table, treatment, 'odds_ratio'))} "
    bold, fit = (
        f"**{sentence(change + under(labels, treatment))}**",
        _in_fit(table, treatment, labels),
    )
    if has_ratio(table, treatment, labels.reference):
        counted = odds_format(pick(table, treatment, "odds_ratio", "counts"))
        joined = f" and of {fit}" if fit else ""
        return f"{bold} That is an odds ratio of {counted} in the counts{joined}."
    if not fit:
        return f"**No odds ratio can be had from the counts**: {_no_ratio(labels)}."
    return (
        f"{bold} That is an odds ratio of {fit}; the counts alone have none: {_no_ratio(labels)}."
    )


def warn_of_ratios(table: pd.DataFrame, labels: Labels) -> str:
    """How far an odds ratio is from a ratio of rates, in these data."""
    if labels.ranked:
        return ""
    reference, show = labels.reference, rates_of(table)
    move = lift_format(table.loc[table["quantity"] == "rate", "counts"])
    start = "" if table["median"].isna().all() else "by the pooled model, "
    said = []
    for treatment in labels.treatments[:MOST_NAMED]:
        ratio, relative = (pick(table, treatment, q) for q in ("odds_ratio", "relative_rate"))
        before, after = pick(table, reference, "rate"), pick(table, treatment, "rate")
        where = capital(start + under(labels, treatment))
        if not start and not has_ratio(table, treatment, reference):
            said.append(
                f"{where} the rate is {show(after)} against {show(before)}, "
                f"{move(pick(table, treatment, 'lift'))} points; an odds ratio cannot be had from "
                f"the counts: {_no_ratio(labels)}."
            )
            continue
        said.append(
            f"{where} the odds are {_times(ratio)}, the rate is "
            f"{_times(relative)}: {show(after)} against {show(before)}, "
            f"{move(pick(table, treatment, 'lift'))} points."
        )
    return " ".join(said)


def rates_of(table: pd.DataFrame) -> Format:
    """How the rates of a bridge are written."""
    return rate_format(table.loc[table["quantity"] == "rate", "counts"])


def spell_rates(table: pd.DataFrame, labels: Labels) -> str:
    """The marks on the curve from log-odds to rates, for its alternative text."""
    said = []
    for treatment in labels.factors[labels.treatment]:
        for source, name in (("counts", "counts"), ("median", "pooled model")):
            log_odds = pick(table, treatment, "log_odds", source)
            if source == "counts" or not np.isnan(log_odds):
                rate = rates_of(table)(pick(table, treatment, "rate", source))
                said.append(f"{treatment}, {name}: {decimals(2)(log_odds)} is {rate}")
    return "; ".join(said) + "."


def spell_priors(rows: pd.DataFrame, scale: str, labels: Labels) -> str:
    """Intervals and masses of the priors on one scale, for an alternative text."""
    show = {"log_odds": decimals(1), "rate": share, "lift": points()}[scale]
    mass = {
        "log_odds": f"within {PLAUSIBLE:g} of 0",
        "rate": f"below {percent()(EXTREME)} or above {percent()(1 - EXTREME)}",
        "lift": f"beyond {decimals(0)(100 * LARGE_LIFT)} points",
    }[scale]
    return " ".join(
        f"{row['prior']}: {labels.percent_interval} from {show(row['lower'])} to "
        f"{show(row['upper'])}, {share(row['mass'])} {mass}."
        for _, row in rows.iterrows()
    )


def _odds(table: pd.DataFrame, treatment: str, labels: Labels) -> str:
    odds, log_odds = (pick(table, treatment, q, "counts") for q in ("odds", "log_odds"))
    rate = rates_of(table)(pick(table, treatment, "rate", "counts"))
    if not np.isfinite(log_odds):
        who, has = ("none", "odds of 0 to 1") if odds == 0 else ("all", "odds above every number")
        return (
            f"{capital(under(labels, treatment))}, {who} of the {labels.many} {plain(labels.verb)}"
            f": {has}, which have no finite logarithm."
        )
    return (
        f"{capital(under(labels, treatment))}, {rate} of the {labels.many} {plain(labels.verb)}: "
        f"odds of {odds_format(odds)} to 1, log-odds of {decimals(2)(log_odds)}."
    )


def _no_ratio(labels: Labels) -> str:
    return NO_RATIO.format(contacts=labels.many)


def _times(ratio: float) -> str:
    """A ratio as people say it: 47% higher, 20% lower, 6.1 times as high."""
    if ratio >= DOUBLE:
        return f"{decimals(1)(ratio)} times as high"
    change = percent()(abs(ratio - 1))
    return f"{change} {'higher' if ratio >= 1 else 'lower'}"


def _in_fit(table: pd.DataFrame, treatment: str, labels: Labels) -> str:
    row = table[(table["treatment"] == treatment) & (table["quantity"] == "odds_ratio")].iloc[0]
    if np.isnan(row["median"]):
        return ""
    show = odds_format
    return (
        f"{show(row['median'])} in the pooled model ({labels.percent_interval} interval "
        f"{show(row['lower'])} to {show(row['upper'])})"
    )
