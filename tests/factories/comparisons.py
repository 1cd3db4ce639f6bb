"""Facts of two models side by side, one that pools and one that does not, with chosen numbers."""

import numpy as np
import pandas as pd

from .labels import labels_of
from .names import coefficients_of, named, term

LABELS = labels_of(
    {"promo": ["No", "Yes"], "shop": ["A", "B", "<i>C</i>"]},
    phrases={"promo": {"Yes": "the bundle", "No": "the pass alone"}, "shop": {"B": "in B"}},
    models=["interaction", "multilevel"],
)

CONTACT, CELL = ("contact", "contacts"), ("cell", "cells")

LEVEL = ("level of shop", "levels of shop")


def scores(*rows, units=1000, noise=2.0):
    columns = ["model", "elpd", "difference", "difference_se"]
    frame = pd.DataFrame(rows, columns=columns)
    within = frame["difference"].abs() <= noise * frame["difference_se"]
    told = {"se": 2.0, "p_loo": 3.0, "stacking": 0.5, "pseudo_bma": 0.4, "largest_k": 0.2}
    told |= {"at_most": frame["elpd"], "behind": ~within & (frame["difference"] < 0)}
    return frame.assign(units=units, within_noise=within, worse_in=2, high_k=0, **told)


def summary(mean, sd=0.1):
    return {
        "mean": mean,
        "sd": sd,
        "median": mean,
        "lower": mean - 1.6 * sd,
        "upper": mean + 1.6 * sd,
        "above_0": float(mean > 0),
        "above_null": float(mean > 0),
    }


def effects(ratios, base=0.0):
    """Log odds ratios by level, as `effects.estimate_effects` gives them."""
    rows = []
    for level, ratio in {**ratios, "": 0.0}.items():
        quantities = {
            ("No", "log_odds"): summary(base),
            ("Yes", "log_odds_ratio"): summary(ratio, 0.3 if level == "B" else 0.1),
            ("Yes", "odds_ratio"): summary(np.exp(ratio), 0.4),
            ("Yes", "lift"): summary(ratio / 10, 0.02),
        }
        rows += [
            {"within": level, "treatment": treatment, "quantity": quantity, **values}
            for (treatment, quantity), values in quantities.items()
        ]
    return pd.DataFrame(rows)


def parameters(**means):
    return pd.DataFrame([{"parameter": n, **summary(m)} for n, m in means.items()])


ALONE = parameters(
    **{
        "Intercept": 0.0,
        "promo[Yes]": -0.8,
        "promo[Yes]:shop[B]": 0.1,
        "promo[Yes]:shop[<i>C</i>]": 2.6,
    }
)

POOLED = parameters(**{"sd_shop[Intercept]": 1.0, "r_shop[A, Intercept]": 0.2})

ALONE_EFFECTS = effects({"A": -0.8, "B": -0.7, "<i>C</i>": 1.8})

PARAMETERS = {"interaction": ALONE, "multilevel": POOLED}
NAMES = {
    "interaction": named(ALONE["parameter"]),
    "multilevel": named([], term("shop", LABELS.factors["shop"], "Intercept")),
}
COEFFICIENTS = {
    "interaction": coefficients_of("promo + promo:shop", LABELS),
    "multilevel": coefficients_of("0", LABELS),
}

CELLS = pd.DataFrame({"shop": ["A", "A", "B", "<i>C</i>"], "trials": [90, 90, 80, 1200]})


def left_out(model, how, k=0.9, elpd=-5.0, psis=-4.0, fits=2):
    """Scores of one model, a row for each way in which they came about."""
    table = pd.DataFrame({"how": how, "pareto_k": k, "elpd": elpd, "psis_elpd": elpd})
    refitted = table["how"] == "refit"
    table.loc[refitted, "psis_elpd"] = psis
    names = [f"cell {i}" for i in range(len(table))]
    told = {"model": model, "left_out": names, "trials": 1234, "limit": 0.7, "mcse": 0.3}
    return table.assign(**told, fits=fits * refitted, divergent=refitted.astype(int), units=1)


def predictions():
    rows = []
    for cell, rate, sd in (("No, A", 0.5, 0.01), ("Yes, <i>C</i>", 0.3, 0.04)):
        rows.append({"cell": cell, "quantity": "rate", **summary(rate, sd)})
        rows.append({"cell": cell, "quantity": "future_successes", **summary(100 * rate, 6.1)})
    return pd.DataFrame(rows)


def predictions_of(count):
    rows = [
        {"cell": f"c{i}", "quantity": quantity, **summary(0.2 * scale, 0.01 * scale)}
        for i in range(count)
        for quantity, scale in (("rate", 1), ("future_successes", 100))
    ]
    return pd.DataFrame(rows)
