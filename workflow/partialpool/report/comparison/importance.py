"""Sentences on importance sampling: where it is trusted, and what was refitted instead."""

from __future__ import annotations

import pandas as pd

from partialpool.comparison.ranking import UNTRUSTED
from partialpool.report.formats import decimals, integer
from partialpool.report.labels import Labels
from partialpool.report.text import capital, listed, plain

HOW = {
    "importance": "PSIS",
    "refit": "refit",
    "high_k": "PSIS, not trusted",
    "failed": "PSIS, refit failed",
    "undefined": "no score",
}
"""How a score came about, in a table."""


def explain_scores(scores: pd.DataFrame, unit: str, units: str, most: int, labels: Labels) -> str:
    """Which cells or levels were left out by importance sampling, which by refitting, and why.

    Args:
        scores: of every model (`ranking.gather_scores`), with `model`.
        unit: what is left out, in a sentence (`units.name_unit`).
        units: the same for several.
        most: how many a model is refitted without at most.
        labels: the words of the analysis.
    """
    counts = scores["how"].value_counts()
    trusted, refitted, high_k, failed = (
        int(counts.get(how, 0)) for how in ("importance", "refit", "high_k", "failed")
    )
    pairs, limit = len(scores), decimals(2)(float(scores["limit"].max()))
    said = [
        f"Leaving out a whole {unit} moves the posterior far. Importance sampling from the full "
        f"fit (PSIS) is trusted up to a Pareto k of {limit}, which it keeps to in "
        f"{integer(trusted)} of {integer(pairs)} pairs of {unit} and model."
    ]
    if refitted:
        which = "one" if refitted == 1 else integer(refitted)
        which = f"the other {which}" if refitted == pairs - trusted else f"{which} of the others"
        said.append(
            f"For {which}, the model was refitted without the {unit}, which is exact but for the "
            f"Monte Carlo error given below; PSIS would be off {_off(scores)} there."
        )
    if high_k:
        said.append(_kept(scores[scores["how"] == "high_k"], units, most))
    if failed:
        said.append(
            f"{integer(failed)} refit{'s' * (failed > 1)} failed, because the program does not run "
            f"without those {labels.many} (the log says why); there PSIS’s score is all there is."
        )
    if high_k or failed:
        said.append(_discount(scores))
    return " ".join(said)


def explain_contacts(scores: pd.DataFrame, labels: Labels, most: int = 0) -> str:
    """Whether importance sampling can be trusted for contacts, and what was refitted.

    Args:
        scores: of every model (`ranking.gather_scores`), with `model`.
        labels: the words of the analysis.
        most: how many contacts that are not alike a model is refitted without at most.
    """
    largest, limit = float(scores["pareto_k"].max()), float(scores["limit"].max())
    units = {how: int(of["units"].sum()) for how, of in scores.groupby("how")}
    bad = sum(units.get(how, 0) for how in ("refit", *UNTRUSTED))
    trusted = (
        "can be trusted"
        if not bad
        else f"cannot be trusted for {integer(bad)} of {integer(scores['units'].sum())} pairs of "
        f"{labels.one} and model"
    )
    said = [
        f"{capital(labels.many)} were left out by importance sampling from the full fit (PSIS). "
        f"The largest Pareto k is {decimals(2)(largest)}, so it {trusted} (limit "
        f"{decimals(2)(limit)})."
    ]
    if refitted := units.get("refit", 0):
        said.append(
            f"For {integer(refitted)} of these, the model was refitted without the {labels.one}, "
            "which is exact but for a Monte Carlo error."
        )
    if "high_k" in units:
        said.append(_kept(scores[scores["how"] == "high_k"], f"kinds of {labels.many}", most))
    if any(how in units for how in UNTRUSTED):
        said.append(_discount(scores))
    return " ".join(said)


def _off(scores: pd.DataFrame) -> str:
    """By how much importance sampling misses what refits find, summed over a model's units."""
    exact = scores[scores["how"] == "refit"]
    missed = (exact["psis_elpd"] - exact["elpd"]).groupby(exact["model"], sort=False).sum().abs()
    small, large = (decimals(1)(float(x)) for x in (missed.min(), missed.max()))
    return f"by {large} in all" if small == large else f"by {small} to {large} in all, by model,"


def _kept(high_k: pd.DataFrame, units: str, most: int) -> str:
    """Why scores of importance sampling that cannot be trusted were kept."""
    if not most:
        return "The configuration allows no refits, so elsewhere PSIS’s score is all there is."
    by_model: pd.Series[int] = high_k["model"].value_counts(sort=False)
    where = listed([f"{plain(str(m))} ({integer(n)} {units})" for m, n in by_model.items()])
    return (
        f"In {where} there are more such {units} than the {integer(most)} up to which a model is "
        "refitted, so there PSIS’s score is all there is."
    )


def _discount(scores: pd.DataFrame) -> str:
    """What is not told of models with scores that cannot be trusted."""
    unsure = scores.loc[scores["how"].isin(UNTRUSTED), "model"]
    names = [plain(str(model)) for model in dict.fromkeys(unsure)]
    return (
        f"Such scores are off by an unknown amount, so **the elpd of {listed(names)} is not "
        f"known**, nor how far {'it is' if len(names) == 1 else 'they are'} from the others."
    )
