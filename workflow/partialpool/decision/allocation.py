"""Where further contacts teach most, and what experiments of several sizes bring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from partialpool.decision.learning import Choice, error_of_sample, thin_choice, value_of_sample

MOST_DRAWS = 4000
"""Draws that an expectation is taken over."""
SEARCH_DRAWS = 1000
"""Those of them that allocations are compared by."""
SEARCHED_TOGETHER = 36
"""Rates whose covariances allocations are compared by."""
ROUNDS = 8
"""Times that contacts are moved to where they teach more, at most."""
MOST_MOVED = 16
"""Pairs of place and arm that contacts are moved between."""


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
        allocated best, its Monte Carlo standard error `mcse`, `value_even` when each place has
        its share and its arms alike, the share `of_perfect` information that it is, and, where
        the campaign is known, what all that `brings`, what it `cost`, and `net`, the difference.
        And the allocation of each size, places x arms.
    """
    choice = thin_choice(choice, MOST_DRAWS)
    fewer = replace(thin_choice(choice, SEARCH_DRAWS), together=SEARCHED_TOGETHER)
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
                "mcse": error_of_sample(choice, best, noise),
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
