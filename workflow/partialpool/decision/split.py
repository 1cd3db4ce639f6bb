"""Whether contacts were split between the arms as planned: a test of sample ratio mismatch.

Where assignment is by chance, the contacts of the arms are multinomial with the planned shares.
Pearson's chi-square holds what came against that, and so does a Bayes factor (Gunel and Dickey
1974), whose alternative draws the shares from Dirichlet distributions around the planned ones. How
tightly it holds them is not known, so it is averaged over powers of ten (Good 1967); like that
of Lindon and Malek (2020) it stays valid however often one looks. A split is called a mismatch
where both say so: p below .001 is what experimenters use (Kohavi, Tang and Xu 2020), and Bayes
factors above ten count as strong (Jeffreys 1961). Over several places, p is multiplied and the
Bayes factor divided by their number (Bonferroni's correction).

Contacts of one customer are not assigned one by one. Counts are divided by the design effect
that they have if a customer always meets one arm (Rao and Scott 1981).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import chdtrc, gammaln, logsumexp, xlogy

from partialpool.cells.question import ALL
from partialpool.errors import InputError

ALARM = 0.001
"""The p that a split must come below."""
STRONG = 10.0
"""The Bayes factor that it must reach."""
FEW = 5
"""Expected contacts of an arm, below which Pearson's chi-square has no chi-square distribution."""
SIMULATED = 20_000
CONCENTRATIONS = 10.0 ** np.arange(7)
"""As how many contacts the alternative holds the planned shares."""
Call = Literal["strays", "doubtful", "chance"]


def hold_split(
    planned: Mapping[str, float], crossing: pd.DataFrame, design_effect: float = 1.0
) -> dict[str, Any]:
    """The planned split held against what came, over all contacts and in every place.

    Args:
        planned: a share for each arm, in any unit: only their ratios count. Arms beyond those of
            the contacts are ones that nobody was given.
        crossing: contacts (`trials`) by `within` and `treatment` (`exploration.cross`).
        design_effect: by how much contacts of one customer widen the spread of counts.

    Returns:
        `call`: `strays` where p and Bayes factor agree that chance does not explain the split over
        all contacts or in a place, `doubtful` where only one of them says so, else `chance`;
        `overall` and `places`, each with `within`, `contacts`, `arms` (`treatment`, `planned`,
        `contacts`, `share`), `chi_square`, `p`, `log10_bayes_factor` (both corrected for the
        number of places) and its own `call`; and the `design_effect`.

    Raises:
        InputError: an arm has contacts, but no planned share.
    """
    counts = crossing.pivot_table(
        index="within", columns="treatment", values="trials", aggfunc="sum", observed=True
    )
    if strange := next((arm for arm in counts if arm not in planned), None):
        raise InputError(
            f"decision.split: found nothing for {strange!r}, expected a share for all levels"
        )
    counts = counts.reindex(columns=list(planned)).fillna(0.0)
    shares = np.array(list(planned.values())) / sum(planned.values())
    overall = _hold(ALL, counts.sum(), shares, design_effect, 1)
    places = counts.drop(index=ALL, errors="ignore")
    found = [
        _hold(str(place), row, shares, design_effect, len(places))
        for place, row in places.iterrows()
    ]
    calls = [one["call"] for one in (overall, *found)]
    worst = next((call for call in ("strays", "doubtful") if call in calls), "chance")
    return {"call": worst, "design_effect": design_effect, "overall": overall, "places": found}


def weigh_fairness(
    planned: Mapping[str, float] | None, crossing: pd.DataFrame, ledger: Mapping[str, Any]
) -> dict[str, Any]:
    """Whether it was a fair experiment, as facts for the decision.

    Args:
        planned: the planned shares of the arms, if there was a plan.
        crossing: as for `hold_split`.
        ledger: of the cells; it has `ids` (`ids.book_ids`) where the source tells whose contact
            a row is.

    Returns:
        `split` (`hold_split`) where one was planned, and the `ids` of the ledger where it has some.

    Raises:
        InputError: as `hold_split`.
    """
    ids = ledger.get("ids")
    found: dict[str, Any] = {} if ids is None else {"ids": ids}
    if planned is not None:
        design_effect = 1.0 if ids is None else ids["design_effect"]
        found["split"] = hold_split(planned, crossing, design_effect)
    return found


def _hold(
    place: str, counts: pd.Series[float], shares: np.ndarray, design_effect: float, tests: int
) -> dict[str, Any]:
    """One place's contacts by arm held against the planned shares, as one test of several."""
    came, total = counts.to_numpy(dtype=float), float(counts.sum())
    effective = came / design_effect
    chi_square, p = chi_square_of(effective, shares)
    p = min(1.0, p * tests)
    log_factor = log_bayes_factor(effective, shares) - np.log(tests)
    return {
        "within": place,
        "contacts": int(total),
        "arms": [
            {"treatment": str(arm), "planned": float(plan), "contacts": int(n), "share": n / total}
            for arm, plan, n in zip(counts.index, shares, came, strict=True)
        ],
        "chi_square": chi_square,
        "p": p,
        "log10_bayes_factor": float(log_factor / np.log(10)),
        "call": _call(p, log_factor),
    }


def _call(p: float, log_factor: float) -> Call:
    says = p < ALARM, log_factor >= np.log(STRONG)
    return "strays" if all(says) else "doubtful" if any(says) else "chance"


def chi_square_of(counts: np.ndarray, shares: np.ndarray) -> tuple[float, float]:
    """Pearson's chi-square of counts that should have some shares, and its p.

    Where an arm has few contacts to expect, p is exact for two arms and simulated for more.

    Args:
        counts: by arm; those of clustered contacts may be fractions.
        shares: planned, which sum to 1.
    """
    expected = counts.sum() * shares
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    if len(counts) < 2 or expected.min() >= FEW:
        return chi_square, float(chdtrc(len(counts) - 1, chi_square)) if len(counts) > 1 else 1.0
    total = max(1, round(counts.sum()))
    if len(counts) == 2:
        from scipy.stats import binomtest  # half a second to import, and seldom needed

        return chi_square, float(binomtest(min(round(counts[0]), total), total, shares[0]).pvalue)
    drawn = np.random.default_rng(total).multinomial(total, shares, SIMULATED)
    far = ((drawn - expected) ** 2 / expected).sum(axis=1) >= chi_square * (1 - 1e-9)
    return chi_square, float((1 + far.sum()) / (1 + SIMULATED))


def log_bayes_factor(counts: np.ndarray, shares: np.ndarray) -> float:
    """Logarithm of how much better other shares than the planned ones explain counts.

    The mean over `CONCENTRATIONS` c of B(c shares + counts) / B(c shares) over the product of
    shares to the power of counts, with B the multivariate beta function.

    Args:
        counts: by arm.
        shares: planned, which sum to 1.
    """
    prior = CONCENTRATIONS[:, None] * shares
    grown = gammaln(prior + counts) - gammaln(prior)
    whole = gammaln(CONCENTRATIONS) - gammaln(CONCENTRATIONS + counts.sum())
    logs = grown.sum(axis=1) + whole - xlogy(counts, shares).sum()
    return float(logsumexp(logs) - np.log(len(CONCENTRATIONS)))
