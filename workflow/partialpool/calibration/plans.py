"""An experiment before there are data: how many contacts it needs, and what looking in costs.

Experiments are simulated with the smallest lift that matters, and with none; each is analysed by
the posterior that the stated priors give its counts. With a lift, the last arm is ahead of the
others, which are alike: of all rates with such a lift those under which the best arm is hardest to
find (Bechhofer 1954).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from partialpool.calibration.experiments import Law, posteriors
from partialpool.calibration.needs import contacts_needed
from partialpool.errors import InputError
from partialpool.model.beliefs import ModelPriors
from partialpool.sampling.engines import derive_seed
from partialpool.settings.plan import MOST_CONTACTS, Plan

POINTS = 1024
"""Of each posterior."""
AROUND = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Multiples of a first guess that are tried."""
LIFT, NONE = "lift", "none"
"""The two worlds that experiments are simulated in."""


@dataclass(frozen=True)
class Simulated:
    """Experiments of one size in one world, look after look."""

    contacts: np.ndarray
    """Of each arm, at each look."""
    rates: np.ndarray
    """The true ones, experiments x arms."""
    chances: np.ndarray
    """Of each arm to be best: looks x experiments x arms."""
    expected: np.ndarray
    """Rates at the end, experiments x arms."""

    @property
    def leaders(self) -> np.ndarray:
        """The arm that is ahead at the end of each experiment: of the smallest expected loss."""
        return np.asarray(self.expected.argmax(axis=1))

    def calls(self, probability: float) -> np.ndarray:
        """The arm that is called at each look, looks x experiments; -1 for none."""
        return np.where(self.chances.max(axis=2) >= probability, self.chances.argmax(axis=2), -1)

    def first_calls(self, probability: float) -> tuple[np.ndarray, np.ndarray]:
        """The look at which each experiment has its first call (the last without one), and it."""
        calls = self.calls(probability)
        called = calls >= 0
        look = np.where(called.any(axis=0), called.argmax(axis=0), len(calls) - 1)
        return look, calls[look, np.arange(calls.shape[1])]

    def is_right(self, arms: np.ndarray, lift: float) -> np.ndarray:
        """Of one arm of each experiment, whether none is better by the lift or more."""
        own = np.take_along_axis(self.rates, np.maximum(arms, 0)[:, None], axis=1)[:, 0]
        return np.asarray((arms >= 0) & (self.rates.max(axis=1) - own < lift * (1 - 1e-9)))


def law_of(plan: Plan) -> Law:
    """The model of a planned experiment: `1 + arm`, as the design of equal cells has it.

    Raises:
        InputError: a flat prior, or a belief that its base rate leaves no room for.
    """
    arms = plan.names
    priors = ModelPriors(plan.priors, plan.link)
    treated = np.eye(len(arms))[:, 1:]
    at = 0.0 if plan.intercept_prior_at == "reference" else treated.mean(axis=0)
    stated = [priors.prior("intercept", "Intercept")]
    stated += [priors.prior("slope", f"arm[{name}]") for name in arms[1:]]
    design = np.column_stack([np.ones(len(arms)), treated - at])
    try:
        return Law(design, stated, plan.link)
    except InputError as error:
        raise InputError(f"priors: {error}") from None


def simulate(plan: Plan, contacts: Sequence[int], world: str) -> Simulated:
    """Experiments in one world, with their posteriors at each look.

    Args:
        plan: what is assumed.
        contacts: of each arm, at each look.
        world: `LIFT` or `NONE`.
    """
    about = ("plans", world, str(contacts[-1]), str(len(contacts)))
    random = np.random.default_rng(derive_seed(plan.seed, *about))
    law, arms = law_of(plan), len(plan.names)
    low, high = np.array(plan.rates).T
    first = random.random((plan.replicates, 1))
    # a range that all arms have is one rate that is not known, those by arm are as many
    place = random.random((plan.replicates, arms)) if isinstance(plan.rate, dict) else first
    rates = low + place * (high - low) if world == LIFT else low[0] + first * (high[0] - low[0])
    rates = np.broadcast_to(rates, (plan.replicates, arms))
    steps = np.diff(contacts, prepend=0)
    successes = np.cumsum([random.binomial(step, rates) for step in steps], axis=0)
    chances, expected = [], np.zeros(rates.shape)
    for look, (so_far, of) in enumerate(zip(contacts, successes, strict=True)):
        seed = derive_seed(plan.seed, *about, "points", str(look))
        found = list(posteriors(law, of, np.full(of.shape, so_far), POINTS, seed))
        chances.append(np.concatenate([posterior.chances_best() for posterior in found]))
        if look == len(contacts) - 1:
            to_rate = law.likelihood.rate
            expected = np.concatenate([p.mean(to_rate(p.eta)) for p in found])
    return Simulated(np.asarray(contacts), rates, np.array(chances), expected)


