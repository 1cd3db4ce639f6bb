"""Priors as SciPy's distributions: the one statement of each law, for draws, densities, quantiles.

The densities that judge the Stan program, the oracle's and the tests', state theirs by themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from partialpool.settings.priors import HALVED, Prior, PriorClass


class HalfStudentT(stats.rv_continuous):  # type: ignore[misc]  # SciPy has no types
    """The absolute value of a Student t, as `scipy.stats.halfnorm` is that of a normal."""

    def _pdf(self, x: np.ndarray, df: np.ndarray) -> Any:
        return 2 * stats.t.pdf(x, df)

    def _logpdf(self, x: np.ndarray, df: np.ndarray) -> Any:
        return np.log(2) + stats.t.logpdf(x, df)

    def _cdf(self, x: np.ndarray, df: np.ndarray) -> Any:
        return 2 * stats.t.cdf(x, df) - 1

    def _sf(self, x: np.ndarray, df: np.ndarray) -> Any:
        return 2 * stats.t.sf(x, df)

    def _ppf(self, q: np.ndarray, df: np.ndarray) -> Any:
        return stats.t.ppf((1 + q) / 2, df)

    def _rvs(self, df: float, size: Any = None, random_state: Any = None) -> Any:
        return np.abs(random_state.standard_t(df, size=size))


half_student_t = HalfStudentT(a=0.0, name="half_student_t")


def as_distribution(prior: Prior, of: PriorClass, size: int = 2) -> Any:
    """A prior as a frozen distribution of SciPy.

    Args:
        prior: on the scale of the link.
        of: the class of parameter; of `sd` and `phi` it is the half above 0 of one that reaches
            below.
        size: of the correlation matrix whose entries an LKJ prior is about: each is marginally
            2 beta(a, a) - 1 with a = shape - 1 + size / 2 (Lewandowski, Kurowicka and Joe 2009).

    Raises:
        ValueError: a flat prior, which is no distribution.
    """
    half, at = of in HALVED, {"loc": prior.location, "scale": prior.scale}
    match prior.family:
        case "normal":
            return (stats.halfnorm if half else stats.norm)(**at)
        case "student_t" | "cauchy":
            return (half_student_t if half else stats.t)(prior.df, **at)
        case "exponential":
            return stats.expon(scale=prior.scale)
        case "gamma":
            return stats.gamma(prior.shape, scale=prior.scale)
        case "inv_gamma":
            return stats.invgamma(prior.shape, scale=prior.scale)
        case "lognormal":
            return stats.lognorm(prior.shape, scale=prior.scale)
        case "uniform":
            return stats.uniform(**at)
        case "constant":
            return stats.rv_discrete(values=([prior.location], [1.0]))()
        case "lkj":
            a = prior.shape - 1 + size / 2
            return stats.beta(a, a, loc=-1, scale=2)
    raise ValueError(f"the prior {prior} is no distribution")
