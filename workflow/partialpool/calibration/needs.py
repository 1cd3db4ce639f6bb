"""How many contacts a lift needs, read from campaigns of several sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression


def list_needs(lifts: pd.DataFrame, share: float) -> list[dict[str, Any]]:
    """How many contacts each lift of each treatment needs (`contacts_needed`).

    Args:
        lifts: `summarise_lifts`.
        share: of the campaigns.
    """
    return [
        {"treatment": treatment, "lift": lift, **contacts_needed(of, share)}
        for (treatment, lift), of in lifts.groupby(["treatment", "lift"], sort=False)
        if lift != 0
    ]


def contacts_needed(lifts: pd.DataFrame, share: float) -> dict[str, Any]:
    """How many contacts one lift of one treatment needs to be called in a share of campaigns.

    Shares are made to rise with the size of the campaign (pooling those that do not) and read
    between sizes on the logarithm of the contacts.

    Args:
        lifts: the rows of `summarise_lifts` of that lift and treatment.
        share: of the campaigns.

    Returns:
        `contacts`, and `fewest` and `most`, where the share two standard errors above and below
        reaches it; each is none where no size that was tried does, and 0 where all do; `tried`, the
        sizes; `share`.
    """
    lifts = lifts.sort_values("contacts")
    called = "gain" if (lifts["lift"] >= 0).all() else "loss"
    share_of, error = lifts[called].to_numpy(), lifts[f"{called}_se"].to_numpy()
    sizes, fits = lifts["contacts"].to_numpy(), lifts["replicates"].to_numpy()

    def crossing(shares: np.ndarray) -> float | None:
        return _crossing(sizes, isotonic(shares, fits), share)

    return {
        "contacts": crossing(share_of),
        "fewest": crossing(share_of + 2 * error),
        "most": crossing(share_of - 2 * error),
        "tried": [int(size) for size in sizes],
        "share": share,
    }


def isotonic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The nearest values that nowhere fall: falling neighbours are averaged (isotonic)."""
    return np.asarray(isotonic_regression(values, weights=weights).x)


def _crossing(sizes: np.ndarray, shares: np.ndarray, share: float) -> float | None:
    if shares[-1] < share:
        return None
    place = int((shares >= share).argmax())
    if place == 0:
        return 0.0
    below, above = shares[place - 1 : place + 1]
    part = (share - below) / (above - below)
    logs = np.log(sizes[place - 1 : place + 1])
    return float(np.exp(logs[0] + part * (logs[1] - logs[0])))
