"""How much the posterior leans on its priors, and how much on the data, by power scaling.

Prior or likelihood is raised to a power near 1, which reweights the draws; how fast a quantity's
distribution then moves is its sensitivity (Kallioinen, Paananen, Bürkner and Vehtari 2023).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from arviz_stats.base.array import array_stats
from scipy.special import softmax

from partialpool.checks.oracle.density import Density
from partialpool.posterior.draws import sampled_parameters
from partialpool.posterior.fit import Fit
from partialpool.posterior.rates import Rate, contrast
from partialpool.sampling.stan_data import StanData

ALPHAS = (0.99, 1.01)
"""Powers to which prior and likelihood are raised."""
NOTABLE = 0.05
"""From this sensitivity on, a quantity depends on what was scaled (Kallioinen et al. 2023)."""
COLUMNS = ["kind", "parameter", "within", "treatment", "to_prior", "to_likelihood", "diagnosis"]
Contrasts = Mapping[tuple[str, str], Rate]
"""Draws of the rate by level of `within` and of the treatment (`effects.standardised_rates`)."""


def log_prior(data: StanData, draws: xr.Dataset) -> np.ndarray:
    """Log prior density of the parameters that have priors of their own, chains x draws.

    That is of the intercept where its prior holds, slopes, standard deviations, correlations and
    phi; not of effects, whose distribution is part of the model. Up to a constant.

    Args:
        data: of the Stan program.
        draws: the parameters.
    """
    density, shape = Density(data), (draws.sizes["chain"], draws.sizes["draw"])

    def values(kind: str) -> np.ndarray:
        empty = np.zeros((shape[0] * shape[1], 0))
        return draws[kind].values.reshape(len(empty), -1) if kind in draws else empty

    first, slopes = np.split(values("population"), [int(data.has_intercept)], axis=1)
    total = density.log_prior_of("intercept", first + (slopes @ density.X_at)[:, None])
    total += density.log_prior_of("slope", slopes)
    total += density.log_prior_of("sd", values("sd")) + density.log_prior_of("phi", values("phi"))
    total += density.log_lkj(values("correlation"))
    return np.asarray(total.reshape(shape))


def log_likelihood(fit: Fit) -> np.ndarray:
    """Log likelihood of all cells together, chains x draws, up to a constant."""
    total = np.zeros(fit.shape).ravel()
    y, n = fit.cells["successes"].to_numpy(), fit.cells["trials"].to_numpy()
    for chunk, eta in fit.predict(fit.cells):
        total += fit.likelihood.log_mass(eta, y[chunk], n[chunk], fit.phi).sum(axis=1)
    return total.reshape(fit.shape)


def measure_sensitivity(
    draws: xr.Dataset,
    rates: Contrasts,
    prior: np.ndarray | None,
    likelihood: np.ndarray,
    contrasted: bool = True,
) -> pd.DataFrame:
    """Sensitivity of every parameter but single effects, and of what is compared.

    Args:
        draws: the parameters.
        rates: of the treatment's levels, where they are compared; the first is the reference.
        prior: `log_prior`; none where it is not known.
        likelihood: `log_likelihood`.
        contrasted: whether lifts and ratios are told, too.

    Returns:
        A row for each quantity: its `kind` (`parameter`; `lift` of a treatment, `rate`, also of the
        reference, and `ratio` of the two rates), `parameter`, or `within` and `treatment`; its
        sensitivities, `to_prior` and `to_likelihood`; and a `diagnosis`:
        `conflict` where both are notable, `weak` where only that to the prior is, else empty. No
        rows where the prior is not known.
    """
    if prior is None:
        return pd.DataFrame(columns=COLUMNS)
    scaled = [_weights(prior), _weights(likelihood)]
    rows = []
    for kind, names, values in _quantities(draws, rates, prior.shape, contrasted):
        of_prior, of_likelihood = (_sensitivity(values, weights) for weights in scaled)
        found = diagnose(of_prior, of_likelihood)
        rows.append((kind, *names, of_prior, of_likelihood, found))
    return pd.DataFrame(rows, columns=COLUMNS)


def diagnose(prior: float, likelihood: float) -> str:
    """What two sensitivities say together (Kallioinen et al. 2023, table 1)."""
    if not prior >= NOTABLE:
        return ""
    return "conflict" if likelihood >= NOTABLE else "weak"


def _quantities(
    draws: xr.Dataset, rates: Contrasts, shape: tuple[int, ...], contrasted: bool
) -> list[tuple[str, tuple[str, str, str], np.ndarray]]:
    compared = _compared(rates, shape)
    return [*_parameters(draws), *(row for row in compared if contrasted or row[0] == "rate")]


def _parameters(draws: xr.Dataset) -> list[tuple[str, tuple[str, str, str], np.ndarray]]:
    named = sampled_parameters(draws.drop_vars("effect", errors="ignore"))
    return [("parameter", (name, "", ""), values) for name, values in named.items()]


def _compared(
    rates: Contrasts, shape: tuple[int, ...]
) -> list[tuple[str, tuple[str, str, str], np.ndarray]]:
    """Lifts, then rates, then ratios; the latter two as logarithms, so that costs are told too."""
    reference = next(iter(rates))[1]
    treated = {key: rate for key, rate in rates.items() if key[1] != reference}
    lifts, ratios = (
        {
            (where, treatment): contrast(rate, rates[where, reference])[quantity]
            for (where, treatment), rate in treated.items()
        }
        for quantity in ("lift", "relative_rate")
    )
    kinds = {
        "lift": lifts,
        "rate": {key: rate.log_success for key, rate in rates.items()},
        "ratio": {key: np.log(ratio) for key, ratio in ratios.items()},
    }
    return [
        (kind, ("", *key), values.reshape(shape))
        for kind, of in kinds.items()
        for key, values in of.items()
    ]


def _weights(log_density: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Weights of draws under a density raised to each power; none where it is constant."""
    if np.ptp(log_density) == 0:
        return None
    lower, upper = (
        softmax(array_stats.power_scale_lw(log_density, alpha=alpha, axis=(0, 1)))
        for alpha in ALPHAS
    )
    return lower, upper


def _sensitivity(values: np.ndarray, weights: tuple[np.ndarray, np.ndarray] | None) -> float:
    if weights is None or np.ptp(values) == 0:
        return 0.0
    (lower, upper), (low, high) = weights, ALPHAS
    return float(array_stats.power_scale_sense(values, lower, upper, low, high))
