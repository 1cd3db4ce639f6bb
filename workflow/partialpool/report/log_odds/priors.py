"""Sentences about the priors of an analysis: what they say of rates and of lifts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.model.prior_scales import EXTREME, LARGE_LIFT, PLAUSIBLE, SCALES
from partialpool.report.counts import ends
from partialpool.report.formats import decimals, percent, points
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import listed, plain

LEAST = 0.001
OWN = {"intercept": "intercepts", "slope": "slopes"}


def describe_priors(summaries: pd.DataFrame, own: Mapping[str, Any], labels: Labels) -> str:
    """What the priors of this analysis say of an effect, a rate and a lift.

    Args:
        summaries: `prior_scales.summarise_priors`, which has no flat ones.
        own: the priors of the analysis, by class.
        labels: the words of the analysis.
    """
    rows = {(row["prior"], row["scale"]): row for _, row in summaries.iterrows()}
    said = []
    for prior in dict.fromkeys(own[kind] for kind in OWN):
        whose = [name for kind, name in OWN.items() if own[kind] == prior]
        if (prior, SCALES[0]) not in rows:
            said.append(
                f"This analysis puts a **flat** prior on {listed(whose)}, unless a model says "
                "otherwise: it holds no value to be more plausible than any other, however extreme."
            )
            continue
        said.append(_describe({s: rows[prior, s] for s in SCALES}, whose, labels))
    return " ".join(said)


def judge_priors(summaries: pd.DataFrame, labels: Labels) -> str:
    """Which of the priors put much of their probability on rates that hardly occur."""
    masses = summaries[summaries["scale"] == "rate"].set_index("prior")["mass"]
    tightest, widest = ends(masses)
    return fill(
        "log_odds/wide_priors",
        contact=labels.one,
        widest=plain(widest),
        widest_share=share(masses[widest]),
        low=percent()(EXTREME),
        high=percent()(1 - EXTREME),
        tightest=plain(tightest),
        tightest_share=share(masses[tightest]),
    )


def share(value: float) -> str:
    """A probability or rate, which is 0 or 1 only where it is so exactly."""
    if 0 < value < LEAST:
        return f"under {percent(1)(LEAST)}"
    return f"over {percent(1)(1 - LEAST)}" if 1 - LEAST < value < 1 else percent(1)(value)


def round_numbers(text: str) -> str:
    """A distribution's text with at most three digits in each number."""
    return re.sub(r"-?\d+\.\d+(e-?\d+)?", lambda found: f"{float(found[0]):.3g}", text)


def _describe(summaries: Mapping[str, pd.Series[Any]], whose: list[str], labels: Labels) -> str:
    """A prior by what it says on each scale; of intercepts rates, of slopes lifts."""
    log_odds, rate, lift = (summaries[scale] for scale in SCALES)
    stated, distribution = log_odds["prior"], round_numbers(log_odds["distribution"])
    meant = "" if stated == distribution else f", which is {plain(distribution)},"
    said = [f"{share(log_odds['mass'])} of log-odds to be within {PLAUSIBLE:g} of 0"]
    if OWN["intercept"] in whose:
        said.append(
            f"{labels.percent_interval} of rates to be from {share(rate['lower'])} to "
            f"{share(rate['upper'])}"
        )
    beyond = ""
    if OWN["slope"] in whose:
        said.append(
            f"{labels.percent_interval} of lifts to be from {points()(lift['lower'])} to "
            f"{points()(lift['upper'])} points"
        )
        beyond = (
            f"; lifts beyond {decimals(0)(100 * LARGE_LIFT)} points have a probability of "
            f"{share(lift['mass'])}"
        )
    last = f", and {said.pop()}" if len(said) > 2 else ""
    return (
        f"This analysis puts **{plain(stated)}**{meant} on {listed(whose)}, unless a model says "
        f"otherwise. It holds {', '.join(said) if last else listed(said)}{last}{beyond}."
    )
