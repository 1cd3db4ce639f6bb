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

MOST_TOGETHER = 400
"""Rates whose covariances are used; beyond, each place learns from itself alone."""
BLOCKS = 10
"""Of draws that are left out in turn, to see how far a value hangs on them."""
NOBODY, TINY = 1e-9, 1e-15
"""Contacts that stand for none, and a variance that stands for none."""


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
    together: int = MOST_TOGETHER
    """Rates whose covariances are used."""

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
        together = places * arms <= self.together
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
    # nobody asked is the limit of an estimate that is no use
    asked = np.maximum(contacts, NOBODY)
    new = known + np.sqrt(known * (1 - known) / asked) * noise
    variance = np.mean(known * (1 - known), axis=0) / asked
    return choice.missed(_update(choice, new, variance))


def error_of_sample(choice: Choice, contacts: np.ndarray, noise: np.ndarray) -> float:
    """The Monte Carlo standard error of `value_of_sample`, by the jackknife over blocks of draws.

    The scatter of the draws' gains alone would leave out that means and covariances, by which is
    chosen and predicted, come from the same draws. Blocks are consecutive, so that draws that
    follow one another may be alike (delete-a-group jackknife: Shao and Wu 1989).
    """
    count = len(choice.rates)
    blocks = np.array_split(np.arange(count), min(BLOCKS, count))
    values = []
    for block in blocks:
        rest = np.delete(np.arange(count), block)
        fewer = replace(choice, rates=choice.rates[rest])
        values.append(value_of_sample(fewer, contacts, noise[rest]))
    return float(np.sqrt((len(blocks) - 1) * np.var(values)))


def _update(choice: Choice, new: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """The expected rates after new ones, the best linear predictor: draws x places x arms."""
    covariances = choice.covariances
    blocks, size = covariances.shape[:2]
    mean = choice.rates.mean(axis=0)
    # a rate that no draw moves teaches nothing, and would make the matrix singular
    noises = (variance + TINY).reshape(blocks, size, 1) * np.eye(size)
    weights = np.linalg.solve(covariances + noises, covariances)
    change = (new - mean).reshape(len(new), blocks, 1, size)
    return np.asarray(mean + (change @ weights).reshape(new.shape))
