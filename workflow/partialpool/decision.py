"""What follows: which model answers, what it says of each level, where pooling misleads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd

from partialpool.comparison import compare
from partialpool.effects import ALL
from partialpool.settings import Decision

Call = Literal["gain", "loss", "open"]
NOISE = 2.0
"""A difference of elpd within this many of its standard errors is within noise."""


def choose_model(
    scores: Mapping[str, pd.DataFrame], passed: Mapping[str, bool], named: str | None
) -> dict[str, Any]:
    """The model that answers.

    Args:
        scores: of each model, unit by unit (`comparison.compare`).
        passed: the verdict on each model.
        named: the model that the configuration names, if any.

    Returns:
        `model` (None when no model may answer), `reason` (`named`, `best` or `none passed`),
        `tied`, the models that predict as well within noise, and `barred`, those that failed.
    """
    barred = [name for name in scores if not passed[name]]
    allowed = {name: units for name, units in scores.items() if passed[name]}
    if not allowed or named in barred:
        return {"model": None, "reason": "none passed", "tied": [], "barred": barred}
    model = named or str(compare(allowed)["model"].iloc[0])
    others = compare(allowed, model).set_index("model").drop(model)
    within = others["difference"].abs() <= NOISE * others["difference_se"]
    tied = [str(name) for name in others.index[within]]
    return {"model": model, "reason": "named" if named else "best", "tied": tied, "barred": barred}


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
) -> dict[str, Any]:
    """Everything that the report answers, as facts without words.

    Args:
        effects: of each model (`effects.estimate_effects`).
        choice: `choose_model`.
        crossing: `exploration.cross`.
        margins: of the treatment (`exploration.tabulate_margins`).
        settings: how sure one must be.

    Returns:
        The choice, and for each treatment level but the reference its `levels` (rates, lift,
        probability of a gain, the call), `overall` (all contacts given the treatment in turn),
        `crude` (the pooled counts), whether the pooled rate is `misleading`, and on which
        levels other admissible models `disagree`; and `yields`, the contacts that a success
        takes in each level under its best treatment, the fewest first.
    """
    model = choice["model"]
    if model is None:
        return {"choice": dict(choice), "treatments": [], "yields": []}
    treatments = list(dict.fromkeys(effects[model]["treatment"]))
    reference, *others = treatments
    admissible = {name: table for name, table in effects.items() if name not in choice["barred"]}
    answers = []
    for treatment in others:
        calls = {
            name: _calls(table, treatment, settings.probability)
            for name, table in admissible.items()
        }
        levels = [
            {
                **_contrast(effects[model], level, treatment, reference),
                "call": verdict,
                "contacts": _contacts(crossing, level, treatment),
            }
            for level, verdict in calls[model].items()
        ]
        crude = _crude(margins, treatment, reference)
        answers.append(
            {
                "treatment": treatment,
                "reference": reference,
                "levels": [row for row in levels if row["within"] != ALL],
                "overall": next(row for row in levels if row["within"] == ALL),
                "crude": crude,
                "misleading": _misleading(crude["lift"], calls[model]),
                "mix": _mix(crossing, treatment, reference),
                "disagree": _disagreements(calls, model, choice["tied"]),
            }
        )
    return {"choice": dict(choice), "treatments": answers, "yields": _yields(effects[model])}


def _calls(effects: pd.DataFrame, treatment: str, needed: float) -> dict[str, Call]:
    lifts = effects[(effects["quantity"] == "lift") & (effects["treatment"] == treatment)]
    return {
        str(where): call(float(probability), needed)
        for where, probability in zip(lifts["within"], lifts["above_0"], strict=True)
    }


def _contrast(effects: pd.DataFrame, level: str, treatment: str, reference: str) -> dict[str, Any]:
    here = effects[effects["within"] == level]

    def summary(of: str, quantity: str) -> dict[str, float]:
        row = here[(here["treatment"] == of) & (here["quantity"] == quantity)].iloc[0]
        return {key: float(row[key]) for key in ("mean", "sd", "lower", "upper", "above_0")}

    return {
        "within": level,
        "rate_reference": summary(reference, "rate"),
        "rate_treated": summary(treatment, "rate"),
        "lift": summary(treatment, "lift"),
        "odds_ratio": summary(treatment, "odds_ratio"),
        "probability_of_gain": summary(treatment, "lift")["above_0"],
    }


def _contacts(crossing: pd.DataFrame, level: str, treatment: str) -> int:
    """How many contacts of a level were given a treatment."""
    given = crossing[crossing["treatment"] == treatment]
    here = given if level == ALL else given[given["within"] == level]
    return int(here["trials"].sum())


def _crude(margins: pd.DataFrame, treatment: str, reference: str) -> dict[str, float]:
    rates = margins.set_index("level")["rate"]
    return {
        "rate_reference": float(rates[reference]),
        "rate_treated": float(rates[treatment]),
        "lift": float(rates[treatment] - rates[reference]),
    }


def _misleading(crude_lift: float, calls: Mapping[str, Call]) -> dict[str, Any]:
    """Simpson's paradox, from the numbers: the pooled lift points where levels do not.

    `levels` are those that point the other way; `reversed` says that all contacts together
    do so too, once both treatments are held to the same mix of levels.
    """
    against: Call = "loss" if crude_lift > 0 else "gain"
    levels = [level for level, verdict in calls.items() if verdict == against and level != ALL]
    return {"levels": levels, "reversed": calls[ALL] == against}


def _mix(crossing: pd.DataFrame, treatment: str, reference: str) -> list[dict[str, Any]]:
    """The share of each treatment's contacts in each level, and the level's own rate."""
    shares = crossing.pivot(index="within", columns="treatment", values="share_of_contacts").fillna(
        0
    )
    counts = crossing.groupby("within", observed=True)[["successes", "trials"]].sum()
    return [
        {
            "within": str(level),
            "share_reference": float(shares.loc[level, reference]),
            "share_treated": float(shares.loc[level, treatment]),
            "rate": float(counts.loc[level, "successes"] / counts.loc[level, "trials"]),
        }
        for level in shares.index
    ]


def _yields(effects: pd.DataFrame) -> list[dict[str, Any]]:
    """For each level the treatment with the highest rate, and the contacts that a success takes."""
    rates = effects[(effects["quantity"] == "rate") & (effects["within"] != ALL)]
    best = rates.loc[rates.groupby("within", sort=False)["mean"].idxmax()]
    takes = effects[effects["quantity"] == "contacts_per_success"].set_index(
        ["within", "treatment"]
    )
    rows = []
    for level, treatment in zip(best["within"], best["treatment"], strict=True):
        row = takes.loc[(level, treatment)]
        summary = {key: float(row[key]) for key in ("median", "lower", "upper")}
        rows.append({"within": str(level), "treatment": str(treatment), **summary})
    return sorted(rows, key=lambda row: row["median"])


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
