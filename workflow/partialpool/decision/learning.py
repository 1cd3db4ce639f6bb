"""What further contacts would be worth: the expected value of sample information.

The choice is made for each place, by what its arms are expected to bring. Further contacts change
that expectation; how much is known before they come, because new counts of an arm and a place
follow from the draws of its rate. The expectation after new counts is taken linear in them, the
best linear predictor (credibility: Bühlmann 1967), which is exact where a rate is a beta
variable (Diaconis and Ylvisaker 1979) and carries what places and arms tell of one another by the
covariances of the posterior.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.linalg import solve

MOST_DRAWS = 4000
"""Draws that an expectation is taken over."""
SEARCH_DRAWS = 1000
"""Those of them that allocations are compared by."""
MOST_TOGETHER = 400
"""Rates whose covariances are used; beyond, each place learns from itself alone."""
ROUNDS = 8
"""Times that contacts are moved to where they teach more, at most."""
MOST_MOVED = 16
"""Pairs of place and arm that contacts are moved between."""


@dataclass(frozen=True)
class Choice:
    """A choice of one arm for every place, under what is known of the rates."""

    rates: np.ndarray
    """Draws x places x arms."""
    value: np.ndarray
    """What a success brings: places x arms, expected."""
    cost: np.ndarray
    """What a contact costs: places x arms, expected."""
    shares: np.ndarray
    """Of the contacts that the choice is for, by place; they sum to 1."""
    candidates: np.ndarray
    """Positions of the arms that may be chosen."""

    def missed(self, rates: np.ndarray) -> float:
        """How much more the best arms would bring per contact than those that are best now.

        Args:
            rates: draws x places x arms: those that a choice would know. The difference is taken
                draw by draw, which leaves out what both choices share and is never below 0.
        """
        brings = (rates * self.value - self.cost)[:, :, self.candidates]
        expected = (self.rates.mean(axis=0) * self.value - self.cost)[:, self.candidates]
        now = brings[:, np.arange(len(expected)), expected.argmax(axis=1)]
        return float(((brings.max(axis=2) - now) @ self.shares).mean())

    @property
    def perfect(self) -> float:
        """The expected value of perfect information on the rates, per contact."""
        return self.missed(self.rates)

    @cached_property
    def covariances(self) -> np.ndarray:
        """Of the rates: blocks x rates of a block x rates of a block.

        Where there are few all rates are one block, else each place is one.
        """
        draws, places, arms = self.rates.shape
        together = places * arms <= MOST_TOGETHER
        blocks = self.rates.reshape(draws, *((1, -1) if together else (places, arms)))
        centred = blocks - blocks.mean(axis=0)
        return np.asarray(np.einsum("dbi,dbj->bij", centred, centred, optimize=True) / draws)


def thin_choice(choice: Choice, most: int) -> Choice:
    """The choice with so many draws at most, evenly spread."""
    count = len(choice.rates)
    if count <= most:
        return choice
    at = ((np.arange(most) + 0.5) * count / most).astype(int)
    return replace(choice, rates=choice.rates[at])


def value_of_sample(choice: Choice, contacts: np.ndarray, noise: np.ndarray) -> float:
    """The expected value of sample information, per contact that the choice is for.

    Args:
        choice: what is chosen.
        contacts: further ones, places x arms.
        noise: standard normal, draws x places x arms: what new rates are off by in units of their
            standard error. The same noise makes allocations comparable.
    """
    known = choice.rates
    spread = np.sqrt(known * (1 - known))
    asked = contacts > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        new = known + np.where(asked, spread / np.sqrt(contacts), 0.0) * noise
    variance = np.mean(known * (1 - known), axis=0)
    return choice.missed(_update(choice, new, variance, contacts))


def _update(
    choice: Choice, new: np.ndarray, variance: np.ndarray, contacts: np.ndarray
) -> np.ndarray:
    """The expected rates after new ones, the best linear predictor: draws x places x arms."""
    covariances = choice.covariances
    shape = (len(covariances), -1)
    mean = choice.rates.mean(axis=0)
    change = (new - mean).reshape(len(new), *shape)
    expected = np.zeros(change.shape)
    noises = zip(variance.reshape(shape), contacts.reshape(shape), strict=True)
    for block, (spread, asked) in enumerate(noises):
        at = np.flatnonzero(asked > 0)
        if not len(at):
            continue
        covariance = covariances[block][at]
        # a rate that no draw moves teaches nothing, and would make the matrix singular
        seen = covariance[:, at] + np.diag(spread[at] / asked[at] + 1e-15)
        expected[:, block] = change[:, block][:, at] @ solve(seen, covariance, assume_a="pos")
    return np.asarray(mean + expected.reshape(new.shape))


def allocate(choice: Choice, contacts: int, noise: np.ndarray) -> np.ndarray:
    """Where so many further contacts teach most: places x arms.

    They start in the shares of the places, equally over arms, or over those between which a place
    is open, whichever teaches more; then eighths of them, and halves of that, are moved from where
    they teach least to where they teach most, until none is worth moving.

    Args:
        choice: what is chosen.
        contacts: further ones, in all.
        noise: as for `value_of_sample`.
    """
    starts = [contacts * start for start in _starts(choice)]
    worth = [value_of_sample(choice, start, noise) for start in starts]
    best, found = starts[int(np.argmax(worth))], max(worth)
    movable = np.argsort(-_promise(choice).ravel(), kind="stable")[:MOST_MOVED]
    step = contacts / 8
    for _ in range(ROUNDS):
        moved, better = _move(choice, best, movable, step, noise)
        if better > found * (1 + 1e-6):
            best, found = moved, better
        elif step > contacts / 64:
            step /= 2
        else:
            break
    return best


def _starts(choice: Choice) -> list[np.ndarray]:
    """Shares of places and arms that allocations start from, each summing to 1."""
    size = choice.rates.shape[1:]
    equal = np.broadcast_to(choice.shares[:, None], size) / size[1]
    promise = _promise(choice)
    total = promise.sum()
    return [equal, promise / total] if total > 0 else [np.asarray(equal)]


def _promise(choice: Choice) -> np.ndarray:
    """How much is at stake in each place and arm: places x arms.

    The share of the place times how much an arm may turn out better than the best so far, or the
    best so far worse than the others.
    """
    brings = choice.rates * choice.value - choice.cost
    mean = brings.mean(axis=0)
    promise = np.zeros(mean.shape)
    for place, means in enumerate(mean):
        lead = choice.candidates[means[choice.candidates].argmax()]
        ahead = np.maximum(0, brings[:, place] - brings[:, [place], lead].reshape(-1, 1))
        promise[place, choice.candidates] = ahead.mean(axis=0)[choice.candidates]
        promise[place, lead] = promise[place].max()
    return np.asarray(promise * choice.shares[:, None])


def _move(
    choice: Choice, now: np.ndarray, movable: np.ndarray, step: float, noise: np.ndarray
) -> tuple[np.ndarray, float]:
    """The best move of a step's contacts from one place and arm to another, and what it gives."""
    flat = now.ravel()
    givers = [i for i in movable if flat[i] >= step]
    givers = sorted(givers, key=lambda i: _without(choice, now, i, step, noise), reverse=True)[:2]
    best, worth = now, -np.inf
    for giver in givers:
        for taker in movable:
            if taker == giver:
                continue
            moved = flat.copy()
            moved[giver] -= step
            moved[taker] += step
            value = value_of_sample(choice, moved.reshape(now.shape), noise)
            if value > worth:
                best, worth = moved.reshape(now.shape), value
    return best, worth


