"""What looks into an experiment that runs do to wrong calls, and what they save.

The posterior is as right at one look as at another. What grows with looks is the share of
experiments without any lift that are called sooner or later, as an arm that is ahead by chance once
is enough (Armitage, McPherson and Rowe 1969).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from partialpool.calibration.plans import LIFT, NONE, Simulated, simulate
from partialpool.settings.plan import Plan


def weigh_looks(plan: Plan, contacts: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """What stopping at the first call comes to, look after look.

    Args:
        plan: what is assumed.
        contacts: of each arm, at the last look.

    Returns:
        A row per look: `contacts`, and shares of the experiments that are stopped by then:
        `called_falsely` of those without a lift, `called_right` and `called_wrong` of those with
        it; `called_now`, the share without a lift that would be called if this look were the only
        one. And facts (`sum_up`).
    """
    at = np.unique(np.ceil(contacts * np.arange(1, plan.looks + 1) / plan.looks).astype(int))
    lifted, none = (simulate(plan, list(at), world) for world in (LIFT, NONE))
    now = (none.calls(plan.probability) >= 0).mean(axis=1)
    look, call = lifted.first_calls(plan.probability)
    false_look, false_call = none.first_calls(plan.probability)
    right = lifted.is_right(call, plan.lift)
    rows = [
        {
            "look": number + 1,
            "contacts": size,
            "called_now": float(now[number]),
            "called_falsely": float(((false_call >= 0) & (false_look <= number)).mean()),
            "called_right": float((right & (look <= number)).mean()),
            "called_wrong": float(((call >= 0) & ~right & (look <= number)).mean()),
        }
        for number, size in enumerate(map(int, at))
    ]
    return pd.DataFrame(rows), sum_up(plan, lifted, none)


def sum_up(plan: Plan, lifted: Simulated, none: Simulated) -> dict[str, Any]:
    """What looks come to in all.

    Returns:
        `falsely_once` and `falsely_any`: shares of experiments without a lift that are called at
        the last look alone, and at any; `expected` and `expected_none`, contacts of each arm until
        the call, or the end, with the lift and without; `careful`, the probability that a call has
        to have for no more false calls with all looks than at the last alone, with `careful_right`,
        the share of right calls then, and `careful_expected`, the contacts until them.
    """
    once = float((none.calls(plan.probability)[-1] >= 0).mean())
    careful = _careful(none, plan.probability, once)
    look, call = lifted.first_calls(careful)
    return {
        "falsely_once": once,
        "falsely_any": float((none.calls(plan.probability) >= 0).any(axis=0).mean()),
        "expected": _contacts_until(lifted, plan.probability),
        "expected_none": _contacts_until(none, plan.probability),
        "careful": careful,
        "careful_right": float(lifted.is_right(call, plan.lift).mean()),
        "careful_expected": float(lifted.contacts[look].mean()),
        "looks": len(lifted.contacts),
    }


def _careful(none: Simulated, probability: float, once: float) -> float:
    """The least probability that no more experiments without a lift ever reach than `once`."""
    highest = np.sort(none.chances.max(axis=(0, 2)))[::-1]
    allowed = round(once * len(highest))
    if (highest >= probability).sum() <= allowed:
        return probability
    return float(np.nextafter(highest[allowed], 2.0))


def _contacts_until(simulated: Simulated, probability: float) -> float:
    look, _ = simulated.first_calls(probability)
    return float(simulated.contacts[look].mean())
