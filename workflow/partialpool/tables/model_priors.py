"""The table of one model's priors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from partialpool.beliefs import ModelPriors
from partialpool.priors import Prior, PriorClass
from partialpool.settings import Priors
from partialpool.tables import Table
from partialpool.wording.phrases import Labels

MEANINGS = {
    "intercept": "the intercept, a log-odds",
    "slope": "every other population-level coefficient, a difference in log-odds",
    "sd": "how far an effect scatters over levels; the half above 0",
    "correlation": "how the effects of one level go together",
}


def tabulate_priors(
    settings: Mapping[str, Any],
    index: Mapping[str, Sequence[str]],
    design: Mapping[str, Any],
    labels: Labels,
    model: str,
) -> Table:
    """The priors of the classes of parameters that the model has, and where they put their mass.

    Args:
        settings: of the model (`settings.Model`).
        index: parameter names by kind (`Design.index`).
        design: Stan's data (`design.stan_data`), for the sizes of the correlation matrices.
        labels: the words of the analysis.
        model: its name.
    """
    population = index["population"]
    has: dict[PriorClass, bool] = {
        "intercept": "Intercept" in population,
        "slope": any(name != "Intercept" for name in population),
        "sd": bool(index["sd"]),
        "correlation": bool(index["correlation"]),
    }
    stated = ModelPriors(
        Priors(**settings["priors"]), settings.get("link", "logit"), has["intercept"]
    )
    low = f"{labels.percent_interval} from"
    rows = []
    for of in (of for of, present in has.items() if present):
        prior = stated.prior(of)
        lower, upper = central(prior, of, labels.interval, max(design["coefs"], default=0))
        rows.append(
            {"class": of, "prior": str(prior), low: lower, "to": upper, "of what": MEANINGS[of]}
        )
    return Table(
        pd.DataFrame(rows).set_index("class"),
        f"Priors of the {model} model by class of parameter, and the interval that each gives.",
        note="On the log-odds scale"
        + (", but for the correlation, that of the largest term." if has["correlation"] else "."),
    )


def central(prior: Prior, of: str, interval: float, size: int) -> tuple[float, float]:
    """Equal-tailed interval of a prior.

    Args:
        prior: the distribution.
        of: the class of parameter; of a `sd` it is the half above 0.
        interval: the probability inside.
        size: of the correlation matrix, whose entries are marginally
            2 beta(a, a) - 1 with a = shape - 1 + size / 2 (Lewandowski, Kurowicka and Joe 2009).
    """
    at = np.array([(1 - interval) / 2, (1 + interval) / 2])
    match prior.family:
        case "exponential":
            found = stats.expon.ppf(at, scale=prior.scale)
        case "lkj":
            shape = prior.shape - 1 + size / 2
            found = 2 * stats.beta.ppf(at, shape, shape) - 1
        case family:
            at = (1 + at) / 2 if of == "sd" else at
            base = stats.norm if family == "normal" else stats.t(prior.df)
            found = prior.location + prior.scale * base.ppf(at)
    return float(found[0]), float(found[1])
