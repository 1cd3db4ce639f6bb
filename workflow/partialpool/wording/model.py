"""Sentences on one model: what it assumes, how it was sampled, whether the fit can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from partialpool.formats import decimals, integer
from partialpool.wording.answer import CHECKS
from partialpool.wording.parameters import SHOWN, Row, code, rows_by, split_sd
from partialpool.wording.phrases import Labels, listed, plain, sentence

PRIOR_PLACES = {
    "cells": "with every predictor at its mean over the cells, each cell counted once",
    "contacts": "with every predictor at its mean over the contacts",
    "reference": "with every factor at its reference level",
}
_NAMED = 6
"""Effects that a sentence names at most."""


def judge_fit(model: str, verdict: Mapping[str, Any]) -> str:
    """The verdict; a failed one says what failed, where it is worst, and what follows.

    Args:
        model: its name.
        verdict: `diagnostics.judge`.
    """
    failed = [check for check in verdict["checks"] if not check["passed"]]
    if not failed:
        return (
            f"The fit passed all {len(verdict['checks'])} checks of its verdict: nothing says that "
            "the chains did not converge."
        )
    count = f"{len(failed)} of {len(verdict['checks'])} checks"
    lines = [f"- {_failure(check)}" for check in failed]
    return "\n".join(
        [
            f"**The {plain(model)} model failed its verdict ({count}). It is barred from the "
            "decision, and its numbers below may be wrong.**",
            "",
            *lines,
        ]
    )


def state_assumption(settings: Mapping[str, Any]) -> str:
    """What the model assumes, and its formula."""
    about = plain(settings["about"].strip())
    return f"{about} In a formula: {code(settings['formula'])}.".strip()


def state_prior_place(index: Mapping[str, Sequence[str]], settings: Mapping[str, Any]) -> str:
    """Where the intercept's prior holds."""
    names = index["population"]
    if "Intercept" not in names:
        return "There is no population-level intercept, so no prior is put on one."
    if len(names) == 1:
        return (
            "The intercept is the only population-level coefficient; its prior is on it directly."
        )
    place = PRIOR_PLACES[settings["intercept_prior_at"]]
    if settings["intercept_prior_at"] == "reference":
        return f"The intercept’s prior holds {place}, which is what the intercept below is."
    return (
        f"The intercept’s prior holds {place}. The intercept below is turned back to every factor "
        "at its reference level, so its own prior is wider."
    )


def state_sampling(verdict: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """How the draws were made, and at what cost."""
    sampling = settings["sampling"]
    return (
        f"{verdict['chains']} chains kept {integer(verdict['draws'])} draws in all, after "
        f"{integer(sampling['warmup'])} warm-up iterations each, with a target acceptance of "
        f"{sampling['adapt_delta']:g}. The kept draws took {integer(verdict['gradients'])} "
        f"gradients, {decimals(1)(verdict['gradients'] / verdict['draws'])} for each."
    )


def state_centring(effects: pd.DataFrame, settings: Mapping[str, Any]) -> str:
    """How the group-level effects were sampled (`parameters.list_effects`)."""
    centred = effects[effects["centred"]]["parameter"]
    others = effects[~effects["centred"]]["parameter"]
    why = {
        "auto": "chosen for each effect by how much its own level’s data say of it",
        "centred": "as configured",
        "non-centred": "as configured",
    }[settings["sampling"]["centring"]]
    if len(others) == 0:
        return f"All {len(effects)} effects were sampled centred, {why}."
    if len(centred) == 0:
        return f"All {len(effects)} effects were sampled non-centred, {why}."
    few, kind = (centred, "centred") if len(centred) <= len(others) else (others, "non-centred")
    named = [code(name) for name in few[:_NAMED]]
    more = [f"{len(few) - _NAMED} more"] if len(few) > _NAMED else []
    return (
        f"{len(centred)} effects were sampled centred and {len(others)} non-centred, {why}; "
        f"{kind}: {listed([*named, *more])}."
    )


def state_effects(effects: pd.DataFrame) -> str:
    """What the group-level effects scatter about, under a heading; nothing without any."""
    if effects.empty:
        return ""
    kinds = effects.drop_duplicates(["grouping", "coefficient"])
    lines = [f"## Varying effects by {listed(list(map(plain, kinds['grouping'].unique())))}", ""]
    about = [code(c) for c in kinds[kinds["about_population"]]["coefficient"].unique()]
    if about:
        lines += [
            f"The effects of {listed(about)} are deviations from the population-level coefficient "
            "of the same name, which is estimated too; levels with little data are pulled "
            "towards it.",
            "",
        ]
    alone = [code(c) for c in kinds[~kinds["about_population"]]["coefficient"].unique()]
    if alone:
        lines.append(
            f"The model has no population-level coefficient for {listed(alone)} to scatter "
            "about, so these effects scatter about 0: a level with little data is pulled towards "
            "even odds and no effect, not towards the other levels’ mean."
        )
    return "\n".join(lines).strip()


def state_spread(
    parameters: pd.DataFrame, index: Mapping[str, Sequence[str]], labels: Labels
) -> str:
    """How far effects scatter over levels, and how those of one level go together."""
    rows = rows_by(parameters, "parameter")
    lines = []
    for name in index["sd"][:SHOWN]:
        grouping, coefficient = split_sd(name)
        lines.append(
            f"- Over the levels of {plain(grouping)}, {code(coefficient)} has a standard deviation "
            f"of {_estimate(rows[name], labels)} log-odds."
        )
    for name in index["correlation"][:SHOWN]:
        row = rows[name]
        lines.append(f"- {code(name)} is {_estimate(row, labels)}{_sign_open(row)}.")
    return "\n".join(lines)


def state_checks(predictive: pd.DataFrame, labels: Labels) -> str:
    """How many cells each kind of predictive check covers, and which cells it misses."""
    said = []
    for kind in ("prior", "posterior"):
        rows = predictive[predictive["kind"] == kind]
        missed = [plain(cell) for cell in rows[~rows["covered"]]["cell"]]
        more = [f"{len(missed) - _NAMED} more"] if len(missed) > _NAMED else []
        where = f"; outside: {'; '.join([*missed[:_NAMED], *more])}" if missed else ""
        said.append(
            f"The {kind} predictive {labels.percent_interval} interval holds the observed count in "
            f"{len(rows) - len(missed)} of {len(rows)} cells{where}."
        )
    return " ".join(said)


def _failure(check: Mapping[str, Any]) -> str:
    worst = f", worst for {code(check['worst'])}" if check["worst"] else ""
    found = "not a number" if check["found"] != check["found"] else f"{check['found']:.4g}"
    return sentence(f"**{CHECKS[check['check']]}**: found {found}, limit {check['limit']:g}{worst}")


def _estimate(row: Row, labels: Labels) -> str:
    show = decimals(2)
    return (
        f"{show(row['mean'])} ({labels.percent_interval} interval {show(row['lower'])} to "
        f"{show(row['upper'])})"
    )


def _sign_open(row: Row) -> str:
    return "; its sign is open" if row["lower"] <= 0 <= row["upper"] else ""
