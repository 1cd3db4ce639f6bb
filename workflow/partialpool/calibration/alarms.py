"""How often the test of margins calls a true model wrong, and a wrong one: its size and its power.

`python -m partialpool.calibration.alarms` prints the table of docs/calibration.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from partialpool.checks.discrepancies import ALARM, measure_discrepancies

DRAWS = 1000
TAILS = (0.055, 0.945)


@dataclass(frozen=True)
class Case:
    """Cells alike: how many, their contacts each, and their rate."""

    cells: int
    trials: int
    rate: float


CASES = (
    Case(6, 500, 0.3),
    Case(50, 400, 0.1),
    Case(100, 1, 0.5),
    Case(1000, 1, 0.4),
    Case(2800, 1, 0.7),
    Case(300, 3, 0.02),
    Case(1000, 10, 0.05),
    Case(1000, 1000, 0.0001),
)
SPREADS = (0.25, 0.5, 1.0)
"""Standard deviations, in log-odds, of an effect of each cell that the model lacks."""


def share_called(case: Case, spread: float, replicates: int, random: np.random.Generator) -> float:
    """The share of data sets whose counts are called missed by a model with the cells' mean rate.

    Args:
        case: the cells.
        spread: of the effects that the model lacks, 0 where it lacks none.
        replicates: data sets.
        random: their stream.
    """
    called = 0
    for _ in range(replicates):
        truth = expit(logit(case.rate) + spread * random.standard_normal(case.cells))
        observed = random.binomial(case.trials, truth)
        replicated = random.binomial(case.trials, case.rate, (DRAWS, case.cells))
        lower, upper = np.quantile(replicated, TAILS, axis=0)
        found = measure_discrepancies(replicated, observed, lower, upper)
        called += found.probability() < ALARM
    return called / replicates


def write_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as Markdown, a row when it is there."""
    for cells in (heads, ["---"] * len(heads)):
        sys.stdout.write("| " + " | ".join(cells) + " |\n")
    for cells in rows:
        sys.stdout.write("| " + " | ".join(cells) + " |\n")


def main(replicates: int) -> None:
    """Print the table."""
    heads = ["cells", "contacts", "rate", "false alarms", *(f"sd {s:g}" for s in SPREADS)]
    write_table(heads, (_row(*numbered, replicates) for numbered in enumerate(CASES)))


def _row(number: int, case: Case, replicates: int) -> list[str]:
    random = np.random.default_rng(number)
    shares = [share_called(case, spread, replicates, random) for spread in (0.0, *SPREADS)]
    cells = [f"{case.cells:,}", f"{case.trials:,}", f"{case.rate:g}"]
    return [*cells, *(f"{share:.1%}" for share in shares)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