def _without(choice: Choice, now: np.ndarray, giver: int, step: float, noise: np.ndarray) -> float:
    less = now.ravel().copy()
    less[giver] -= step
    return value_of_sample(choice, less.reshape(now.shape), noise)


def plan_experiments(
    choice: Choice, sizes: list[int], campaign: int | None, cost: float, seed: int
) -> tuple[pd.DataFrame, dict[int, np.ndarray]]:
    """What experiments of several sizes bring, and how to allocate them.

    Args:
        choice: what is chosen.
        sizes: numbers of further contacts.
        campaign: contacts that the choice is for, where that is known.
        cost: of a contact of the experiment.
        seed: of the noise.

    Returns:
        A row per size: `contacts`, `value` per contact that the choice is for when they are
        allocated best, `value_even` when each place has its share and its arms alike, the
        share `of_perfect` information that it is, and, where the campaign is known, what all that
        `brings`, what it `cost`, and `net`, the difference. And the allocation of each size,
        places x arms.
    """
    choice = thin_choice(choice, MOST_DRAWS)
    fewer = thin_choice(choice, SEARCH_DRAWS)
    noise = np.random.default_rng(seed).standard_normal(choice.rates.shape)
    rows, allocations, perfect = [], {}, choice.perfect
    for size in sizes:
        best = allocate(fewer, size, noise[: len(fewer.rates)])
        allocations[size] = best
        value = value_of_sample(choice, best, noise)
        even = value_of_sample(choice, size * _starts(choice)[0], noise)
        brings = np.nan if campaign is None else value * campaign
        rows.append(
            {
                "contacts": size,
                "value": value,
                "value_even": even,
                "of_perfect": value / perfect if perfect > 0 else 0.0,
                "brings": brings,
                "cost": size * cost,
                "net": brings - size * cost,
            }
        )
    return pd.DataFrame(rows), allocations


def round_contacts(contacts: np.ndarray) -> np.ndarray:
    """Whole contacts with the same sum, by largest remainders (Hamilton's method)."""
    whole = np.floor(contacts)
    short = round(contacts.sum() - whole.sum())
    order = np.argsort(-(contacts - whole).ravel(), kind="stable")[:short]
    whole.ravel()[order] += 1
    return np.asarray(whole.astype(int))
