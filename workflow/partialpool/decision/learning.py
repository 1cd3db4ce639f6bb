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
from scipy.linalg import solve

MOST_TOGETHER = 400
"""Rates whose covariances are used; beyond, each place learns from itself alone."""


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