def try_size(plan: Plan, contacts: int) -> dict[str, Any]:
    """What experiments of one size come to that are looked at once, at their end.

    Args:
        plan: what is assumed.
        contacts: of each arm.

    Returns:
        `called_right` and `called_wrong`, shares of the experiments with the lift, `called_falsely`
        of those without one, each with its standard error; `best_ahead`, the share with the lift
        that ends with the right arm ahead, called or not; and with a value what the experiment then
        brings against the reference (`gain`), its `cost`, and `net`.
    """
    lifted, none = (simulate(plan, [contacts], world) for world in (LIFT, NONE))
    calls = lifted.calls(plan.probability)[0]
    right = lifted.is_right(calls, plan.lift)
    shares = {
        "called_right": right,
        "called_wrong": (calls >= 0) & ~right,
        "called_falsely": none.calls(plan.probability)[0] >= 0,
    }
    row: dict[str, Any] = {"contacts": contacts, "replicates": plan.replicates}
    for name, of in shares.items():
        row |= _share(name, of)
    row["best_ahead"] = float(lifted.is_right(lifted.leaders, plan.lift).mean())
    if plan.value is not None and plan.campaign is not None:
        chosen = np.take_along_axis(lifted.rates, lifted.leaders[:, None], axis=1)[:, 0]
        gain = plan.value * plan.campaign * float((chosen - lifted.rates[:, 0]).mean())
        cost = plan.cost * contacts * len(plan.names)
        row |= {"gain": gain, "cost": cost, "net": gain - cost}
    return row


def find_sizes(plan: Plan) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Sizes that were tried, and how many contacts of each arm are needed.

    Returns:
        `try_size` of every size, and `needs.contacts_needed`, with `planned`, the contacts of each
        arm that looks are told for: those needed in two digits, or the size that is nearest to it.
    """
    tried = {size: try_size(plan, size) for size in _first_sizes(plan)}
    while not plan.contacts and (size := _further(tried, plan.share)):
        tried[size] = try_size(plan, size)
    needed = contacts_needed(_as_lifts(tried, plan), plan.share)
    contacts = needed["contacts"]
    if contacts:
        planned = _round_up(contacts)
        tried[planned] = tried.get(planned) or try_size(plan, planned)
    else:
        planned = max(tried) if contacts is None else min(tried)
    table = pd.DataFrame([tried[size] for size in sorted(tried)])
    return table, {**needed, "planned": planned}


def _first_sizes(plan: Plan) -> list[int]:
    """Those that are asked for, or some around what two arms would need if all were normal."""
    if plan.contacts:
        return sorted(set(plan.contacts))
    means = sorted(sum(ends) / 2 for ends in plan.rates)[-2:]
    variance = sum(rate * (1 - rate) for rate in means)
    needed = (ndtri(plan.probability) + ndtri(max(plan.share, 0.5))) ** 2 * variance / plan.lift**2
    return sorted({int(np.clip(needed * by, 1, MOST_CONTACTS)) for by in AROUND})


def _further(tried: dict[int, dict[str, Any]], share: float) -> int | None:
    """A size beyond those tried, where none reaches the share, or all do."""
    least, most = min(tried), max(tried)
    reached = {size: row["called_right"] >= share for size, row in tried.items()}
    if not reached[most]:
        return min(2 * most, MOST_CONTACTS) if most < MOST_CONTACTS else None
    return least // 2 if reached[least] and least > 1 else None


def _as_lifts(tried: dict[int, dict[str, Any]], plan: Plan) -> pd.DataFrame:
    """Sizes as `contacts_needed` reads those of campaigns."""
    table = pd.DataFrame(tried.values())
    names = {"called_right": "gain", "called_right_se": "gain_se"}
    kept = table[["contacts", "replicates", *names]].rename(columns=names)
    return kept.assign(lift=plan.lift)


def _round_up(contacts: float) -> int:
    """Up to two significant digits."""
    unit: int = 10 ** max(0, int(np.floor(np.log10(contacts))) - 1)
    return int(np.ceil(contacts / unit - 1e-9)) * unit


def _share(name: str, of: np.ndarray) -> dict[str, float]:
    share = float(of.mean())
    return {name: share, f"{name}_se": float(np.sqrt(share * (1 - share) / len(of)))}
