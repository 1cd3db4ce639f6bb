"""Models against each other: what each predicts of the same units left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from partialpool.comparison.weights import stack, weigh_by_bootstrap
from partialpool.errors import InputError

KEY = ["unit", "left_out", "outcome"]
REFITTED = ["elpd", "mcse", "fits", "divergent"]
"""What a refit has an answer for."""
UNIT = ["unit", "left_out", "outcome", "units", "cells", "trials", "successes"]
"""What tells one unit from another, how many of it there are, and what is in one."""
NOISE = 2.0
"""A difference within this many of its standard errors is within noise."""
SURE = 0.975
"""Of few units the quantile of Student's t is taken instead, which is larger."""
DECISIVE = 4.0
"""A model that is behind by more than this in every single unit is behind beyond noise, however
few units there are."""
UNTRUSTED = ("high_k", "failed")
"""How a score came about that is not to be trusted (`refits.How`)."""


def gather_scores(
    scores: Mapping[str, pd.DataFrame], refits: Sequence[pd.DataFrame], unit: str
) -> dict[str, pd.DataFrame]:
    """Every model's scores at one unit, with those of refits in place of what they make exact.

    Args:
        scores: of each model (`reliability.judge_scores`).
        refits: parts of them (`refits.leave_out_each`) with their `model`.
        unit: `contact`, `cell` or `group`.

    Returns:
        The scores by model; `psis_elpd` keeps what importance sampling gave, `fits` and
        `divergent` say what refits took, and `p_loo` is what leaving the unit out costs.
    """
    every = pd.concat([*refits, pd.DataFrame(columns=["model", *KEY, *REFITTED])])
    of_unit = every[every["unit"] == unit]
    return {
        model: _join(
            table[table["unit"] == unit].reset_index(drop=True),
            of_unit[of_unit["model"] == model],
        )
        for model, table in scores.items()
    }


def _join(scores: pd.DataFrame, refits: pd.DataFrame) -> pd.DataFrame:
    table, keys = scores.assign(psis_elpd=scores["elpd"], fits=0, divergent=0), _keys(scores)
    by_key = refits[REFITTED].astype(float).set_axis(_keys(refits))
    found = by_key.reindex(keys).set_axis(table.index)
    tried, exact = keys.isin(by_key.index), found["elpd"].notna()
    within = table["elpd"] + table["p_loo"]
    for column in REFITTED:
        table[column] = found[column].where(exact, table[column]).astype(table[column].dtype)
    table["p_loo"] = within - table["elpd"]
    table["how"] = table["how"].mask(tried, "failed").mask(exact, "refit")
    return table


def _keys(table: pd.DataFrame) -> pd.Index[str]:
    """What tells one unit of a kind from another: its name, and of a contact the outcome."""
    names, outcomes = table["left_out"].astype(str), table.get("outcome")
    if outcomes is None or outcomes.isna().all():
        return pd.Index(names)
    return pd.Index(outcomes.astype(int).astype(str) + " " + names)


