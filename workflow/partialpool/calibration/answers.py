"""Whether the answer is what it says: best arms, risks and the worth of further contacts.

Experiments are simulated whose rates are drawn from a stated prior, and analysed under that prior.
Then of the arms that are best with probability p a share of p must be, what a choice is expected to
lose must be what it loses on average, and what further contacts are said to be worth must be what a
choice after them gains. `python -m partialpool.calibration.answers` prints the tables of
docs/calibration.md.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import logit

from partialpool.calibration.experiments import Law, posteriors
from partialpool.decision.arms import rank_arms
from partialpool.decision.learning import Choice, value_of_sample
from partialpool.frames import list_rows

POINTS, DRAWS = 2048, 1000
BASE, SPREAD = 0.08, 0.5
"""The rate about which experiments are drawn, and how much they differ, in log-odds."""
OF_PLACES, OF_ARMS, OF_BOTH = 0.4, 0.15, 0.1
"""Standard deviations, in log-odds, of places, of arms, and of arms in a place."""
EDGES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
"""Bins of the probability to be best."""
INTERVAL = 0.89


@dataclass(frozen=True)
class Case:
    """Experiments alike: how many arms and places, and contacts of each arm in each place."""

    arms: int
    places: int
    contacts: int
    further: int

    def law(self) -> Law:
        """The model that rates are drawn from, and analysed by: what places share is known."""
        place, arm = np.divmod(np.arange(self.places * self.arms), self.arms)
        same_place, same_arm = np.equal.outer(place, place), np.equal.outer(arm, arm)
        covariance = SPREAD**2 + OF_PLACES**2 * same_place * (self.places > 1)
        covariance = covariance + OF_ARMS**2 * same_arm + OF_BOTH**2 * np.eye(len(arm))
        return Law.of_normal(float(logit(BASE)), covariance)


CASES = (
    Case(2, 1, 2000, 2000),
    Case(4, 1, 2000, 2000),
    Case(2, 3, 1000, 1000),
    Case(4, 3, 1000, 1000),
)


@dataclass(frozen=True)
class Told:
    """What was said of each experiment, and what was so."""

    chances: np.ndarray
    """To be best: experiments x places x arms."""
    is_best: np.ndarray
    """Which arm is, of the same shape."""
    loss: np.ndarray
    """Expected, of the arm that is chosen in each place, over places: by experiment."""
    true_loss: np.ndarray
    worth: np.ndarray
    """Of the further contacts, per contact that the choice is for: by experiment."""
    gain: np.ndarray
    """What choosing after them gained."""


def tell(case: Case, replicates: int, seed: int, counted: int = 1) -> Told:
    """Simulate experiments, say of each what a report would, and see what is so.

    Args:
        case: of the experiments.
        replicates: how many.
        seed: of their random stream.
        counted: how many times the analysis counts a contact; more than once makes it too sure.
    """
    law, random = case.law(), np.random.default_rng(seed)
    truth = law.likelihood.rate(law.eta(law.draw(replicates, random)))
    first = random.binomial(case.contacts, truth)
    second = first + random.binomial(case.further, truth)
    trials = np.full(truth.shape, case.contacts)
    shape = (-1, case.places, case.arms)
    rates = truth.reshape(shape)
    said = []
    points = [int(of) for of in random.integers(2**31, size=2)]
    for posterior in posteriors(law, counted * first, counted * trials, POINTS, points[0]):
        drawn = law.likelihood.rate(posterior.resample(DRAWS, random))
        said += [_say(case, draws.reshape(shape), random) for draws in drawn]
    chances, losses, worth = (np.array(of) for of in zip(*said, strict=True))
    now = losses.argmin(axis=2)
    trials = counted * (trials + case.further)
    then = [
        posterior.mean(law.likelihood.rate(posterior.eta))
        for posterior in posteriors(law, counted * second, trials, POINTS, points[1])
    ]
    after = np.concatenate(then).reshape(shape).argmax(axis=2)
    return Told(
        chances,
        rates == rates.max(axis=2, keepdims=True),
        losses.min(axis=2).mean(axis=1),
        (rates.max(axis=2) - _of(rates, now)).mean(axis=1),
        worth,
        (_of(rates, after) - _of(rates, now)).mean(axis=1),
    )


def _say(
    case: Case, draws: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, float]:
    """What a report says: chances and expected losses by place and arm, and what more is worth."""
    places, arms = ([str(i) for i in range(count)] for count in (case.places, case.arms))
    table = rank_arms(draws, places, arms, INTERVAL)
    size = (case.places, case.arms)
    shares = np.full(case.places, 1 / case.places)
    choice = Choice(draws, np.ones(size), np.zeros(size), shares, np.arange(case.arms))
    noise = random.standard_normal(draws.shape)
    worth = value_of_sample(choice, np.full(size, float(case.further)), noise)
    best, loss = (table[name].to_numpy().reshape(size) for name in ("best", "loss"))
    return best, loss, worth


def tabulate_chances(told: Sequence[Told]) -> pd.DataFrame:
    """The probability to be best against the share that is, in bins.

    Args:
        told: of several cases.

    Returns:
        A row per bin that is not empty: `left` and `right`, its edges; `count`, of arms; `mean`,
        what was said; `share`, what was so; `se` of the difference, experiments being independent.
    """
    rows = []
    for left, right in pairwise(EDGES):
        sums = []
        for of in told:
            last = right == EDGES[-1]
            inside = (of.chances >= left) & ((of.chances < right) | last)
            parts = (inside, of.chances * inside, of.is_best & inside)
            sums.append(np.stack([part.sum(axis=(1, 2)) for part in parts], axis=1))
        by_experiment = np.concatenate(sums).astype(float)
        count, said, so = by_experiment.sum(axis=0)
        if count:
            se = np.sqrt(np.square(by_experiment[:, 2] - by_experiment[:, 1]).sum()) / count
            row = {"left": left, "right": right, "count": int(count), "mean": said / count}
            rows.append({**row, "share": so / count, "se": se})
    return pd.DataFrame(rows)


def compare(said: np.ndarray, so: np.ndarray) -> tuple[float, float, float]:
    """Two means over experiments, and the standard error of their difference."""
    return float(said.mean()), float(so.mean()), float((said - so).std(ddof=1) / len(said) ** 0.5)


def main(replicates: int) -> None:
    """Print the tables."""
    told = {case: tell(case, replicates, number) for number, case in enumerate(CASES)}
    lines = [
        "| said to be best | arms | said, on average | are best | ± |",
        "|---|---|---|---|---|",
    ]
    for row in list_rows(tabulate_chances(list(told.values()))):
        edges = f"{row['left']:.0%} to {row['right']:.0%}"
        shares = f"{row['mean']:.1%} | {row['share']:.1%} | {row['se']:.2%}"
        lines.append(f"| {edges} | {row['count']:,} | {shares} |")
    heads = ("expected loss", "true loss", "±", "worth of more", "gained", "±")
    lines += ["", "| arms | places | contacts | further | " + " | ".join(heads) + " |"]
    lines.append("|" + "---|" * 10)
    for case, of in told.items():
        cells = [f"{n:,}" for n in (case.arms, case.places, case.contacts, case.further)]
        found = [*compare(of.loss, of.true_loss), *compare(of.worth, of.gain)]
        cells += [f"{100 * value:.4f}" for value in found]
        lines.append("| " + " | ".join(cells) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


def _of(rates: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The rates of the arms that are chosen: experiments x places."""
    return np.take_along_axis(rates, chosen[:, :, None], axis=2)[:, :, 0]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9000)
