"""What follows: which model answers, what it says of each level, where pooling misleads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from partialpool.cells.exploration import compare_mix, pool
from partialpool.cells.question import ALL
from partialpool.comparison.ranking import UNTRUSTED, rank
from partialpool.frames import list_rows
from partialpool.settings import Decision

Call = Literal["gain", "loss", "open"]


def choose_model(
    scores: Mapping[str, pd.DataFrame], passed: Mapping[str, bool], named: str | None
) -> dict[str, Any]:
    """The model that answers.

    Args:
        scores: of each model, unit by unit (`ranking.rank`).
        passed: the verdict on each model.
        named: the model that the configuration names, if any.

    Returns:
        `model` (None when no model may answer), `reason` (`named`, `best`, `only`, `none passed`,
        `none scored`, `none trusted`), `tied`, the models that predict as well within noise,
        `unranked`, those that may predict better, as scores that a difference needs are not to be
        trusted, `barred`, those that failed, and `ahead`, those of them that predict better than
        `model` beyond noise, with by how much (`difference`, `difference_se`), the farthest first.

    Raises:
        InputError: the models were not scored on the same units.
    """
    barred = [name for name in scores if not passed[name]]
    allowed = {name: units for name, units in scores.items() if passed[name]}
    nobody = {"model": None, "tied": [], "unranked": [], "barred": barred, "ahead": []}
    if not allowed or named in barred:
        return nobody | {"reason": "none passed"}
    table = rank(allowed)
    if named is None and len(allowed) > 1 and pd.isna(table["elpd"].iloc[0]):
        unsure = table["high_k"].any()
        return nobody | {"reason": "none trusted" if unsure else "none scored"}
    model = named or str(table["model"].iloc[0])
    others = rank(scores, model).set_index("model").drop(model)
    hidden = others["difference"].isna() & ~others["behind"]
    if not scores[model]["how"].isin(UNTRUSTED).any():
        hidden &= others["high_k"] > 0
    return {
        "model": model,
        "reason": "named" if named else "only" if len(scores) == 1 else "best",
        "tied": [n for n in others.index[others["within_noise"]] if passed[n]],
        "unranked": list(others.index[hidden]),
        "barred": barred,
        "ahead": _ahead(others.loc[barred]),
    }


def _ahead(barred: pd.DataFrame) -> list[dict[str, Any]]:
    """The barred models that predict better than the one that answers, beyond noise."""
    better = barred[(barred["difference"] > 0) & ~barred["within_noise"]]
    found = better.sort_values("difference", ascending=False, kind="stable")
    told = found[["difference", "difference_se"]].astype(float).reset_index()
    return [dict(row) for row in list_rows(told)]


def judge_ranking(
    scores: Mapping[str, pd.DataFrame], unit: str, grouping: str | None
) -> dict[str, Any]:
    """How far the scores that models are ranked by can be trusted.

    Args:
        scores: as for `choose_model`.
        unit: `contact`, `cell` or `group`.
        grouping: the factor whose levels a `group` is.

    Returns:
        `unit`, `grouping`, the Pareto k `limit`, and `shaky`: for each model the share of units
        whose score rests on importance sampling that is not to be trusted.
    """
    shaky = {
        name: float(np.average(units["how"].isin(UNTRUSTED), weights=units["units"]))
        for name, units in scores.items()
    }
    limit = max(float(units["limit"].max()) for units in scores.values())
    return {"unit": unit, "grouping": grouping, "limit": limit, "shaky": shaky}


def call(probability_of_gain: float, needed: float) -> Call:
    """`gain`, `loss`, or `open` when neither is probable enough."""
    if probability_of_gain >= needed:
        return "gain"
    return "loss" if probability_of_gain <= 1 - needed else "open"


def decide(
    effects: Mapping[str, pd.DataFrame],
    choice: Mapping[str, Any],
    crossing: pd.DataFrame,
    margins: pd.DataFrame,
    settings: Decision,
    sign: int = 1,
) -> dict[str, Any]:
    """Everything that the report answers, as facts without words.

    Args:
        effects: of each model (`effects.estimate_effects`).
        choice: `choose_model`.
        crossing: `figures.cross`.
        margins: of the treatment (`figures.tabulate_margins`).
        settings: how sure one must be.
        sign: 1 where more is better, -1 where less is, so that a lift below 0 is a gain.

    Returns:
        The choice, and for each treatment level but the reference its `levels` (rates, lift,
        probability of a gain, the call; none where nothing is compared within), `overall` (all
        contacts given the treatment in turn), `crude` (the pooled counts), whether the pooled rate
        is `misleading`, the `mix` of contacts, and on which levels other admissible models
        `disagree`; and `yields`, the contacts that a success takes, the best first.
    """
    model = choice["model"]
    if model is None:
        return {"choice": dict(choice), "treatments": [], "yields": []}
    reference, *others = dict.fromkeys(effects[model]["treatment"])
    answers = []
    for treatment in others:
        calls = {
            name: _calls(table, treatment, settings.probability, sign)
            for name, table in effects.items()
            if name not in choice["barred"]
        }
        crude = pool(margins, treatment, reference)
        answers.append(
            {
                "treatment": treatment,
                "reference": reference,
                **_answers(effects[model], calls[model], crossing, (treatment, reference), sign),
                "crude": crude,
                "misleading": _misleading(sign * crude["lift"], calls[model]),
                "mix": compare_mix(crossing, treatment, reference),
                "disagree": _disagreements(calls, model, choice["tied"]),
            }
        )
    return {"choice": dict(choice), "treatments": answers, "yields": _yields(effects[model], sign)}


def _answers(
    effects: pd.DataFrame,
    calls: Mapping[str, Call],
    crossing: pd.DataFrame,
    pair: tuple[str, str],
    sign: int,
) -> dict[str, Any]:
    """The `levels` of one treatment, and `overall`, against the reference."""
    rows = {
        level: {
            **_contrast(effects, level, *pair, sign),
            "call": verdict,
            "contacts": _contacts(crossing, level, pair[0]),
        }
        for level, verdict in calls.items()
    }
    return {"levels": [row for k, row in rows.items() if k != ALL], "overall": rows[ALL]}


def _calls(effects: pd.DataFrame, treatment: str, needed: float, sign: int) -> dict[str, Call]:
    lifts = effects[(effects["quantity"] == "lift") & (effects["treatment"] == treatment)]
    return {
        str(where): call(_of_gain(float(probability), sign), needed)
        for where, probability in zip(lifts["within"], lifts["above_null"], strict=True)
    }


def _of_gain(above_null: float, sign: int) -> float:
    """The probability of a gain, from that of a lift above 0."""
    return above_null if sign > 0 else 1 - above_null


def _contrast(
    effects: pd.DataFrame, level: str, treatment: str, reference: str, sign: int
) -> dict[str, Any]:
    here = effects[effects["within"] == level]

    def summary(of: str, quantity: str) -> dict[str, float]:
        row = here[(here["treatment"] == of) & (here["quantity"] == quantity)].iloc[0]
        return {key: float(row[key]) for key in ("mean", "sd", "lower", "upper", "above_null")}

    return {
        "within": level,
        "rate_reference": summary(reference, "rate"),
        "rate_treated": summary(treatment, "rate"),
        "lift": summary(treatment, "lift"),
        "odds_ratio": summary(treatment, "odds_ratio"),
        "probability_of_gain": _of_gain(summary(treatment, "lift")["above_null"], sign),
    }


def _contacts(crossing: pd.DataFrame, level: str, treatment: str) -> int:
    """How many contacts of a level were given a treatment."""
    given = crossing[crossing["treatment"] == treatment]
    here = given if level == ALL else given[given["within"] == level]
    return int(here["trials"].sum())


def _misleading(crude_gain: float, calls: Mapping[str, Call]) -> dict[str, Any]:
    """Simpson's paradox, from the numbers: the pooled lift points where levels do not.

    `levels` are those that point the other way; `reversed` says that all contacts together
    do so too, once both treatments are held to the same mix of levels.
    """
    against: Call = "loss" if crude_gain > 0 else "gain"
    levels = [level for level, verdict in calls.items() if verdict == against and level != ALL]
    return {"levels": levels, "reversed": calls[ALL] == against}


def _yields(effects: pd.DataFrame, sign: int) -> list[dict[str, Any]]:
    """The contacts that a success takes: in each level, under the treatment with the best rate.

    Where nothing is compared within, under each treatment.
    """
    rates = effects[effects["quantity"] == "rate"]
    levels = rates[rates["within"] != ALL]
    gains = (sign * levels["mean"]).groupby(levels["within"], sort=False)
    best = levels.loc[gains.idxmax()]
    chosen = rates if levels.empty else best
    takes = effects[effects["quantity"] == "contacts_per_success"]
    takes = takes.set_index(["within", "treatment"])
    rows = []
    for level, treatment in zip(chosen["within"], chosen["treatment"], strict=True):
        row = takes.loc[(level, treatment)]
        summary = {key: float(row[key]) for key in ("median", "lower", "upper")}
        rows.append({"within": str(level), "treatment": str(treatment), **summary})
    return sorted(rows, key=lambda row: sign * row["median"])


def _disagreements(
    calls: Mapping[str, Mapping[str, Call]], model: str, tied: list[str]
) -> list[dict[str, str]]:
    """Levels on which a model that predicts as well calls otherwise."""
    return [
        {"model": name, "within": level, "call": verdict}
        for name in tied
        for level, verdict in calls[name].items()
        if verdict != calls[model][level]
    ]
