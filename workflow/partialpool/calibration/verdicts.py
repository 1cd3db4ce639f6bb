"""How often the verdict fails draws of the posterior, and passes draws of something else.

Chains are made without a sampler, so that it is known what they are draws of: a standard normal, or
not. `python -m partialpool.calibration.verdicts` prints the table of docs/calibration.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import xarray as xr

from partialpool.calibration.alarms import write_table
from partialpool.checks.diagnostics import diagnose_parameters, judge_precision
from partialpool.settings import Verdict

CHAINS, PARAMETERS = 4, 5
LENGTHS = (250, 1000, 4000)

Spoil = Callable[[np.ndarray], np.ndarray]
"""What is done to chains x draws x parameters of a standard normal."""


def walk(shape: tuple[int, int, int], memory: float, random: np.random.Generator) -> np.ndarray:
    """Stationary autoregressive chains of a standard normal, chains x draws x parameters."""
    noise = random.standard_normal(shape)
    draws = noise.copy()
    for at in range(1, shape[1]):
        draws[:, at] = memory * draws[:, at - 1] + np.sqrt(1 - memory**2) * noise[:, at]
    return draws


def shift_one(by: float) -> Spoil:
    """One chain is off by so many standard deviations, in one parameter."""

    def spoil(draws: np.ndarray) -> np.ndarray:
        draws[0, :, 0] += by
        return draws

    return spoil


def widen_one(by: float) -> Spoil:
    """One chain scatters so many times as widely, in one parameter."""

    def spoil(draws: np.ndarray) -> np.ndarray:
        draws[0, :, 0] *= by
        return draws

    return spoil


def stick_one(draws: np.ndarray) -> np.ndarray:
    """One chain does not move in its second half."""
    half = draws.shape[1] // 2
    draws[0, half:] = draws[0, half]
    return draws


def start_far(draws: np.ndarray) -> np.ndarray:
    """Chains come from ten standard deviations away, each from a side of its own."""
    decay = 0.99 ** np.arange(draws.shape[1])
    starts = 10 * (-1.0) ** np.arange(len(draws))
    return np.asarray(draws + starts[:, None, None] * decay[None, :, None])


def miss_a_side(draws: np.ndarray) -> np.ndarray:
    """All chains alike never go above one standard deviation, in one parameter."""
    draws[..., 0] = np.where(draws[..., 0] > 1, 2 - draws[..., 0], draws[..., 0])
    return draws


def keep(draws: np.ndarray) -> np.ndarray:
    """The draws as they are."""
    return draws


CASES: tuple[tuple[str, bool, float, Spoil], ...] = (
    ("independent draws", True, 0.0, keep),
    ("autocorrelation .5", True, 0.5, keep),
    ("autocorrelation .9", True, 0.9, keep),
    ("autocorrelation .99", True, 0.99, keep),
    ("one chain off by .25 sd", False, 0.0, shift_one(0.25)),
    ("one chain off by .5 sd", False, 0.0, shift_one(0.5)),
    ("one chain off by 1 sd", False, 0.0, shift_one(1.0)),
    ("one chain twice as wide", False, 0.0, widen_one(2.0)),
    ("one chain stuck halfway", False, 0.0, stick_one),
    ("all chains on their way", False, 0.0, start_far),
    ("all chains miss the same side", False, 0.0, miss_a_side),
)
"""What chains are, whether they are draws of the posterior, their autocorrelation, and how they
are spoilt."""


def share_failed(
    length: int, memory: float, spoil: Spoil, replicates: int, random: np.random.Generator
) -> float:
    """The share of fits whose draws the verdict fails.

    Args:
        length: draws of each chain.
        memory: autocorrelation from draw to draw.
        spoil: what is done to them.
        replicates: fits.
        random: their stream.
    """
    failed = 0
    for _ in range(replicates):
        draws = spoil(walk((CHAINS, length, PARAMETERS), memory, random))
        checks = judge_precision(_diagnose(draws), Verdict())
        failed += not all(check["passed"] for check in checks)
    return failed / replicates


def _diagnose(draws: np.ndarray) -> pd.DataFrame:
    names = [f"b{i}" for i in range(draws.shape[2])]
    array = xr.DataArray(
        draws, dims=("chain", "draw", "population_name"), coords={"population_name": names}
    )
    return diagnose_parameters(xr.Dataset({"population": array}))


def main(replicates: int) -> None:
    """Print the table."""
    heads = ["chains", "draws of the posterior", *(f"failed of {n:,} a chain" for n in LENGTHS)]
    write_table(heads, (_row(number, replicates) for number in range(len(CASES))))


def _row(number: int, replicates: int) -> list[str]:
    name, good, memory, spoil = CASES[number]
    random = np.random.default_rng(number)
    shares = [share_failed(length, memory, spoil, replicates, random) for length in LENGTHS]
    return [name, "yes" if good else "no", *(f"{share:.0%}" for share in shares)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
