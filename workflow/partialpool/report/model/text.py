"""Sentences on one model: what it assumes, how it was sampled, whether the fit can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from partialpool.report.formats import decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.prose import fill
from partialpool.report.text import capital, code, listed, plain, sentence, some

CHECKS = {
    "rhat": "R-hat",
    "ess_bulk": "bulk effective sample size",
    "ess_tail": "tail effective sample size",
    "mcse": "Monte Carlo standard error",
    "divergences": "divergent transitions",
    "ebfmi": "E-BFMI",
    "treedepth_hits": "transitions at the largest tree depth",
    "oracle": "agreement with the second computation, in standard errors",
}

LINKS = {
    "probit": "its link is the probit, under which a rate is the share of a standard normal "
    "distribution that lies below a value",
    "cloglog": "its link is the complementary log-log, under which a value is log(−log(1 − rate))",
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
    """What the model assumes, its formula, and its link and family where they are not the usual."""
    assumption = plain(settings["about"].strip())
    said = f"{assumption} In a formula: {code(settings['formula'])}.".strip()
    if settings["link"] in LINKS:
        said += (
            f" {capital(LINKS[settings['link']])}. The coefficients add on that scale and are not "
            "log-odds; lifts and odds ratios are computed from the rates, draw by draw."
        )
    if settings["family"] == "beta_binomial":
        said += (
            " Its family is the beta-binomial: the rates of cells may vary about what the formula "
            "says, beyond chance, by a precision phi that is estimated too."
        )
    return said


def state_centring(effects: pd.DataFrame, settings: Mapping[str, Any]) -> str:
    """How the design says to sample the group-level effects (`names.list_effects`)."""
    wanted, count = settings["sampling"]["centring"], integer(len(effects))
    if wanted != "auto":
        return f"All {count} effects were sampled {wanted}, as configured."
    low, high = (decimals(2)(end) for end in (effects["centring"].min(), effects["centring"].max()))
    shares = f"from {low} to {high}" if low != high else f"{low} for all of them"
    return fill("model/centring", count=count, shares=shares) + _swept(effects)


def _swept(effects: pd.DataFrame) -> str:
    pairs = effects.loc[effects["absorbed_by"] != "", ["grouping", "absorbed_by"]].drop_duplicates()
    said = [f"by {code(own)} with those by {code(other)}" for own, other in pairs.to_numpy()]
    if not said:
        return ""
    return (
        " Where the data tell the sum of two effects better than either, the means of one are "
        f"sampled as part of the other: of effects {listed(said)}."
    )


def state_checks(predictive: pd.DataFrame, settings: Mapping[str, Any], labels: Labels) -> str:
    """How many cells each kind of predictive check covers, and which cells it misses."""
    said = []
    for kind in ("prior", "posterior"):
        rows = predictive[predictive["kind"] == kind]
        if rows.empty:
            said.append(f"There is no prior predictive: {_no_prior(settings)}.")
            continue
        missed = [plain(cell) for cell in rows[~rows["covered"]]["cell"]]
        more = [f"{integer(len(missed) - _NAMED)} more"] if len(missed) > _NAMED else []
        where = f"; outside: {'; '.join([*missed[:_NAMED], *more])}" if missed else ""
        said.append(
            f"The {kind} predictive {labels.percent_interval} interval holds the observed count in "
            f"{integer(len(rows) - len(missed))} of {integer(len(rows))} cells{where}."
        )
    return " ".join(said)


def _no_prior(settings: Mapping[str, Any]) -> str:
    """Why a model's prior cannot be drawn from."""
    priors = settings["priors"]
    stated = {**priors, **priors["coefficients"]}
    flat = [code(name) for name, prior in stated.items() if prior == "flat"]
    if not flat:
        return "the model’s own program does not draw from its prior alone"
    return f"the prior of {some(flat)} is flat, which is no distribution that could be drawn from"


def state_program(settings: Mapping[str, Any]) -> str:
    """That a model runs a Stan program of its own; nothing where it does not."""
    if settings["program"] is None:
        return ""
    return fill("model/own_program", program=code(settings["program"]))


def name_program(model: str) -> str:
    """What the text of a model's own Stan program is called."""
    return f"The {model} model’s own Stan program, with what it includes"


def _failure(check: Mapping[str, Any]) -> str:
    worst = f", worst for {code(check['worst'])}" if check["worst"] else ""
    found = show_found(check["found"])
    return sentence(f"**{CHECKS[check['check']]}**: found {found}, limit {check['limit']:g}{worst}")


def show_found(value: float) -> str:
    """What a check found, which may be no number."""
    return "not a number" if value != value else f"{value:.4g}"