def compare(pointwise: Mapping[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """Models by their expected log predictive density, the best first, and their weights.

    Args:
        pointwise: as for `rank`.
        seed: of the Bayesian bootstrap.

    Returns:
        What `rank` gives, with the weights by `stacking` and by `pseudo_bma`
        (`weigh_by_bootstrap`) among the models that have a score: 0 for one that a flat prior
        leaves without, missing for one whose scores are not to be trusted, and for one that only
        such are left to be weighed with.

    Raises:
        InputError: the models were not scored on the same units.
    """
    table = rank(pointwise)
    scored = list(table.loc[table["elpd"].notna(), "model"])
    unknown = set(table.loc[table["at_most"].notna(), "model"]) - set(scored)
    weights = pd.DataFrame(0.0, index=table["model"], columns=["stacking", "pseudo_bma"])
    if scored:
        counts = next(iter(pointwise.values()))["units"].to_numpy(float)
        elpd = np.column_stack([pointwise[name]["elpd"] for name in scored])
        weights.loc[scored, "stacking"] = stack(elpd, counts)
        weights.loc[scored, "pseudo_bma"] = weigh_by_bootstrap(elpd, counts, seed)
    weights.loc[[*unknown, *(scored if unknown and len(scored) < 2 else [])]] = np.nan
    return table.join(weights, on="model")


def rank(pointwise: Mapping[str, pd.DataFrame], reference: str | None = None) -> pd.DataFrame:
    """Models by their expected log predictive density, the best first.

    A score by importance sampling that is not to be trusted is off, mostly too good, by an unknown
    amount that differs by model: a model that has one has no elpd here, no difference and no
    standard error of either. All that is known of such a score is what it is at most, the density
    of the unit given all data, itself too: the posterior mean of one over a likelihood is at least
    one over its posterior mean (Jensen's inequality).

    Args:
        pointwise: for each model the same units (`gather_scores`), with `elpd` of one unit,
            `units`, how many such units there are, and so on.
        reference: the model that differences are taken from; none: the best.

    Returns:
        How many `units` there are, `elpd`, its standard error and Monte Carlo error, what it is
        `at_most`, `difference` from the reference and its standard error (paired, over units),
        whether that is `within_noise`, whether the model is `behind` the reference beyond noise,
        were it as good as it is at most, in how many units it is `worse_in` than the reference,
        `p_loo`, the largest Pareto k, how many units were `refitted`, and of how many the score
        is `high_k`. What rests on a score that is missing or untrusted is missing, and such models
        stand last; one that is neither `within_noise` nor `behind` may be ahead.

    Raises:
        InputError: the models were not scored on the same units.
    """
    check_units(pointwise)
    names = list(pointwise)
    counts = pointwise[names[0]]["units"].to_numpy(float)
    known = {name: _known(table) for name, table in pointwise.items()}
    elpd = np.column_stack([known[name]["elpd"] for name in names]).astype(float)
    total = counts @ elpd
    held_to = (
        names.index(reference) if reference else int(np.argmax(np.nan_to_num(total, nan=-np.inf)))
    )
    most = np.column_stack([_at_most(pointwise[name]) for name in names])
    difference = elpd - elpd[:, [held_to]]
    within, at_most = _within_noise(difference, counts), most - elpd[:, [held_to]]
    rows = [_sum_up(known[name], counts) for name in names]
    told = np.isfinite(counts @ difference)
    table = pd.DataFrame(
        {
            "model": names,
            "units": int(counts.sum()),
            "elpd": total,
            "se": _sum_error(elpd, counts),
            "at_most": counts @ most,
            "difference": counts @ difference,
            "difference_se": _sum_error(difference, counts),
            "within_noise": within,
            "behind": (counts @ at_most < 0) & ~_within_noise(at_most, counts),
            "worse_in": pd.array(counts @ (difference < 0), dtype="Int64"),
            **pd.DataFrame(rows),
        }
    )
    table.loc[~told, "worse_in"] = pd.NA
    return table.sort_values("elpd", ascending=False, ignore_index=True, kind="stable")


def _known(scores: pd.DataFrame) -> pd.DataFrame:
    """The scores, without the numbers of those that are not to be trusted."""
    known = scores.copy()
    known.loc[known["how"].isin(UNTRUSTED), ["elpd", "mcse", "p_loo"]] = np.nan
    return known


def _at_most(scores: pd.DataFrame) -> np.ndarray:
    """What each unit's score is at most: itself where it can be trusted."""
    untrusted = scores["how"].isin(UNTRUSTED)
    return (scores["elpd"] + scores["p_loo"].where(untrusted, 0.0)).to_numpy(float)


def _within_noise(difference: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Whether a model is within noise of the one that differences are taken from, by model."""
    limit = noise_limit(int(counts.sum()))
    everywhere = (np.abs(difference) > DECISIVE).all(axis=0) & (
        (difference > 0).all(axis=0) | (difference < 0).all(axis=0)
    )
    within = np.abs(counts @ difference) <= limit * _sum_error(difference, counts)
    return np.asarray(within & ~everywhere)


def noise_limit(units: int) -> float:
    """Within how many of its standard errors a difference over so many units is within noise."""
    return float(max(NOISE, stdtrit(units - 1, SURE))) if units > 1 else np.inf


def check_units(pointwise: Mapping[str, pd.DataFrame]) -> None:
    """Check that models were scored on the same units of the same cells, with the same outcomes.

    Raises:
        InputError: naming what each of two models was scored on.
    """
    (first, one), *others = pointwise.items()
    for name, other in others:
        if not _units_of(one).equals(_units_of(other)):
            raise InputError(
                f"comparison: models were scored on different data, {first}: {_count(one)}; "
                f"{name}: {_count(other)}; expected the same cells and outcomes"
            )


def _units_of(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[[c for c in UNIT if c in scores]].reset_index(drop=True).astype(str)


def _count(scores: pd.DataFrame) -> str:
    """What was left out in turn, `6 cells, 3,156 contacts, 1,589 successes`."""
    units = scores["units"].to_numpy()
    contacts, successes = (int(units @ scores[c].to_numpy()) for c in ("trials", "successes"))
    is_contact = (scores["unit"] == "contact").all()
    cells = scores["left_out"].nunique() if is_contact else int(scores["cells"].sum())
    return f"{cells:,} cells, {contacts:,} contacts, {successes:,} successes"


def _sum_up(scores: pd.DataFrame, counts: np.ndarray) -> dict[str, float]:
    high_k = scores["how"].isin(UNTRUSTED)
    return {
        # the contacts of a row have one score, and so one error
        "mcse": float(np.sqrt(np.square(counts * scores["mcse"]).sum(skipna=False))),
        "p_loo": float((counts * scores["p_loo"]).sum(skipna=False)),
        "largest_k": float(scores["pareto_k"].max()),
        "refitted": int(counts @ (scores["how"] == "refit")),
        "high_k": int(counts @ high_k),
    }


def _sum_error(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Standard error of the sum over units, each occurring `counts` times."""
    total = counts.sum()
    mean = counts @ values / total
    variance = counts @ np.square(values - mean) / max(total - 1, 1)
    return np.asarray(np.sqrt(total * variance))
