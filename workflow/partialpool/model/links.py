"""Links between rates and the scale on which effects add: logit, probit, complementary log-log.

Rates go in pairs with their complements, as logarithms, so that neither is lost where it is all
but 0. `stan/functions/likelihood.stanfunctions` has the same formulas.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, log_expit, log_ndtr, logit, ndtr, ndtri

from partialpool.settings.modelling import Link

LINK_CODES: dict[Link, int] = {"logit": 1, "probit": 2, "cloglog": 3}
"""How `stan/multilevel.stan` numbers the links."""
LINKS: dict[int, Link] = {code: link for link, code in LINK_CODES.items()}
FAR_BELOW = -30.0
"""Below it the complementary log-log's rate is its hazard exp(eta) to the last digit."""
FAR_ABOVE = 700.0
"""Above it a hazard is no longer a floating-point number."""


def to_rate(eta: np.ndarray, link: Link) -> np.ndarray:
    """The rate at each value of the linear predictor."""
    if link == "cloglog":
        return np.asarray(-np.expm1(-_hazard(eta)))
    return np.asarray(expit(eta) if link == "logit" else ndtr(eta))


def to_scale(rate: np.ndarray | float, link: Link) -> np.ndarray:
    """The value of the linear predictor at each rate; infinite at 0 and 1."""
    if link == "cloglog":
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(-np.log1p(-np.asarray(rate))))
    return np.asarray(logit(rate) if link == "logit" else ndtri(rate))


def log_rates(eta: np.ndarray, link: Link) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of the rate and of its complement, exact however far out."""
    if link == "logit":
        return log_expit(eta), log_expit(-eta)
    if link == "probit":
        return log_ndtr(eta), log_ndtr(-eta)
    hazard = _hazard(eta)
    near = np.maximum(hazard, np.exp(FAR_BELOW))
    rate = np.where(eta < FAR_BELOW, eta - hazard / 2, np.log(-np.expm1(-near)))
    return rate, -hazard


def log_odds(eta: np.ndarray, link: Link) -> np.ndarray:
    """The log-odds of the rate at each value of the linear predictor."""
    if link == "logit":
        return eta
    log_p, log_q = log_rates(eta, link)
    return np.asarray(log_p - log_q)


def log_slope(eta: np.ndarray, link: Link) -> np.ndarray:
    """Logarithm of the derivative of the rate by the linear predictor."""
    if link == "probit":
        return np.asarray(-(eta**2 + np.log(2 * np.pi)) / 2)
    if link == "cloglog":
        return np.asarray(eta - _hazard(eta))
    return np.asarray(log_expit(eta) + log_expit(-eta))


def _hazard(eta: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(np.minimum(eta, FAR_ABOVE)))
