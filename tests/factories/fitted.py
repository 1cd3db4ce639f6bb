"""A fitted model in words: what its files hold, with chosen numbers."""

import numpy as np
import pandas as pd

from .labels import labels_of
from .names import named, term

LABELS = labels_of({"promo": ["No", "Yes"], "shop": ["A", "B, [x]", "<b>C</b>"]})
TERM = term("shop", LABELS.factors["shop"], "Intercept", "promo[Yes]")
NAMES = named(["promo[Yes]"], TERM)
DESIGN = {
    "centring": [1.0, 0.0, 1.0, 0.97, 1.0, 1.0],
    "absorbed_by": [0, 0],
}
SETTINGS = {
    "formula": "promo + (1 + promo | shop)",
    "about": "Shops *scatter*.",
    "link": "logit",
    "family": "binomial",
    "program": None,
    "intercept_prior_at": "cells",
    "priors": {
        "intercept": "normal(0, 1)",
        "slope": "student_t(3, 0, 2.5)",
        "sd": "normal(0, 1)",
        "correlation": "lkj(1)",
        "coefficients": {},
    },
    "sampling": {"warmup": 1000, "adapt_delta": 0.95, "centring": "auto"},
}
PARAMETERS = list(NAMES["parameter"])


def parameters(names=PARAMETERS):
    at = np.arange(len(names)) / 10 + 0.123456
    return pd.DataFrame(
        {
            "parameter": names,
            "mean": at,
            "sd": 0.5,
            "median": at,
            "lower": at - 0.8,
            "upper": at + 0.8,
            "above_0": 0.6,
        }
    )


def diagnostics(names=PARAMETERS, mcse=0.002):
    return pd.DataFrame(
        {
            "parameter": names,
            "mean": 0.0,
            "sd": 0.5,
            "mcse_mean": mcse,
            "mcse_sd": mcse,
            "rhat": 1.0004,
            "ess_bulk": 12345.6,
            "ess_tail": 999.5,
        }
    )


def verdict(**found):
    limits = {"rhat": 1.01, "ess_bulk": 400.0, "divergences": 0.0, "ebfmi": 0.3}
    checks = [
        {
            "check": name,
            "found": found.get(name, limit),
            "limit": limit,
            "worst": "r_shop[B, [x], Intercept]" if name in ("rhat", "ess_bulk") else "",
            "passed": name not in found,
        }
        for name, limit in limits.items()
    ]
    return {
        "passed": not found,
        "checks": checks,
        "draws": 4000,
        "chains": 4,
        "gradients": 28000,
    }


def predictive(covered):
    rows = [
        {
            "cell": f"cell {i}",
            "kind": kind,
            "successes": 5 + i,
            "trials": 50,
            "mean": 10.0,
            "lower": 4.0,
            "upper": 16.0,
            "covered": inside or kind == "prior",
            "pit": 0.5,
        }
        for kind in ("prior", "posterior")
        for i, inside in enumerate(covered)
    ]
    return pd.DataFrame(rows)


def judged(margin="channel", kind="posterior", missed=True, **more):
    """A test of one margin, as `margins.judge_margins` gives it."""
    row = {"kind": kind, "margin": margin, "levels": 3, "covered": 1, "least": 1}
    return row | {"surprising": 1, "p": 0.001, "missed": missed} | more
