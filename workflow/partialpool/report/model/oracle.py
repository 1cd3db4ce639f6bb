"""Sentences on the second computation of a posterior, which has no part of Stan in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from partialpool.checks.oracle.agreement import LEAST_ESS, MOST_K
from partialpool.report.formats import decimals, integer, percent
from partialpool.report.prose import fill
from partialpool.report.selection import left_out, select_largest
from partialpool.report.table import Table
from partialpool.report.text import code


def state_oracle(facts: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """Whether a second computation agrees, or why there is none.

    Args:
        facts: `agreement.consult`.
        settings: of the oracle.
    """
    if not facts["checked"]:
        return fill("model/not_computed_twice", why=_why_not(facts, settings))
    show = decimals(1)
    found = f"{show(facts['apart'])} standard errors, for {code(facts['worst'])}"
    finding = fill("model/agrees" if facts["agreed"] else "model/disagrees", difference=found)
    basis = fill(
        "model/second_computation",
        points=integer(facts["draws"]),
        dimensions=integer(facts["dimensions"]),
        ess=integer(facts["ess"]),
        pareto_k=decimals(2)(facts["pareto_k"]),
        comparisons=integer(facts["comparisons"]),
        limit=show(facts["limit"]),
        sure=percent(1)(1 - settings["alarm"]),
    )
    return f"{finding} {basis}"


def _why_not(facts: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    if facts["reason"] == "dimensions":
        return (
            f"it has {integer(facts['dimensions'])} dimensions, more than the "
            f"{integer(settings['dimensions'])} up to which that is done"
        )
    if facts["reason"] == "weights":
        return (
            "its importance weights cannot be trusted (Pareto k "
            f"{decimals(2)(facts['pareto_k'])}, limit {MOST_K:g}; worth {integer(facts['ess'])} "
            f"independent draws, at least {LEAST_ESS:g} are needed)"
        )
    return {
        "off": "that is switched off",
        "program": "what the model’s own Stan program assumes, only that program says",
        "cells": "there are too many cells for it",
        "mode": "it has no peak that could be found, as one has none that data and priors leave "
        "open",
    }[facts["reason"]]


STAN, ORACLE, APART = "Stan", "Second computation", "Standard errors apart"
COLUMNS = {
    "mean": (STAN, "mean"),
    "mean_error": (STAN, "error"),
    "sd": (STAN, "sd"),
    "oracle_mean": (ORACLE, "mean"),
    "oracle_mean_error": (ORACLE, "error"),
    "oracle_sd": (ORACLE, "sd"),
    "location": (APART, "location"),
    "spread": (APART, "spread"),
}


def tabulate_oracle(table: pd.DataFrame, facts: Mapping[str, Any], model: str) -> Table | None:
    """Mean and sd of each parameter by both, and how far they differ; none without a check.

    Args:
        table: `agreement.compare`.
        facts: `agreement.consult`.
        model: its name.
    """
    if not facts["checked"]:
        return None
    rows = table.set_index("parameter")
    apart = rows[["location", "spread"]].abs().max(axis=1)
    frame = rows.loc[select_largest(apart), list(COLUMNS)]
    frame = frame.set_axis(pd.MultiIndex.from_tuples(COLUMNS.values()), axis=1)
    formats = {name: decimals(1 if name[0] == APART else 3) for name in frame.columns}
    formats |= {name: decimals(4) for name in frame.columns if name[1] == "error"}
    caveat = ""
    if not facts["agreed"]:
        beyond = ~(apart[frame.index] <= facts["limit"])
        frame["", "caveat"] = np.where(beyond, "disagree", "")
        caveat = f"Caveat: more than {facts['limit']:.1f} standard errors apart."
    return Table(
        frame,
        f"The posterior of the {model} model by Stan and by importance sampling.",
        note=caveat + left_out(len(rows), "parameters, all nearer to each other", "oracle.csv"),
        formats=formats,
        first=("Standard errors apart", "caveat"),
    )
