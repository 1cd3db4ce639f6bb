"""Models against each other: what each predicts of the same units left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import softmax, stdtrit

from partialpool.errors import InputError

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
REPLICATES = 1000
AT_ONCE = 4_000_000
"""Values that an array of replicates x units may have."""


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
    every = pd.concat([*refits, pd.DataFrame(columns=["model", "unit", "left_out", *REFITTED])])
    of_unit = every[every["unit"] == unit]
    return {
        model: _join(
            table[table["unit"] == unit].reset_index(drop=True),
            of_unit[of_unit["model"] == model].set_index("left_out")[REFITTED],
        )
        for model, table in scores.items()
    }


def _join(scores: pd.DataFrame, refits: pd.DataFrame) -> pd.DataFrame:
    table = scores.assign(psis_elpd=scores["elpd"], fits=0, divergent=0)
    found = refits.astype(float).reindex(table["left_out"]).set_axis(table.index)
    tried, exact = table["left_out"].isin(refits.index), found["elpd"].notna()
    within = table["elpd"] + table["p_loo"]
    for column in REFITTED:
        table[column] = found[column].where(exact, table[column]).astype(table[column].dtype)
    table["p_loo"] = within - table["elpd"]
    table["how"] = table["how"].mask(tried, "failed").mask(exact, "refit")
    return table


def compare(pointwise: Mapping[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """Models by their expected log predictive density, the best first, and their weights.

    Args:
        pointwise: as for `rank`.
        seed: of the Bayesian bootstrap.

    Returns:
        What `rank` gives, with the weights by `stacking` and by `pseudo_bma`
        (`weigh_by_bootstrap`), 0 for a model without a score.

    Raises:
        InputError: the models were not scored on the same units.
    """
    table = rank(pointwise)
    scored = list(table.loc[table["elpd"].notna(), "model"])
    counts = next(iter(pointwise.values()))["units"].to_numpy(float)
    weights = pd.DataFrame(0.0, index=table["model"], columns=["stacking", "pseudo_bma"])
    if scored:
        elpd = np.column_stack([pointwise[name]["elpd"] for name in scored])
        weights.loc[scored, "stacking"] = stack(elpd, counts)
        weights.loc[scored, "pseudo_bma"] = weigh_by_bootstrap(elpd, counts, seed)
    return table.join(weights, on="model")


def rank(pointwise: Mapping[str, pd.DataFrame], reference: str | None = None) -> pd.DataFrame:
    """Models by their expected log predictive density, the best first.

    Args:
        pointwise: for each model the same units (`gather_scores`), with `elpd` of one unit,
            `units`, how many such units there are, and so on.
        reference: the model that differences are taken from; none: the best.

    Returns:
        How many `units` there are, `elpd`, its standard error and Monte Carlo error, `difference`
        from the reference and its standard error (paired, over units), whether that is
        `within_noise`, in how many units the model is `worse_in` than the reference, `p_loo`, the
        largest Pareto k, how many units were `refitted`, and of how many the score is `high_k`.
        A model that has no score of some unit has none here, and stands last.

    Raises:
        InputError: the models were not scored on the same units.
    """
    check_units(pointwise)
    names = list(pointwise)
    counts = pointwise[names[0]]["units"].to_numpy(float)
    elpd = np.column_stack([pointwise[name]["elpd"] for name in names]).astype(float)
    total = counts @ elpd
    held_to = (
        names.index(reference) if reference else int(np.argmax(np.nan_to_num(total, nan=-np.inf)))
    )
    difference = elpd - elpd[:, [held_to]]
    error, limit = _sum_error(difference, counts), noise_limit(int(counts.sum()))
    everywhere = (np.abs(difference) > DECISIVE).all(axis=0) & (
        (difference > 0).all(axis=0) | (difference < 0).all(axis=0)
    )
    rows = [_sum_up(pointwise[name], counts) for name in names]
    table = pd.DataFrame(
        {
            "model": names,
            "units": int(counts.sum()),
            "elpd": total,
            "se": _sum_error(elpd, counts),
            "difference": counts @ difference,
            "difference_se": error,
            "within_noise": (np.abs(counts @ difference) <= limit * error) & ~everywhere,
            "worse_in": (counts @ (difference < 0)).astype(int),
            **pd.DataFrame(rows),
        }
    )
    return table.sort_values("elpd", ascending=False, ignore_index=True, kind="stable")


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
    high_k = scores["how"].isin(["high_k", "failed"])
    return {
        # the contacts of a row have one score, and so one error
        "mcse": float(np.sqrt(np.square(counts * scores["mcse"]).sum(skipna=False))),
        "p_loo": float((counts * scores["p_loo"]).sum(skipna=False)),
        "largest_k": float(scores["pareto_k"].max()),
        "refitted": int(counts @ (scores["how"] == "refit")),
        "high_k": int(counts @ high_k),
    }


def weigh_by_bootstrap(elpd: np.ndarray, counts: np.ndarray, seed: int) -> np.ndarray:
    """Pseudo-BMA+ weights (Yao, Vehtari, Simpson and Gelman 2018, section 3.4).

    Akaike-like weights, averaged over a Bayesian bootstrap of the units, so that a difference
    within noise does not count for more than it is.

    Args:
        elpd: units x models.
        counts: how often each unit occurs; the units that a count stands for share its weight.
        seed: of the bootstrap.
    """
    random = np.random.default_rng(seed)
    size = max(1, AT_ONCE // len(counts))
    weights = np.zeros(elpd.shape[1])
    for start in range(0, REPLICATES, size):
        gamma = random.standard_gamma(counts, (min(size, REPLICATES - start), len(counts)))
        shares = gamma / gamma.sum(axis=1, keepdims=True)
        weights += softmax(counts.sum() * shares @ elpd, axis=1).sum(axis=0)
    return weights / REPLICATES


def stack(elpd: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Stacking weights (Yao, Vehtari, Simpson and Gelman 2018).

    Args:
        elpd: units x models.
        counts: how often each unit occurs.

    Returns:
        Weights of the mixture of the models that predicts best, which sum to 1.
    """
    models = elpd.shape[1]
    if models == 1:
        return np.ones(1)
    density = np.exp(elpd - elpd.max(axis=1, keepdims=True))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        mixture = density @ weights
        return -float(counts @ np.log(mixture)), -(counts / mixture) @ density

    from scipy.optimize import minimize

    found = minimize(
        loss,
        np.full(models, 1 / models),
        jac=True,
        method="SLSQP",
        bounds=[(0, 1)] * models,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        options={"ftol": 1e-12, "maxiter": 1000},
    )
    weights = np.clip(found.x, 0, None)
    return np.asarray(weights / weights.sum())


def _sum_error(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Standard error of the sum over units, each occurring `counts` times."""
    total = counts.sum()
    mean = counts @ values / total
    variance = counts @ np.square(values - mean) / max(total - 1, 1)
    return np.asarray(np.sqrt(total * variance))
